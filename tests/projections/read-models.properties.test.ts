import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { architects } from "../../domain/architects/mod.ts";
import { client } from "../../domain/client/mod.ts";
import { consent } from "../../domain/consent/mod.ts";
import { invitation } from "../../domain/invitation/mod.ts";
import { keyring } from "../../domain/keyring/mod.ts";
import { registrationToken } from "../../domain/registration-token/mod.ts";
import { resourceServer } from "../../domain/resource-server/mod.ts";
import { revocation } from "../../domain/revocation/mod.ts";
import { role } from "../../domain/role/mod.ts";
import { session } from "../../domain/session/mod.ts";
import { tuples } from "../../domain/tuples/mod.ts";
import { user } from "../../domain/user/mod.ts";
import { readModels } from "../../projections/catalogue.ts";
import type { Recorded } from "../../projections/projection.ts";
import { effectiveRoles, type UserRow, users } from "../../projections/users.ts";
import {
  architectsCommand,
  invitationCommand,
  roleCommand,
  tuplesCommand,
  userCommand,
} from "../domain/arbitraries.ts";
import { clientCommand } from "../domain/client-arbitraries.ts";
import { revocationCommand, sessionCommand } from "../domain/everyday-arbitraries.ts";
import { play } from "../domain/history.ts";
import { keyringCommand } from "../domain/keyring-arbitraries.ts";
import { registrationTokenCommand } from "../domain/registration-token-arbitraries.ts";
import { resourceServerCommand } from "../domain/resource-server-arbitraries.ts";
import { consentCommand } from "../domain/token-arbitraries.ts";
import { at, continueRows, rowsOf } from "./fold.ts";

type AnEvent = Recorded<{ readonly type: string }>;

/** Decided histories of a few streams, interleaved as they may be in one ledger. */
const history: fc.Arbitrary<ReadonlyArray<AnEvent>> = fc
  .tuple(
    fc.array(fc.array(userCommand, { maxLength: 20 }), { minLength: 3, maxLength: 3 }),
    fc.array(architectsCommand),
    fc.array(sessionCommand, { maxLength: 4 }),
    fc.array(revocationCommand, { maxLength: 3 }),
    fc.array(tuplesCommand),
    fc.array(roleCommand, { maxLength: 6 }),
    fc.array(invitationCommand, { maxLength: 6 }),
    fc.array(keyringCommand, { maxLength: 10 }),
    fc.array(clientCommand, { maxLength: 10 }),
    fc.array(registrationTokenCommand, { maxLength: 10 }),
    fc.array(resourceServerCommand, { maxLength: 10 }),
    fc.array(consentCommand, { maxLength: 10 }),
    fc.infiniteStream(fc.nat()),
  )
  .map(
    ([
      people,
      owners,
      session1,
      revoked,
      relations,
      own,
      invited,
      keys,
      apps,
      tokens,
      apis,
      agreed,
      order,
    ]) => {
      const queues = [
        ...["ada", "bob", "eve"].map((id, index) =>
          play(user, people[index] ?? []).map((event) => at(`user-${id}`, event)),
        ),
        play(architects, owners).map((event) => at("architects-all", event)),
        play(session, session1).map((event) => at("session-s1", event)),
        play(revocation, revoked).map((event) => at("revocation-all", event)),
        play(tuples, relations).map((event) => at("tuples-t1", event)),
        play(role, own).map((event) => at("role-pirate", event)),
        play(invitation, invited).map((event) => at("invitation-i1", event)),
        play(keyring, keys).map((event) => at("keyring-signing", event)),
        play(client, apps).map((event) => at("client-c1", event)),
        play(registrationToken, tokens).map((event) => at("registration-token-t1", event)),
        play(resourceServer, apis).map((event) => at("resource-server-r1", event)),
        play(consent, agreed).map((event) => at("consent-ada-shop", event)),
        // What a newer program wrote: every read model of this one lets it pass.
        [at("user-ada", { type: "UserTeleported" })],
      ].map((queue): Array<AnEvent> => [...queue]);
      const merged: Array<AnEvent> = [];
      for (;;) {
        const waiting = queues.filter((queue) => queue.length > 0);
        const pick = waiting.length > 0 ? (order.next().value ?? 0) % waiting.length : 0;
        const next = waiting[pick]?.shift();
        if (next === undefined) return merged;
        const position = merged.length + 1;
        const minute = String(position % 60).padStart(2, "0");
        const hour = String(Math.floor(position / 60)).padStart(2, "0");
        merged.push({ ...next, position, at: `2026-11-21T${hour}:${minute}:00.000Z` });
      }
    },
  );

