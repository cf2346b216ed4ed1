import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import type { LedgerName } from "../../domain/ledger/entry.ts";
import { deriveToken, tokenDigest } from "../crypto/one-time-token.ts";
import { Keyring } from "../ports/keyring.ts";
import { Ledgers } from "../ports/ledger.ts";
import {
  type Issued,
  OneTimeTokens,
  TOKEN_KEPT_MS,
  TOKEN_PURPOSES,
  WITHDRAWAL_KEPT_MS,
} from "../ports/one-time-tokens.ts";
import { storeUnavailable } from "../ports/store-unavailable.ts";

type Kept = Issued & { spent: boolean };
/** Up to which position of each ledger, and when. */
type Withdrawal = { readonly [ledger in LedgerName]: number } & { readonly at: string };

const now = Effect.map(Clock.currentTimeMillis, (ms) => ({ ms, at: timeOf(ms) }));
const timeOf = (ms: number) => new Date(ms).toISOString();

/** One-time tokens in a `Map`. */
export const layer: Layer.Layer<OneTimeTokens, never, Keyring | Ledgers> = Layer.effect(
  OneTimeTokens,
  Effect.gen(function* () {
    const keyring = yield* Keyring;
    const tokens = new Map<string, Kept>();
    const ledgers = yield* Ledgers;
    const withdrawn = new Map<string, Withdrawal>();
    const place = (subject: string, purpose: string) => `${purpose}\0${subject}`;
    const good: OneTimeTokens["Service"]["peek"] = (purpose, token) =>
      Effect.map(now, ({ at }) => {
        const kept = tokens.get(tokenDigest(token));
        if (kept === undefined || kept.purpose !== purpose) return undefined;
        const upTo = withdrawn.get(place(kept.subject, purpose))?.[kept.ledger] ?? 0;
        if (upTo >= kept.position) return undefined;
        return kept.spent || kept.expiresAt <= at ? undefined : kept;
      });
    const shown = ({ spent: _, ...issued }: Kept): Issued => issued;
    return {
      issue: Effect.fnUntraced(function* (purpose, issuing) {
        const token = deriveToken(keyring, purpose, issuing);
        const digest = tokenDigest(token);
        const issuedAt = issuing.issuedAt ?? (yield* now).at;
        if (!tokens.has(digest))
          tokens.set(digest, { ...issuing, purpose, issuedAt, spent: false });
        return token;
      }),
      peek: (purpose, token) =>
        Effect.map(good(purpose, token), (kept) => kept && shown(kept as Kept)),
      spend: (purpose, token) =>
        Effect.map(good(purpose, token), (found) => {
          const kept = found as Kept | undefined;
          if (kept === undefined || kept.spent) return undefined;
          kept.spent = true;
          return shown(kept);
        }),
      withdraw: (subject, purposes = TOKEN_PURPOSES) =>
        Effect.gen(function* () {
          const { at } = yield* now;
          const { position: identity } = yield* ledgers.identity.head;
          const { position: activity } = yield* ledgers.activity.head;
          for (const purpose of purposes) {
            withdrawn.set(place(subject, purpose), { identity, activity, at });
          }
        }).pipe(Effect.mapError(storeUnavailable)),
      sweep: Effect.map(now, ({ ms }) => {
        const before = tokens.size + withdrawn.size;
        for (const [digest, { expiresAt }] of tokens) {
          if (expiresAt < timeOf(ms - TOKEN_KEPT_MS)) tokens.delete(digest);
        }
        for (const [key, { at }] of withdrawn) {
          if (at < timeOf(ms - WITHDRAWAL_KEPT_MS)) withdrawn.delete(key);
        }
        return before - tokens.size - withdrawn.size;
      }),
    };
  }),
);
