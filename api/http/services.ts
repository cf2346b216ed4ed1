import type { Answers } from "../../adapters/ports/answers.ts";
import type { Claims } from "../../adapters/ports/claims.ts";
import type { Keyring } from "../../adapters/ports/keyring.ts";
import type { Ledgers } from "../../adapters/ports/ledger.ts";
import type { PasswordHash } from "../../adapters/ports/password-hash.ts";
import type { ReadModels } from "../../adapters/ports/read-models.ts";
import type { Sealer } from "../../adapters/ports/sealer.ts";
import type { SessionLookup } from "../../adapters/ports/session-lookup.ts";
import type { Throttles } from "../../adapters/ports/throttles.ts";
import type { Vault } from "../../adapters/ports/vault.ts";
import type { States } from "../../adapters/transact.ts";

/** Everything that handlers may ask for. */
export type Services =
  | Answers
  | Claims
  | Keyring
  | Ledgers
  | PasswordHash
  | ReadModels
  | Sealer
  | SessionLookup
  | States
  | Throttles
  | Vault;
