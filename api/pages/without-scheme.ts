/** An address as people read it: of HTTPS, which goes without saying, without the scheme. */
export function withoutScheme(uri: string): string {
  return uri.replace(/^https:\/\//, "").replace(/\/$/, "");
}
