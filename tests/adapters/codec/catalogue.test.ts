import { describe, expect, test } from "vitest";
import { z } from "zod";
import {
  catalogue,
  codecs,
  decodeAny,
  sealedFieldsOf,
  sealedIn,
} from "../../../adapters/codec/catalogue.ts";
import { classesOf } from "../../../adapters/codec/classes.ts";
import { personal, structural } from "../../../adapters/codec/field.ts";
import { sealed, userId } from "../../../adapters/codec/samples.ts";
import { userCodec } from "../../../adapters/codec/user.ts";
import type { JsonObject } from "../../../domain/json.ts";
import type { LedgerName, LedgerRecord } from "../../../domain/ledger/entry.ts";
import { categories } from "./event-categories.ts";

const shapes = codecs.flatMap((codec) =>
  codec.shapes.map((shape) => ({ codec, shape, type: shape.type })),
);

const record = (
  stream: string,
  draft: { readonly type: string; readonly schema?: number; readonly data: JsonObject },
  ledger: LedgerName = "identity",
): LedgerRecord => ({
  v: 1,
  ledger,
  id: userId,
  stream,
  schema: 1,
  at: "2026-11-21T03:38:57.000Z",
  salt: "AAAAAAAAAAAAAAAAAAAAAA",
  meta: { actor: `user:${userId}`, correlation: userId },
  position: 7,
  revision: 0,
  leaf: "00",
  ...draft,
});

test("the catalogue covers every event type exactly once, in its category", () => {
  expect(Object.fromEntries(shapes.map(({ type, codec }) => [type, codec.category]))).toEqual(
    categories,
  );
  expect(shapes).toHaveLength(Object.keys(categories).length);
  expect(codecs.filter(({ ledger }) => ledger === "activity").map((c) => c.category)).toEqual([
    "token-family",
    "token",
    "session",
    "mail",
    "revocation",
    "disclosure",
    "recovery",
    "sign-in",
  ]);
});

describe.each(shapes)("$type", ({ codec, shape, type }) => {
  const sample = shape.sample as JsonObject;
  const stored = { type, schema: shape.schema, data: sample };

  test("its sample is read and comes back the same", () => {
    expect(codec.decode(stored)).toStrictEqual({ type, ...sample });
  });

  test("says of every string what it is", () => {
    expect(classesOf(shape.data).unclassified).toEqual([]);
  });

  test("refuses a member it does not know, another version, and what is no object", () => {
    expect(codec.decode({ ...stored, data: { ...sample, position: "1" } })).toBeUndefined();
    expect(codec.decode({ ...stored, schema: shape.schema + 1 })).toBeUndefined();
    expect(codec.decode({ ...stored, data: [] as unknown as JsonObject })).toBeUndefined();
    expect(codec.decode({ ...stored, type: "toString" })).toBeUndefined();
  });

  test("refuses a missing member, unless it may be missing", () => {
    const required = z.toJSONSchema(shape.data).required ?? [];
    for (const member of required) {
      const { [member]: _, ...rest } = sample;
      expect(codec.decode({ ...stored, data: rest }), member).toBeUndefined();
    }
  });

  test("has a name in the past tense that says more than that something changed", () => {
    const irregular = /(Begun|Went|Given|Written|SignedUp|Chosen|Sent|Left|Withdrawn)$/;
    expect(type).toMatch(/^[A-Z][a-z]+(?:[A-Z][a-z]+)+$/);
    expect(irregular.test(type) || /ed$/.test(type), type).toBe(true);
    expect(type).not.toMatch(/(Updated|Changed|Set)$/);
  });
});

describe("an unclassified string is found", () => {
  const fine = structural(/^[a-z]+$/);

  test.each<[string, z.ZodType, ReadonlyArray<string>]>([
    ["plain", z.strictObject({ id: fine, note: z.string() }), ["note"]],
    ["with a format", z.strictObject({ mail: z.email() }), ["mail"]],
    ["optional", z.strictObject({ note: z.string().exactOptional() }), ["note"]],
    ["nullable", z.strictObject({ note: z.string().nullable() }), ["note"]],
    ["in a list", z.strictObject({ tags: z.array(z.string()) }), ["tags.*"]],
    ["nested", z.strictObject({ in: z.strictObject({ note: z.string() }) }), ["in.note"]],
    ["in a choice", z.strictObject({ either: z.union([fine, z.string()]) }), ["either"]],
    ["of any name", z.strictObject({ map: z.record(z.string(), fine) }), ["map"]],
    ["in an open object", z.looseObject({ id: fine }), [""]],
    ["unknown", z.strictObject({ some: z.unknown() }), ["some"]],
    ["misnamed", z.strictObject({ id: z.string().meta({ class: "harmless" }) }), ["id"]],
    ["none", z.strictObject({ id: fine, mail: personal("user.email", "user") }), []],
    ["closed", z.strictObject({ by: z.enum(["a"]), n: z.int(), ok: z.boolean() }), []],
  ])("%s", (_, shape, unclassified) => {
    expect(classesOf(shape).unclassified).toEqual(unclassified);
  });
});

