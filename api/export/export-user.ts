import * as Effect from "effect/Effect";
import { disclosureCodec } from "../../adapters/codec/disclosure.ts";
import { transact } from "../../adapters/transact.ts";
import { disclosure } from "../../domain/disclosure/mod.ts";
import type { Call } from "../http/call.ts";
import { metaOf } from "../http/meta.ts";
import { route } from "../http/route.ts";
import { ById } from "../http/schemas.ts";
import { AUDITOR } from "../session/gate.ts";
import { userRow } from "../users/show-user.ts";
import { exportDocument } from "./export-document.ts";
import { ExportDocument } from "./export-view.ts";

const responses = {
  200: { description: "Everything about the person, as a file", schema: ExportDocument },
};

export const exportMe = route({
  method: "GET",
  path: "/v1/me/export",
  summary: "Everything that the server knows of oneself, in one document",
  auth: "session",
  ownPersonOnly: true,
  reads: ["users"],
  responses,
  handler: ({ caller }) => asFile(caller.userId),
});

export const exportUser = route({
  method: "GET",
  path: "/v1/users/:id/export",
  summary: "Everything that the server knows of somebody; that it was opened is on record",
  auth: AUDITOR,
  ownPersonOnly: true,
  params: ById,
  reads: ["users"],
  responses,
  handler: (call) =>
    Effect.gen(function* () {
      const { id } = call.params;
      yield* userRow(id);
      if (id !== call.caller.userId) yield* recordOpening(call, id);
      return yield* asFile(id);
    }),
});

const asFile = (userId: string) =>
  Effect.map(exportDocument(userId), (document) => ({
    status: 200,
    document,
    headers: { "content-disposition": 'attachment; filename="authledger-export.json"' },
  }));

/** Before anything is shown: what cannot be recorded is not opened. */
const recordOpening = (call: Call<unknown, unknown, unknown>, userId: string) =>
  Effect.gen(function* () {
    yield* transact({
      decider: disclosure,
      codec: disclosureCodec,
      id: userId,
      requestId: `${call.commandId}/disclosure/${userId}`,
      command: { type: "OpenPersonalData", userId, what: "export" },
      meta: yield* metaOf(call, `user:${call.caller.userId}`, "activity"),
      expect: "any",
    });
  });
