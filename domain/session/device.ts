/** What a device may be called: names of a closed list, without versions, tell nobody who it is. */
export const BROWSERS = [
  "Edge",
  "Opera",
  "Samsung Internet",
  "Firefox",
  "Chrome",
  "Safari",
  "curl",
] as const;
export const SYSTEMS = ["iOS", "Android", "Windows", "macOS", "ChromeOS", "Linux"] as const;

/** What a session was begun with, as far as it is known. */
export type Device = {
  readonly browser?: (typeof BROWSERS)[number];
  readonly system?: (typeof SYSTEMS)[number];
};
