import type { RegistrationTokenEvent } from "../domain/registration-token/mod.ts";
import type { Projection } from "./projection.ts";

/** One token by which applications register themselves; of its secret nothing. */
export type RegistrationTokenRow = {
  readonly id: string;
  readonly status: "issued" | "revoked";
  readonly uses: number;
  readonly used: number;
  readonly issuedBy: string;
  readonly issuedAt: string;
  readonly expiresAt: string;
};

/** Answers "which tokens let applications register themselves, and how often yet?". */
export const registrationTokens: Projection<RegistrationTokenRow, RegistrationTokenEvent> = {
  name: "initial_tokens",
  version: 1,
  ledger: "identity",
  handles: ["RegistrationTokenIssued", "RegistrationTokenUsed", "RegistrationTokenRevoked"],
  keys: (event) => [event.subject],
  evolve: (row, event, key) => {
    switch (event.type) {
      case "RegistrationTokenIssued": {
        const { uses, expiresAt, actor: issuedBy, at: issuedAt } = event;
        return { id: key, status: "issued", uses, used: 0, issuedBy, issuedAt, expiresAt };
      }
      case "RegistrationTokenUsed":
        return row && { ...row, used: row.used + 1 };
      case "RegistrationTokenRevoked":
        return row && { ...row, status: "revoked" };
      default:
        event satisfies never;
        return row;
    }
  },
  index: ({ issuedAt, status }) => ({ sort: issuedAt, tags: [`status:${status}`] }),
};
