import type { Tuple } from "../tuples/mod.ts";

/**
 * Relations to an application that let somebody sign in to it where its access is restricted. Each
 * is enough by itself, held directly: nothing is derived from groups yet.
 */
export const ACCESS_RELATIONS = ["owner", "admin", "use"] as const;
export type AccessRelation = (typeof ACCESS_RELATIONS)[number];

/** An application as tuples name it. */
export function clientObject(clientId: string): string {
  return `client:${clientId}`;
}

/** "The person has the relation to the application." */
export function accessTuple(
  clientId: string,
  { userId, relation }: { readonly userId: string; readonly relation: AccessRelation },
): Tuple {
  return { object: clientObject(clientId), relation, subject: `user:${userId}` };
}
