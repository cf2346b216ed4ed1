import * as Effect from "effect/Effect";
import type { Answer, RequestContext } from "../http/call.ts";
import { type Failure, problemOf } from "../http/failure.ts";
import type { Services } from "../http/services.ts";
import type { KeptTrip } from "./trip.ts";

type Errand = KeptTrip["errand"];
type Going = {
  readonly errand?: Errand;
  readonly redirectTo?: string | undefined;
  readonly lang?: string | undefined;
};

/** Where people set out from, and are told what became of it. */
const FROM: Readonly<Record<Errand, string>> = {
  "sign-in": "/sign-in",
  link: "/account/accounts",
  "set-up": "/setup",
};

/**
 * Where somebody is led who came from a provider: to what they wanted, else to a page of ours.
 * Names of texts alone stand in the address, so nobody can put words there.
 */
export function pageAfter(
  { errand = "sign-in", redirectTo, lang }: Going,
  said: { readonly failed: string } | { readonly done: string } | Record<string, never>,
): string {
  const query = new URLSearchParams(said as Record<string, string>);
  const failed = "failed" in said;
  if (!failed && redirectTo !== undefined) return redirectTo;
  if (failed && redirectTo !== undefined && errand === "sign-in") {
    query.set("redirectTo", redirectTo);
  }
  if (lang !== undefined) query.set("lang", lang);
  const path = failed || errand === "link" ? FROM[errand] : "/account";
  const search = query.toString();
  return search === "" ? path : `${path}?${search}`;
}

/** A browser shows JSON to people who cannot read it: they are led to a page that says what is. */
export const leading = (
  context: RequestContext,
  going: Going,
  run: Effect.Effect<Answer, Failure, Services>,
): Effect.Effect<Answer, Failure, Services> => {
  const { settings, headers } = context;
  const looks = /\btext\/html\b/.test(headers.get("accept") ?? "");
  if (!looks || settings.pages === undefined) return run;
  return Effect.catch(run, (failure) => {
    const { code } = problemOf(failure);
    return Effect.succeed({ status: 303, redirect: pageAfter(going, { failed: code }) });
  });
};
