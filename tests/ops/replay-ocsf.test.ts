import { expect, test } from "vitest";
import { z } from "zod";
import { codecs } from "../../adapters/codec/catalogue.ts";
import { ocsfEvent } from "../../ops/replay/ocsf.ts";

const ID = "2f9887ed-9170-4331-872c-b7f08be4dd75";
const ISSUER = "https://id.example.com";

/** Required members and constraints of OCSF 1.6: base event, category iam, and the objects used. */
const User = z
  .object({ uid: z.string().optional(), name: z.string().optional(), type_id: z.int().min(0) })
  .refine(({ uid, name }) => uid !== undefined || name !== undefined);
const Base = z.object({
  activity_id: z.int(),
  category_uid: z.literal(3),
  class_uid: z.int(),
  type_uid: z.int(),
  time: z.int().min(1_000_000_000_000),
  severity_id: z.int().min(0).max(6),
  status_id: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(99)]),
  metadata: z.object({
    version: z.string().regex(/^1\.\d+\.\d+$/),
    product: z.object({ name: z.string(), vendor_name: z.string() }),
  }),
  actor: z.union([z.object({ user: User }), z.object({ app_name: z.string() })]),
});
const activities = (max: number) => z.union([z.int().min(0).max(max), z.literal(99)]);
const CLASSES: Readonly<Record<number, z.ZodType>> = {
  3001: Base.extend({ activity_id: activities(12), user: User }),
  3002: Base.extend({
    activity_id: activities(7),
    user: User,
    service: z.object({ name: z.string() }),
  }),
  3004: Base.extend({
    activity_id: activities(4),
    entity: z.object({ uid: z.string(), name: z.string() }),
  }),
  3005: Base.extend({
    activity_id: activities(4),
    user: User,
    privileges: z.array(z.string()).min(1),
  }),
};

const viewOf = (type: string, data: object, category: string) => ({
  ledger: "identity",
  position: 7,
  stream: `${category}-${ID}`,
  revision: 0,
  id: ID,
  type,
  schema: 1,
  at: "2026-11-21T05:34:12.872Z",
  actor: `user:${ID}`,
  correlation: ID,
  leaf: "00",
  data: data as never,
});

const all = codecs.flatMap(({ category, shapes }) =>
  shapes.map(({ type, sample }) => [type, category, sample] as const),
);

test.each(all)("%s becomes an event that OCSF's schema takes", (type, category, sample) => {
  const event = ocsfEvent(viewOf(type, sample, category), ISSUER);
  const schema = CLASSES[Number(event["class_uid"])];
  expect(schema?.safeParse(event).error?.issues ?? []).toEqual([]);
  const { class_uid: classUid, activity_id: activity } = event;
  expect(event["type_uid"]).toBe(Number(classUid) * 100 + Number(activity));
});

test.each([
  ["SessionStarted", { userId: ID, method: "password" }, 300_201, 1],
  ["SessionEnded", { userId: ID }, 300_202, 1],
  ["SignInRejected", { reason: "password" }, 300_201, 2],
  ["UserCreated", {}, 300_101, 1],
  ["UserBlocked", {}, 300_105, 1],
  ["PasswordReplaced", {}, 300_103, 1],
  ["RoleGranted", { role: "buyer" }, 300_501, 1],
])("%s is what a SIEM looks for", (type, data, typeUid, status) => {
  const event = ocsfEvent(viewOf(type, data, "user"), ISSUER);
  expect([event["type_uid"], event["status_id"]]).toEqual([typeUid, status]);
});

test("who acted and whom it is about are told apart", () => {
  const view = { ...viewOf("RoleGranted", { role: "buyer" }, "user"), actor: "operator:erase" };
  expect(ocsfEvent(view, ISSUER)).toMatchObject({
    actor: { app_name: "operator:erase" },
    user: { uid: ID },
    privileges: ["buyer"],
  });
  const rejected = ocsfEvent(viewOf("SignInRejected", { reason: "x" }, "sign-in"), ISSUER);
  expect(rejected["user"]).toEqual({ name: "unknown", type_id: 0 });
});
