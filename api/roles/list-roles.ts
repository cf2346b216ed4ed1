import * as Effect from "effect/Effect";
import { ReadModels } from "../../adapters/ports/read-models.ts";
import type { RoleDefinitionRow } from "../../projections/role-definitions.ts";
import { scopedRoute } from "../http/route.ts";
import { PAGE_MAX, pageOf } from "../http/schemas.ts";
import { builtInRoles, RoleView, viewRole } from "./role-view.ts";

export const listRoles = scopedRoute({
  method: "GET",
  path: "/v1/roles",
  summary: "Every role that somebody may hold: the built-in ones, then this installation's own",
  auth: "session",
  scope: "users:read",
  reads: ["role_definitions"],
  responses: { 200: { description: "All of them", schema: pageOf(RoleView) } },
  handler: () =>
    Effect.gen(function* () {
      const { list } = yield* ReadModels;
      const own: Array<RoleView> = [];
      let cursor: string | undefined;
      do {
        const page = yield* list("role_definitions", {
          limit: PAGE_MAX,
          ...(cursor === undefined ? {} : { cursor }),
        });
        own.push(...page.items.map(({ row }) => viewRole(row as RoleDefinitionRow)));
        cursor = page.nextCursor;
      } while (cursor !== undefined);
      return { status: 200, body: { items: [...builtInRoles, ...own] } };
    }),
});
