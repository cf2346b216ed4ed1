import type { Client, KoaContextWithOIDC } from "oidc-provider";
import type { OpenidHost, ProtocolPage } from "../ports/openid-host.ts";
import { presenceOf } from "./presence.ts";
import { TOO_MANY } from "./throttle.ts";

type Context = KoaContextWithOIDC;
type Out = { readonly error: string };
type State = { readonly secret: string; readonly postLogoutRedirectUri?: string };
type Problem = Extract<ProtocolPage, { readonly kind: "device-code" }>["problem"];

/** What people see of the protocol: the house renders it, the engine only says what. */
export function pagesOf(host: OpenidHost) {
  const show = async (ctx: Context, page: ProtocolPage) => {
    const { status, headers, html } = await host.page(presenceOf(ctx).request, page);
    ctx.status = status;
    for (const [name, value] of headers) ctx.set(name, value);
    ctx.body = html;
  };
  const stateOf = ({ oidc }: Context) => {
    const { state } = oidc.session as unknown as { readonly state?: State };
    return state;
  };
  const device = (ctx: Context) => ctx.oidc.urlFor("code_verification");
  const nameOf = (client: Client | undefined) => client?.clientName ?? client?.clientId ?? "";
  return {
    error: (ctx: Context, { error }: Out) =>
      show(ctx, { kind: "error", error, status: ctx.status }),
    logout: (ctx: Context) => {
      const { postLogoutRedirectUri: leadsTo } = stateOf(ctx) ?? {};
      return show(ctx, {
        kind: "logout",
        action: ctx.oidc.urlFor("end_session_confirm"),
        xsrf: stateOf(ctx)?.secret ?? "",
        ...(leadsTo === undefined ? {} : { leadsTo }),
        ...(ctx.oidc.client === undefined ? {} : { clientName: nameOf(ctx.oidc.client) }),
      });
    },
    loggedOut: (ctx: Context) => show(ctx, { kind: "logged-out" }),
    deviceCode: (ctx: Context, _form: string, out?: unknown, cause?: unknown) => {
      const { error } = (cause ?? {}) as { readonly error?: string };
      // Whoever has to wait started nothing wrong on the device.
      if (error === TOO_MANY) return show(ctx, { kind: "error", error, status: 429 });
      const problem = out === undefined ? undefined : problemOf(cause);
      const { userCode } = (cause ?? {}) as { readonly userCode?: string };
      return show(ctx, {
        kind: "device-code",
        action: device(ctx),
        xsrf: stateOf(ctx)?.secret ?? "",
        ...(userCode === undefined ? {} : { userCode }),
        ...(problem === undefined ? {} : { problem }),
      });
    },
    deviceConfirm: (
      ctx: Context,
      _form: string,
      client: Client,
      _device: unknown,
      userCode: string,
    ) =>
      show(ctx, {
        kind: "device-confirm",
        action: device(ctx),
        xsrf: stateOf(ctx)?.secret ?? "",
        userCode,
        clientName: nameOf(client),
      }),
    deviceDone: (ctx: Context) =>
      show(ctx, { kind: "device-done", clientName: nameOf(ctx.oidc.client) }),
  };
}

/** By the engine's own names for what was wrong with a code that somebody typed. */
function problemOf(cause: unknown): Problem {
  switch (cause instanceof Error ? cause.name : "") {
    case "NoCodeError":
      return "missing";
    case "NotFoundError":
    case "ExpiredError":
    case "AlreadyUsedError":
      return "unknown";
    case "AbortedError":
      return "aborted";
    default:
      return "failed";
  }
}
