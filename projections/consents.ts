import type { Agreed, ConsentEvent } from "../domain/consent/mod.ts";
import type { Projection } from "./projection.ts";

/** What one person lets one application know and do. */
export type ConsentRow = Agreed & {
  readonly id: string;
  readonly userId: string;
  readonly clientId: string;
  /** Where the terms were that were accepted. */
  readonly terms?: string;
  readonly grantedAt: string;
  readonly revisedAt: string;
  /** Of its first grant since it was last withdrawn: what was issued before is worthless. */
  readonly since: number;
};

/** Answers "which applications does somebody let in, and to what?". */
export const consents: Projection<ConsentRow, ConsentEvent> = {
  name: "consents",
  version: 1,
  ledger: "identity",
  gates: true,
  handles: ["ConsentGranted", "ConsentWithdrawn"],
  keys: (event) => [event.subject],
  evolve: (row, event, key) => {
    switch (event.type) {
      case "ConsentGranted": {
        const { userId, clientId, terms, scopes, resources, at, position } = event;
        const agreed = { ...(terms === undefined ? {} : { terms }), scopes, resources };
        const { grantedAt, since } = row ?? { grantedAt: at, since: position };
        return { id: key, userId, clientId, ...agreed, grantedAt, revisedAt: at, since };
      }
      case "ConsentWithdrawn":
        return undefined;
      default:
        event satisfies never;
        return row;
    }
  },
  index: ({ grantedAt, userId, clientId }) => ({
    sort: grantedAt,
    tags: [`user:${userId}`, `client:${clientId}`],
  }),
};
