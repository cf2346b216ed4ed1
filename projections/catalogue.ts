import type { JsonObject } from "../domain/json.ts";
import type { LedgerName } from "../domain/ledger/entry.ts";
import { accounts } from "./accounts.ts";
import { clients } from "./clients.ts";
import { consents } from "./consents.ts";
import { invitations } from "./invitations.ts";
import { jwks } from "./jwks.ts";
import { newcomers } from "./newcomers.ts";
import type { Recorded, RowIndex } from "./projection.ts";
import { providers } from "./providers.ts";
import { registrationTokens } from "./registration-tokens.ts";
import { resourceServers } from "./resource-servers.ts";
import { revocations } from "./revocations.ts";
import { roleDefinitions } from "./role-definitions.ts";
import { roles } from "./roles.ts";
import { sessions } from "./sessions.ts";
import { stores } from "./stores.ts";
import { tuples } from "./tuples.ts";
import { users } from "./users.ts";

type AnEvent = Recorded<{ readonly type: string }>;

/**
 * A projection whose rows and events the runner does not look into. Whoever calls gives it only
 * decoded events that it handles, and only rows that it made: methods, because TypeScript then lets
 * every `Projection` be one.
 */
export type ReadModel = {
  readonly name: string;
  readonly version: number;
  readonly ledger: LedgerName;
  readonly gates?: true;
  readonly handles: ReadonlyArray<string>;
  keys(event: AnEvent): ReadonlyArray<string>;
  evolve(row: JsonObject | undefined, event: AnEvent, key: string): JsonObject | undefined;
  index(row: JsonObject): RowIndex;
};

/** Every read model there is. */
export const readModels: ReadonlyArray<ReadModel> = [
  users,
  accounts,
  sessions,
  revocations,
  roles,
  roleDefinitions,
  invitations,
  newcomers,
  jwks,
  clients,
  registrationTokens,
  resourceServers,
  providers,
  consents,
  stores,
  tuples,
];
