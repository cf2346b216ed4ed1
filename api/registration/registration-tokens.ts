import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import { z } from "zod";
import type { VaultRow } from "../../adapters/ports/ledger.ts";
import { ReadModels } from "../../adapters/ports/read-models.ts";
import { transact } from "../../adapters/transact.ts";
import { type RegistrationTokenCommand, USES_MAX } from "../../domain/registration-token/mod.ts";
import type { RegistrationTokenRow } from "../../projections/registration-tokens.ts";
import type { RequestContext } from "../http/call.ts";
import { derivedId } from "../http/derived-id.ts";
import { metaOf } from "../http/meta.ts";
import { reachDecided } from "../http/positions.ts";
import { refuse } from "../http/problem.ts";
import { route } from "../http/route.ts";
import { ById, cursor, limit, PAGE_DEFAULT, pageOf, time } from "../http/schemas.ts";
import type { Caller } from "../session/caller.ts";
import { ADMIN } from "../session/gate.ts";
import { aggregate, newRegistrationToken, vaultIdOf } from "./registration-token.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
/** Where nothing is said: long enough to be put somewhere, and used. */
const LIFETIME_MS = 7 * DAY_MS;
/** Nobody remembers for longer who has it. */
const LIFETIME_MS_MAX = 365 * DAY_MS;

const RegistrationTokenView = z
  .strictObject({
    id: z.string(),
    status: z.enum(["open", "spent", "expired", "revoked"]),
    uses: z.int(),
    used: z.int(),
    issuedBy: z.string(),
    issuedAt: z.string(),
    expiresAt: z.string(),
  })
  .meta({ title: "RegistrationToken" });

function view({ status, ...row }: RegistrationTokenRow, now: string) {
  const { uses, used, expiresAt } = row;
  if (status === "revoked") return { ...row, status };
  if (used >= uses) return { ...row, status: "spent" } as const;
  return { ...row, status: expiresAt <= now ? "expired" : "open" } as const;
}

const isoNow = Effect.map(Clock.currentTimeMillis, (ms) => new Date(ms).toISOString());

export const listRegistrationTokens = route({
  method: "GET",
  path: "/v1/registration-tokens",
  summary: "Every token by which applications register themselves, oldest first; never its secret",
  auth: ADMIN,
  reads: ["initial_tokens"],
  query: z.strictObject({ limit, cursor }),
  responses: { 200: { description: "A page", schema: pageOf(RegistrationTokenView) } },
  handler: ({ query }) =>
    Effect.gen(function* () {
      const page = yield* (yield* ReadModels).list("initial_tokens", {
        limit: query.limit ?? PAGE_DEFAULT,
        ...(query.cursor === undefined ? {} : { cursor: query.cursor }),
      });
      const now = yield* isoNow;
      const items = page.items.map(({ row }) => view(row as RegistrationTokenRow, now));
      const next = page.nextCursor === undefined ? {} : { nextCursor: page.nextCursor };
      return { status: 200, body: { items, ...next } };
    }),
});

export const issueRegistrationToken = route({
  method: "POST",
  path: "/v1/registration-tokens",
  summary: "Issue a token by which applications register themselves, shown this once",
  auth: ADMIN,
  ownPersonOnly: true,
  body: z.strictObject({
    uses: z.int().min(1).max(USES_MAX).exactOptional(),
    expiresAt: time.exactOptional(),
  }),
  responses: {
    201: {
      description: "Issued: one use where nothing is said, for a week",
      schema: z.strictObject({
        id: z.string(),
        token: z.string(),
        uses: z.int(),
        expiresAt: z.string(),
      }),
    },
  },
  handler: (call) =>
    Effect.gen(function* () {
      const { uses = 1 } = call.body;
      const nowMs = yield* Clock.currentTimeMillis;
      const endMs =
        call.body.expiresAt === undefined ? nowMs + LIFETIME_MS : Date.parse(call.body.expiresAt);
      if (endMs <= nowMs || endMs > nowMs + LIFETIME_MS_MAX) {
        return yield* refuse(400, "invalid_field", { field: "expiresAt" });
      }
      const id = derivedId(`${call.commandId}/registration-token`);
      const { plain, row, reference } = yield* newRegistrationToken(id, call.commandId);
      const expiresAt = new Date(endMs).toISOString();
      const command = {
        type: "IssueRegistrationToken",
        secret: reference,
        uses,
        expiresAt,
      } as const;
      const position = yield* commandToken(call, { id, command, put: [row] });
      return { status: 201, body: { id, token: plain, uses, expiresAt }, position };
    }),
});

export const revokeRegistrationToken = route({
  method: "DELETE",
  path: "/v1/registration-tokens/:id",
  summary: "Revoke a registration token: no application registers itself by it any more",
  auth: ADMIN,
  ownPersonOnly: true,
  params: ById,
  responses: { 204: { description: "Revoked; what registered itself by it stays" } },
  handler: (call) =>
    Effect.gen(function* () {
      const { id } = call.params;
      const command = { type: "RevokeRegistrationToken" } as const;
      const position = yield* commandToken(call, { id, command, remove: [vaultIdOf(id)] });
      return { status: 204, position };
    }),
});

type Commanded = {
  readonly id: string;
  readonly command: Exclude<RegistrationTokenCommand, { readonly type: "UseRegistrationToken" }>;
  readonly put?: ReadonlyArray<VaultRow>;
  readonly remove?: ReadonlyArray<string>;
};

/** One command of an administrator about one token; answers once the read model has it. */
const commandToken = (
  call: RequestContext & { readonly caller: Caller },
  { id, command, put = [], remove = [] }: Commanded,
) =>
  Effect.gen(function* () {
    const { outcome, position } = yield* transact({
      ...aggregate,
      id,
      requestId: `${call.commandId}/registration-token/${id}`,
      command,
      meta: yield* metaOf(call, `user:${call.caller.userId}`),
      along: () => ({ vault: { put, remove } }),
    });
    switch (outcome) {
      case "issued":
      case "revoked":
        break;
      case "unknown_token":
        return yield* refuse(404, "not_found");
      case "too_many_uses":
        return yield* refuse(400, "invalid_field", { field: "uses" });
      case "used":
      case "expired":
      case "spent":
      case "already_issued":
        return yield* refuse(409, "already_exists");
      default:
        return outcome satisfies never;
    }
    return yield* reachDecided(["initial_tokens"], position);
  });