test("sealedFieldsOf() tells where a type keeps personal values", () => {
  expect(sealedFieldsOf("UserSignedUp", 1)).toEqual([
    { path: ["email"], field: "user.email" },
    { path: ["name"], field: "user.name" },
  ]);
  expect(sealedFieldsOf("UserBlocked", 1)).toEqual([{ path: ["reason"], field: "user.reason" }]);
  expect(sealedFieldsOf("RoleGranted", 1)).toEqual([]);
  expect(sealedFieldsOf("UserSignedUp", 2)).toEqual([]);
  expect(sealedFieldsOf("constructor", 1)).toEqual([]);
});

test("sealedIn() finds the personal values of a record, and no null", () => {
  const data = { name: sealed, phone: null };
  expect(sealedIn({ type: "ProfileRevised", schema: 1, data })).toEqual([
    { path: ["name"], field: "user.name", sealed },
  ]);
});

test("every sealed value of every sample is found through the declared fields", () => {
  for (const { shape, type } of shapes) {
    const found = sealedIn({ type, schema: 1, data: shape.sample as JsonObject }).length;
    const written = JSON.stringify(shape.sample).split(`"ct":`).length - 1;
    expect(found, type).toBe(written);
  }
});

test("catalogue() publishes the JSON Schema with the class of each string", () => {
  const item = catalogue().find(({ type }) => type === "UserBlocked");
  expect(item).toMatchObject({
    ledger: "identity",
    category: "user",
    schema: 1,
    data: {
      type: "object",
      additionalProperties: false,
      properties: {
        reason: { class: "sealed", field: "user.reason", owner: "user" },
        until: { class: "structural", format: "date-time" },
      },
    },
  });
  expect(catalogue().map(({ type }) => type)).toEqual(Object.keys(categories));
});

test("decodeAny() answers the event with its place, and undefined for what it cannot read", () => {
  const granted = { type: "RoleGranted", data: { role: "buyer" } };
  expect(decodeAny(record(`user-${userId}`, granted))).toStrictEqual({
    type: "RoleGranted",
    role: "buyer",
    position: 7,
    category: "user",
    subject: userId,
    at: "2026-11-21T03:38:57.000Z",
    actor: `user:${userId}`,
  });
  expect(decodeAny(record(`session-${userId}`, granted))).toBeUndefined();
  expect(decodeAny(record(`user-${userId}`, granted, "activity"))).toBeUndefined();
  expect(decodeAny(record(`user-${userId}`, { ...granted, type: "RoleSold" }))).toBeUndefined();
  expect(decodeAny(record(`user-${userId}`, { ...granted, data: { role: 1 } }))).toBeUndefined();
});

test("encode() omits what is undefined and refuses what could not be read again", () => {
  const replaced = { type: "UserBlocked", reason: undefined } as unknown as { type: "UserBlocked" };
  expect(userCodec.encode(replaced)).toStrictEqual({ type: "UserBlocked", schema: 1, data: {} });
  expect(() => userCodec.encode({ type: "RoleGranted", role: "Not A Role" })).toThrow(
    "does not fit its shape: RoleGranted",
  );
  const plaintext = { type: "UserSignedUp", email: "ada@example.org", roles: ["user"] };
  expect(() => userCodec.encode(plaintext as never)).toThrow("UserSignedUp");
});

test("a stored value with a member too many, or sealed for no user, is refused", () => {
  const decode = (email: object) =>
    userCodec.decode({
      type: "UserSignedUp",
      schema: 1,
      data: { email: email as JsonObject, roles: ["user"] },
    });
  expect(decode(sealed)).toBeDefined();
  expect(decode({ ...sealed, plain: "ada@example.org" })).toBeUndefined();
  expect(decode({ ...sealed, owner: "origin:2026-11" })).toBeUndefined();
  expect(decode({ ...sealed, nonce: "short" })).toBeUndefined();
  expect(decode({ ...sealed, generation: 0 })).toBeUndefined();
});

test.each([
  ["2027-01-01T00:00:00.000Z", true],
  ["2027-01-01T00:00:00Z", false],
  ["2027-01-01T00:00:00.000+01:00", false],
  ["2027-02-30T00:00:00.000Z", false],
  ["tomorrow", false],
])("the time %s is stored: %s, because text order must be time order", (until, stored) => {
  const event = userCodec.decode({ type: "UserBlocked", schema: 1, data: { until } });
  expect(event !== undefined).toBe(stored);
});

test.each([
  [userId, true],
  [userId.toUpperCase(), false],
  ["ada", false],
])("the id %s is stored: %s, because one id has one spelling", (accountId, stored) => {
  const event = userCodec.decode({
    type: "UserErased",
    schema: 1,
    data: { accounts: [accountId], roles: ["user"] },
  });
  expect(event !== undefined).toBe(stored);
});
