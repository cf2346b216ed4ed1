import * as Effect from "effect/Effect";
import { route } from "../http/route.ts";
import { ById } from "../http/schemas.ts";
import { recordOpening } from "../ledger/record-opening.ts";
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
      if (id !== call.caller.userId) yield* recordOpening(call, { userId: id, what: "export" });
      return yield* asFile(id);
    }),
});

const asFile = (userId: string) =>
  Effect.map(exportDocument(userId), (document) => ({
    status: 200,
    document,
    headers: { "content-disposition": 'attachment; filename="authledger-export.json"' },
  }));
