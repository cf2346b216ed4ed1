import type { Configuration, KoaContextWithOIDC } from "oidc-provider";
import type { ClientRow } from "../../projections/clients.ts";
import { interactionPolicy } from "./engine.ts";

type Policy = NonNullable<NonNullable<Configuration["interactions"]>["policy"]>;

/**
 * When a person is asked: to sign in, and whether the client may. As the engine has it, but that an
 * app which anybody on the machine could answer for is always asked about.
 *
 * Source: RFC 8252, section 8.6.
 */
export function policyOf(rowOf: (ctx: KoaContextWithOIDC) => ClientRow): Policy {
  const { Check, base } = interactionPolicy;
  const policy = base();
  const consent = policy.get("consent");
  consent?.checks.remove("native_client_prompt");
  consent?.checks.add(
    new Check(
      "unassured_app",
      "the app's identity is not assured",
      "interaction_required",
      (ctx) => {
        const uri = String(ctx.oidc.params?.["redirect_uri"] ?? "");
        const isAssured = rowOf(ctx).type !== "native" || uri === "" || uri.startsWith("https://");
        return isAssured || ctx.oidc.result?.consent !== undefined
          ? Check.NO_NEED_TO_PROMPT
          : Check.REQUEST_PROMPT;
      },
    ),
  );
  return policy;
}