describe.each(readModels.map((model) => ({ name: model.name, model })))("$name", ({ model }) => {
  test("kept rows folded on are the rows of a rebuild", () => {
    fc.assert(
      fc.property(history, fc.array(fc.nat(80), { maxLength: 3 }), (events, cuts) => {
        const rows = rowsOf(model, []);
        const ends = [...cuts.toSorted((a, b) => a - b), events.length];
        let from = 0;
        for (const end of ends) {
          continueRows(model, rows, events.slice(from, end));
          from = Math.max(from, end);
        }
        const rebuilt = rowsOf(model, events);
        expect(rows).toEqual(rebuilt);
        expect(rowsOf(model, structuredClone(events))).toEqual(rebuilt);
      }),
    );
  });

  test("a row is the fold of its own events alone", () => {
    fc.assert(
      fc.property(history, (events) => {
        const handled = events.filter(({ type }) => model.handles.includes(type));
        for (const [key, row] of rowsOf(model, events)) {
          const own = handled.filter((event) => model.keys(event).includes(key));
          expect(rowsOf(model, own).get(key)).toEqual(row);
        }
      }),
    );
  });

  test("an event names each row once, and rows and their index are plain JSON", () => {
    fc.assert(
      fc.property(history, (events) => {
        for (const event of events.filter(({ type }) => model.handles.includes(type))) {
          const keys = model.keys(event);
          expect(new Set(keys).size).toBe(keys.length);
        }
        for (const row of rowsOf(model, events).values()) {
          expect(JSON.parse(JSON.stringify(row))).toEqual(row);
          expect(Object.values(row)).not.toContain(undefined);
          const { sort, tags } = model.index(row);
          expect(sort).not.toBe("");
          expect(tags).not.toContain("");
          expect(new Set(tags).size).toBe(tags.length);
        }
      }),
    );
  });
});

test("the roles read model says what the users read model says", () => {
  fc.assert(
    fc.property(history.map(appointingOnlyUsers), (events) => {
      const held = [...rowsOf(model("roles"), events).values()];
      for (const row of rowsOf(model(users.name), events).values() as Iterable<UserRow>) {
        if (row.status === "erased") continue;
        const theirs = held.filter(({ userId }) => userId === row.id).map(({ role }) => role);
        const listed = row.architect ? [...row.roles, "architect"] : row.roles;
        expect(theirs.toSorted()).toEqual([...listed].sort());
        expect(effectiveRoles(row).length).toBeGreaterThan(0);
      }
    }),
  );
});

test("a user's row agrees with the state that decisions are made on", () => {
  fc.assert(
    fc.property(fc.array(userCommand, { maxLength: 30 }), (commands) => {
      const events = play(user, commands);
      const state = events.reduce(user.evolve, user.initial);
      const row = rowsOf(
        model("users"),
        events.map((event) => at("user-ada", event)),
      ).get("ada") as UserRow | undefined;
      expect(row?.status ?? "absent").toBe(state.status);
      expect(row?.roles ?? []).toEqual(state.roles);
      expect(row?.guest ?? false).toBe(state.guest);
      expect(row?.password ?? false).toBe(state.password !== undefined);
      expect(row?.blockedUntil).toBe(state.blockedUntil);
      expect(row?.email).toEqual(state.email);
      expect(row?.name).toEqual(state.name);
    }),
  );
});

/** Nobody is appointed before they exist: the API asks before it commands. */
function appointingOnlyUsers(events: ReadonlyArray<AnEvent>): ReadonlyArray<AnEvent> {
  const existing = new Set<unknown>();
  return events.filter((event) => {
    if (event.type === "UserSignedUp" || event.type === "GuestAdmitted") {
      existing.add(event.subject);
    }
    return !("userId" in event) || existing.has(event.userId);
  });
}

function model(name: string) {
  const found = readModels.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`No read model ${name}`);
  return found;
}
