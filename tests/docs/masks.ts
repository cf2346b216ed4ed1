/** What differs from one run to the next, and the word that stands for it. */
const MASKS: ReadonlyArray<readonly [RegExp, string]> = [
  [/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, "<id>"],
  [/\b[0-9a-f]{8}-[0-9a-f-]*…/g, "<id>…"],
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, "<time>"],
  [/\b[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT/g, "<time>"],
  [/(?<=[ "])[\w-]{43}(?=[ "])/g, "<kid>"],
  [/\b[0-9a-f]{8,64}\b/g, "<hex>"],
  [/\b(localhost|127\.0\.0\.1):\d+/g, "$1:<port>"],
  // Mails are sent in the background, and each leaves an event of activity.
  [/^(activity +)\d+ events/gm, "$1<n> events"],
  [/\b\d+ activity events/g, "<n> activity events"],
  [/^\d+ events, root/gm, "<n> events, root"],
  [/^((?:sessions|revocations) +v\d+ +)\d+ events/gm, "$1<n> events"],
  [/\bauthledger_session=[\w-]{64}/g, "authledger_session=<credential>"],
  [/\bauthledger_device=[\w-]{22}/g, "authledger_device=<mark>"],
  [/\b[\d,]+\/s\b/g, "<rate>"],
  [/\b\d+ ms\b/g, "<ms>"],
  [/\bin \/\S+/g, "in <folder>"],
  [/\b(?:Node [\d.]+|Deno \(Node [\d.]+ API\))/g, "<runtime>"],
];

/** A text with ids, times, hashes and what else no two runs share replaced. */
export function masked(text: string): string {
  return MASKS.reduce((seen, [pattern, word]) => seen.replaceAll(pattern, word), text);
}

/** A JSON value with every string masked. */
export function maskedJson(value: unknown): unknown {
  if (typeof value === "string") return masked(value);
  if (Array.isArray(value)) return value.map(maskedJson);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([member, inner]) => [member, maskedJson(inner)]),
  );
}
