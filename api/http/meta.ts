import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import { Sealer } from "../../adapters/ports/sealer.ts";
import type { Actor, LedgerName, Meta } from "../../domain/ledger/entry.ts";
import type { Caller } from "../session/caller.ts";
import { acceptedLanguage } from "./accept-language.ts";
import type { RequestContext } from "./call.ts";

/** Characters of a user agent kept: they are unbounded, and the head tells the browser. */
const USER_AGENT_MAX = 256;

/**
 * Who did it, from where, in which request. The actor comes from the authenticated context (or is
 * the person who just proved to be it), never from the body or a header. What an impersonator does
 * as the caller is theirs, on behalf of the caller. The language is for the mails that follow.
 */
export const metaOf = (
  context: Pick<RequestContext, "requestId" | "address" | "caller"> & {
    readonly headers: Pick<Headers, "get">;
  },
  actor: Actor,
  ledger: LedgerName = "identity",
) =>
  Effect.gen(function* () {
    const { requestId: correlation, address: ip, headers } = context;
    const userAgent = headers.get("user-agent")?.slice(0, USER_AGENT_MAX);
    const language = acceptedLanguage(headers.get("accept-language"));
    const who = actors(context.caller, actor);
    if ((ip ?? userAgent ?? language) === undefined) return { ...who, correlation } satisfies Meta;
    const month = new Date(yield* Clock.currentTimeMillis).toISOString().slice(0, "2026-11".length);
    const key = yield* (yield* Sealer).shared(`origin:${month}`);
    const plaintext = JSON.stringify({ ip, userAgent, language });
    const origin = key?.seal(ledger, "meta.origin", plaintext);
    return { ...who, correlation, ...(origin === undefined ? {} : { origin }) } satisfies Meta;
  });

function actors(caller: Caller | undefined, actor: Actor): Pick<Meta, "actor" | "onBehalfOf"> {
  const { token } = caller ?? {};
  if (token !== undefined && actor === `user:${caller?.userId}`) {
    const client: Actor = `client:${token.clientId}`;
    return token.isMachine ? { actor: client } : { actor: client, onBehalfOf: actor };
  }
  if (caller?.impersonator === undefined || actor !== `user:${caller.userId}`) return { actor };
  return { actor: `user:${caller.impersonator.userId}`, onBehalfOf: actor };
}
