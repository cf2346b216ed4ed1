import type { Configuration, KoaContextWithOIDC } from "oidc-provider";
import type { ClientRow } from "../../projections/clients.ts";
import type { OpenidHost } from "../ports/openid-host.ts";
import { interactionPolicy } from "./engine.ts";

/** What the client is told of it. */
export const KEPT_OUT = "the person may not sign in to this application";

type Policy = NonNullable<NonNullable<Configuration["interactions"]>["policy"]>;

/** Found out between sign-in and consent: nobody is asked about an app that they may not use. */
export const ACCESS_PROMPT = "access";

/**
 * When a person is asked: to sign in, and whether the client may. As the engine has it, but that an
 * app which anybody on the machine could answer for is always asked about, and that whoever may not
 * sign in to the client goes back to it with `access_denied`.
 *
 * Source: RFC 8252, section 8.6; RFC 6749, section 4.1.2.1.
 */
export function policyOf(host: OpenidHost, rowOf: (ctx: KoaContextWithOIDC) => ClientRow): Policy {
  const { Check, Prompt, base } = interactionPolicy;
  const policy = base();
  const isKeptOut = async (ctx: KoaContextWithOIDC) => {
    const { accountId } = ctx.oidc.session ?? {};
    return accountId !== undefined && !(await host.mayUse(accountId, rowOf(ctx)));
  };
  const keptOut = new Check("kept_out", KEPT_OUT, "access_denied", isKeptOut);
  policy.add(new Prompt({ name: ACCESS_PROMPT, requestable: false }, keptOut), 1);
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
