import type { Device } from "../../domain/session/mod.ts";

type Names<Name> = ReadonlyArray<readonly [RegExp, Name]>;

/** By what a user agent says of itself, the more particular first. */
const BROWSERS: Names<Device["browser"]> = [
  [/\bEdgA?\//, "Edge"],
  [/\bOPR\//, "Opera"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\b(?:Firefox|FxiOS)\//, "Firefox"],
  [/\b(?:Chrome|CriOS)\//, "Chrome"],
  [/\bVersion\/.*\bSafari\//, "Safari"],
  [/^curl\//, "curl"],
];
const SYSTEMS: Names<Device["system"]> = [
  [/\b(?:iPhone|iPad|iPod)\b/, "iOS"],
  [/\bAndroid\b/, "Android"],
  [/\bWindows NT\b/, "Windows"],
  [/\bMac OS X\b/, "macOS"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bLinux\b/, "Linux"],
];

const firstOf = <Name>(names: Names<Name>, userAgent: string) =>
  names.find(([pattern]) => pattern.test(userAgent))?.[1];

/** Browser and system, as far as a user agent says them. */
export function deviceOf(userAgent: string | null | undefined): Device {
  const browser = firstOf(BROWSERS, userAgent ?? "");
  const system = firstOf(SYSTEMS, userAgent ?? "");
  return {
    ...(browser === undefined ? {} : { browser }),
    ...(system === undefined ? {} : { system }),
  };
}

/** "Firefox (Linux)": what a person knows their device by; undefined when nobody knows. */
export function deviceName(userAgent: string | undefined): string | undefined {
  const { browser, system } = deviceOf(userAgent);
  return browser === undefined || system === undefined
    ? (browser ?? system)
    : `${browser} (${system})`;
}
