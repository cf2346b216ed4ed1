import type { Agreed, ResourceScopes } from "./events.ts";

/** Whether all that is asked for was agreed to. */
export function covers(agreed: Agreed, asked: Agreed): boolean {
  return (
    asked.scopes.every((scope) => agreed.scopes.includes(scope)) &&
    asked.resources.every(({ audience, scopes }) => {
      const own = agreed.resources.find((one) => one.audience === audience)?.scopes ?? [];
      return scopes.every((scope) => own.includes(scope));
    })
  );
}

/** Both together, each once, in alphabetical order: the same agreement is always the same value. */
export function together(one: Agreed, other: Agreed): Agreed {
  const byAudience = new Map<string, ReadonlyArray<string>>();
  for (const { audience, scopes } of [...one.resources, ...other.resources]) {
    byAudience.set(audience, union(byAudience.get(audience) ?? [], scopes));
  }
  const resources: ReadonlyArray<ResourceScopes> = [...byAudience]
    .filter(([, scopes]) => scopes.length > 0)
    .map(([audience, scopes]) => ({ audience, scopes }))
    .toSorted((a, b) => order(a.audience, b.audience));
  return { scopes: union(one.scopes, other.scopes), resources };
}

function union(one: ReadonlyArray<string>, other: ReadonlyArray<string>): ReadonlyArray<string> {
  return [...new Set([...one, ...other])].toSorted(order);
}

/** By code units: no locale may change what is stored. */
function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
