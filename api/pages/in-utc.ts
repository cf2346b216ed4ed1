/** A browser sends local time without a zone; the form says that it is UTC. */
export function inUtc(local: string): string {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(local) ? `${local}:00Z` : local;
}
