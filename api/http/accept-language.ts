/** Every language that pages and mails are written in, by its tag (BCP 47). */
export const SPOKEN = ["en", "de", "fr", "es", "ru", "vi", "zh"] as const;
export type Spoken = (typeof SPOKEN)[number];

/** The language of a tag such as `de-AT` or `zh_Hans_CN`; undefined for what is not spoken. */
export function spoken(tag: string | undefined): Spoken | undefined {
  const primary = tag?.toLowerCase().split(/[-_]/)[0];
  return SPOKEN.find((language) => language === primary);
}

/** Of what a browser asks for, the first that we speak. */
export function acceptedLanguage(header: string | null): Spoken | undefined {
  return preferred(header ?? "")
    .map(spoken)
    .find((found) => found !== undefined);
}

/** Tags of Accept-Language, best first (RFC 9110, 12.5.4). */
function preferred(header: string): ReadonlyArray<string> {
  return header
    .split(",")
    .map((item) => {
      const [tag = "", ...parameters] = item.trim().split(";");
      const weight = parameters.map((each) => /^\s*q=([\d.]+)\s*$/.exec(each)?.[1]).find(Boolean);
      return { tag, weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter(({ weight }) => weight > 0)
    .toSorted((left, right) => right.weight - left.weight)
    .map(({ tag }) => tag);
}
