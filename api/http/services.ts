import type { AccessTokens } from "../../adapters/ports/access-tokens.ts";
import type { Answers } from "../../adapters/ports/answers.ts";
import type { Artefacts } from "../../adapters/ports/artefacts.ts";
import type { Claims } from "../../adapters/ports/claims.ts";
import type { Consumers } from "../../adapters/ports/consumers.ts";
import type { GuestBook } from "../../adapters/ports/guest-book.ts";
import type { KeyPairs } from "../../adapters/ports/key-pairs.ts";
import type { Keyring } from "../../adapters/ports/keyring.ts";
import type { KnownDevices } from "../../adapters/ports/known-devices.ts";
import type { Ledgers } from "../../adapters/ports/ledger.ts";
import type { LogoutNotices } from "../../adapters/ports/logout-notices.ts";
import type { MailTransport } from "../../adapters/ports/mail-transport.ts";
import type { OneTimeTokens } from "../../adapters/ports/one-time-tokens.ts";
import type { OpenidIssuers } from "../../adapters/ports/openid-issuers.ts";
import type { Outbound } from "../../adapters/ports/outbound.ts";
import type { Outbox } from "../../adapters/ports/outbox.ts";
import type { PasswordHash } from "../../adapters/ports/password-hash.ts";
import type { ReadModels } from "../../adapters/ports/read-models.ts";
import type { RegisteredClients } from "../../adapters/ports/registered-clients.ts";
import type { ResourceServers } from "../../adapters/ports/resource-servers.ts";
import type { Sealer } from "../../adapters/ports/sealer.ts";
import type { SessionLookup } from "../../adapters/ports/session-lookup.ts";
import type { SigningKeys } from "../../adapters/ports/signing-keys.ts";
import type { Stamps } from "../../adapters/ports/stamps.ts";
import type { Throttles } from "../../adapters/ports/throttles.ts";
import type { UserSearch } from "../../adapters/ports/user-search.ts";
import type { Vault } from "../../adapters/ports/vault.ts";
import type { States } from "../../adapters/transact.ts";

/** Everything that handlers may ask for. */
export type Services =
  | AccessTokens
  | Answers
  | Artefacts
  | Claims
  | Consumers
  | GuestBook
  | KeyPairs
  | Keyring
  | KnownDevices
  | Ledgers
  | LogoutNotices
  | MailTransport
  | OneTimeTokens
  | OpenidIssuers
  | Outbound
  | Outbox
  | PasswordHash
  | ReadModels
  | RegisteredClients
  | ResourceServers
  | Sealer
  | SessionLookup
  | SigningKeys
  | Stamps
  | States
  | Throttles
  | UserSearch
  | Vault;
