/** Which runtime this is, as people say it. */
export function runtime(): string {
  return "Deno" in globalThis
    ? `Deno (Node ${process.versions.node} API)`
    : `Node ${process.versions.node}`;
}
