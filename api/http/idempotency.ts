import { createHash } from "node:crypto";
import * as Effect from "effect/Effect";
import { Answers } from "../../adapters/ports/answers.ts";
import { Keyring } from "../../adapters/ports/keyring.ts";
import { Sealer } from "../../adapters/ports/sealer.ts";
import type { StoreUnavailable } from "../../adapters/ports/store-unavailable.ts";
import { invariant } from "../../domain/invariant.ts";
import type { OwnerId, Sealed } from "../../domain/sealed.ts";
import type { Answer } from "./call.ts";
import { type Failure, problemOf } from "./failure.ts";
import { Problem, type ProblemFields, refuse } from "./problem.ts";
import type { Services } from "./services.ts";

/** A key is opaque to us; RFC 8941 strings are printable ASCII, and 255 is plenty. */
const KEY = /^[\x21-\x7e]{1,255}$/;

/** From this status on nothing is remembered: the failure is ours and the next try may pass. */
const FORGET_FROM = 500;

type Kept = { readonly answer: Answer } | { readonly problem: ProblemFields };

/** What is kept of an answer that shows a person: it opens for as long as they are not erased. */
type KeptOfPerson = { readonly person: Sealed };

/** Names the place in the associated data of a kept answer's seal. */
const FIELD = "answer.body";

/** Which request a key stands for: only ever this caller's on this path. */
export type IdempotentRequest = {
  readonly key: string;
  readonly callerId: string;
  /** `POST /v1/stores?x=y`, as it was asked for. */
  readonly target: string;
  readonly body: Uint8Array;
};

/** The digest that names the request in `Answers` and its appends in the ledger. */
export const scopeOf = (request: Omit<IdempotentRequest, "body">) =>
  Effect.gen(function* () {
    if (!KEY.test(request.key)) {
      return yield* refuse(400, "invalid_field", { field: "idempotency-key" });
    }
    const { artefact } = yield* Keyring;
    const { callerId, target, key } = request;
    return hex(artefact("idempotency", JSON.stringify([callerId, target, key])));
  });

/**
 * Runs a request once per key: the same key and body get the first answer again.
 *
 * Errors: 409 idempotency_running, 422 idempotency_mismatch, 410 erased when the answer showed
 * somebody who has been erased since.
 * Source: draft-ietf-httpapi-idempotency-key-header-07.
 */
export const answerOnce = (
  scope: string,
  body: Uint8Array,
  run: Effect.Effect<Answer, Failure, Services>,
): Effect.Effect<Answer, Failure, Services> =>
  Effect.gen(function* () {
    const answers = yield* Answers;
    const { artefact } = yield* Keyring;
    const digest = createHash("sha256").update(body).digest("hex");
    const earlier = yield* answers.begin(scope, hex(artefact("idempotency-body", digest)));
    switch (earlier.state) {
      case "running":
        return yield* refuse(409, "idempotency_running");
      case "other-body":
        return yield* refuse(422, "idempotency_mismatch");
      case "answered": {
        const kept = yield* shown(yield* opened(scope, earlier.answer));
        return "answer" in kept ? kept.answer : yield* new Problem(kept.problem);
      }
      case "new":
        return yield* run.pipe(
          Effect.tap((answer) => Effect.flatMap(keepable(answer), (kept) => remember(scope, kept))),
          Effect.tapError((failure) => {
            const { status, code, field, requires, count } = problemOf(failure);
            if (status >= FORGET_FROM) return answers.forget(scope);
            const problem = {
              status,
              code,
              ...(field === undefined ? {} : { field }),
              ...(requires === undefined ? {} : { requires }),
              ...(count === undefined ? {} : { count }),
            };
            return remember(scope, { problem });
          }),
          Effect.tapDefect(() => answers.forget(scope)),
        );
      default:
        return earlier satisfies never;
    }
  });

/** Whom an answer shows: every answer about a person has them as `user`. */
function personIn({ body }: Answer): OwnerId | undefined {
  if (typeof body !== "object" || body === null || !("user" in body)) return undefined;
  const { user } = body as { readonly user: unknown };
  if (typeof user !== "object" || user === null || !("id" in user)) return undefined;
  return `user:${String(user.id)}`;
}

/** Personal values never lie under a key that outlives their owner's. */
const keepable = (answer: Answer) =>
  Effect.gen(function* () {
    const owner = personIn(answer);
    const key = owner && (yield* (yield* Sealer).key(owner));
    // Without a key there is nothing personal left to show.
    if (key === undefined) return { answer };
    return { person: key.seal("identity", FIELD, JSON.stringify(answer)) };
  });

const shown = (kept: Kept | KeptOfPerson) =>
  Effect.gen(function* () {
    if (!("person" in kept)) return kept;
    const sealed = { ledger: "identity", field: FIELD, sealed: kept.person } as const;
    const [text] = yield* (yield* Sealer).open([sealed]);
    if (text === undefined) return yield* refuse(410, "erased");
    return { answer: JSON.parse(text) as Answer } satisfies Kept;
  });

const remember = (
  scope: string,
  kept: Kept | KeptOfPerson,
): Effect.Effect<void, StoreUnavailable, Services> =>
  Effect.gen(function* () {
    const plaintext = new TextEncoder().encode(JSON.stringify(kept));
    const { keyVersion, ciphertext } = (yield* Keyring).wrap("artefact", scope, plaintext);
    const sealed = new Uint8Array(VERSION_BYTES + ciphertext.byteLength);
    new DataView(sealed.buffer).setUint32(0, keyVersion);
    sealed.set(ciphertext, VERSION_BYTES);
    yield* (yield* Answers).keep(scope, sealed);
  });

/** A uint32 before the ciphertext says which artefact key sealed it. */
const VERSION_BYTES = 4;

const opened = (scope: string, sealed: Uint8Array) =>
  Effect.map(Keyring, ({ unwrap }): Kept | KeptOfPerson => {
    const keyVersion = new DataView(sealed.buffer, sealed.byteOffset).getUint32(0);
    const ciphertext = sealed.subarray(VERSION_BYTES);
    const plaintext = unwrap("artefact", scope, { keyVersion, ciphertext });
    invariant(plaintext !== undefined, "an idempotency answer that we did not seal");
    return JSON.parse(new TextDecoder().decode(plaintext)) as Kept | KeptOfPerson;
  });

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
