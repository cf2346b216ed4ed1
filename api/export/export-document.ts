import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import * as Option from "effect/Option";
import * as Stream from "effect/Stream";
import { Ledgers } from "../../adapters/ports/ledger.ts";
import { Outbox } from "../../adapters/ports/outbox.ts";
import { ReadModels } from "../../adapters/ports/read-models.ts";
import { Stamps } from "../../adapters/ports/stamps.ts";
import type { JsonObject } from "../../domain/json.ts";
import type { ConsentRow } from "../../projections/consents.ts";
import type { RoleRow } from "../../projections/roles.ts";
import type { SessionRow } from "../../projections/sessions.ts";
import { accountsOf } from "../accounts/account-view.ts";
import { viewConsent } from "../consents/my-consents.ts";
import type { Failure } from "../http/failure.ts";
import { reachAll } from "../http/positions.ts";
import { PAGE_MAX } from "../http/schemas.ts";
import type { Services } from "../http/services.ts";
import { actorNames } from "../ledger/actor-names.ts";
import { historyOf } from "../ledger/history.ts";
import { userRow } from "../users/show-user.ts";
import { viewUsers } from "../users/user-view.ts";
import type { ExportedSession } from "./export-view.ts";

type Page<Place> = {
  readonly items: ReadonlyArray<JsonObject>;
  readonly next: Place | undefined;
};

/**
 * Everything about one person as JSON text, a page of each part at a time: memory is bounded
 * however long their history is. A failure half-way breaks the document off.
 *
 * Errors: those of the first part come before any text.
 */
export const exportDocument = (userId: string) =>
  Effect.gen(function* () {
    const { position } = yield* (yield* Ledgers).identity.head;
    yield* reachAll(["users", "accounts", "roles", "consents"], position);
    const [user] = yield* viewUsers([yield* userRow(userId)], { opens: true });
    const accounts = yield* accountsOf(userId, { opens: true });
    const exportedAt = new Date(yield* Clock.currentTimeMillis).toISOString();
    const head = JSON.stringify({ exportedAt, position, user, accounts });
    const services = yield* Effect.context<Services>();
    const text = Stream.make(head.slice(0, -1)).pipe(
      Stream.concat(part("roles", rolesPage(userId))),
      Stream.concat(part("sessions", sessionsPage(userId))),
      Stream.concat(part("consents", consentsPage(userId))),
      Stream.concat(part("mails", mailsPage(userId))),
      Stream.concat(part("history", historyPage(userId))),
      Stream.concat(Stream.make("}\n")),
      Stream.encodeText,
      Stream.provideContext(services),
    );
    return Stream.toReadableStream(text);
  });

/** `,"name":[…]`, made of pages. */
const part = <Place>(
  name: string,
  pageAfter: (place: Place | undefined) => Effect.Effect<Page<Place>, Failure, Services>,
): Stream.Stream<string, Failure, Services> =>
  Stream.paginate(undefined as Place | undefined, (place) =>
    Effect.map(pageAfter(place), ({ items, next }) => {
      const texts = items.map((item) => JSON.stringify(item));
      return [texts, next === undefined ? Option.none() : Option.some(next)] as const;
    }),
  ).pipe(
    Stream.zipWithIndex,
    Stream.map(([item, at]) => (at === 0 ? item : `,${item}`)),
    (items) =>
      Stream.make(`,"${name}":[`).pipe(Stream.concat(items), Stream.concat(Stream.make("]"))),
  );

const rolesPage = (userId: string) => (cursor: string | undefined) =>
  Effect.gen(function* () {
    const page = yield* listed("roles", userId, cursor);
    const rows = page.items.map(({ row }) => row as RoleRow);
    const nameOf = yield* actorNames(
      rows.map(({ grantedBy }) => grantedBy),
      { opens: false },
    );
    const items = rows.map(({ role, grantedAt, grantedBy }) => {
      const by = grantedBy === `user:${userId}` ? "oneself" : nameOf(grantedBy);
      return { role, grantedAt, grantedBy: by };
    });
    return { items, next: page.nextCursor };
  });

const sessionsPage = (userId: string) => (cursor: string | undefined) =>
  Effect.gen(function* () {
    const page = yield* listed("sessions", userId, cursor);
    const rows = page.items.map(({ row }) => row as SessionRow);
    const seen = yield* (yield* Stamps).get(
      "session",
      rows.map(({ id }) => id),
    );
    const items = rows.map((row): ExportedSession => {
      const { id, method, startedAt, expiresAt, endedAt, endReason } = row;
      const lastSeen = seen.get(id);
      return {
        ...{ id, method, startedAt, expiresAt },
        ...(lastSeen === undefined ? {} : { lastSeenAt: new Date(lastSeen).toISOString() }),
        ...(endedAt === undefined ? {} : { endedAt }),
        ...(endReason === undefined ? {} : { endReason }),
      };
    });
    return { items, next: page.nextCursor };
  });

const consentsPage = (userId: string) => (cursor: string | undefined) =>
  Effect.gen(function* () {
    const page = yield* listed("consents", userId, cursor);
    const items = yield* Effect.forEach(page.items, ({ row }) => viewConsent(row as ConsentRow));
    return { items, next: page.nextCursor };
  });

const listed = (model: string, userId: string, cursor: string | undefined) =>
  Effect.flatMap(ReadModels, ({ list }) =>
    list(model, { tags: [`user:${userId}`], limit: PAGE_MAX, ...(cursor && { cursor }) }),
  );

const mailsPage = (userId: string) => (cursor: string | undefined) =>
  Effect.gen(function* () {
    const page = yield* (yield* Outbox).list({
      recipient: userId,
      limit: PAGE_MAX,
      ...(cursor === undefined ? {} : { cursor }),
    });
    const items = page.items.map(({ template, state, queuedAt }) => ({
      template,
      state,
      queuedAt,
    }));
    return { items, next: page.nextCursor };
  });

const historyPage = (userId: string) => (before: number | undefined) =>
  Effect.gen(function* () {
    const page = yield* historyOf(userId, { limit: PAGE_MAX, before, names: false });
    const next = page.nextCursor === undefined ? undefined : Number(page.nextCursor);
    return { items: page.items, next };
  });
