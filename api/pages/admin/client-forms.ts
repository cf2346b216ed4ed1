import type { ClientView } from "../../clients/client-view.ts";
import type { Asked } from "../ask.ts";
import type { Fields } from "../form-body.ts";
import { inUtc } from "../in-utc.ts";
import type { Done, Form } from "../page.ts";
import { read, type Visit } from "../visit.ts";
import { linesOf, orNull, tickedOf, wholeOf } from "./client-fields.ts";
import { secretShown } from "./client-secrets.ts";

const ofClient = (visit: Visit) => ({ params: { id: visit.params["id"] ?? "" } });
const back =
  (done: string) =>
  ({ visit }: Done) =>
    visit.href(visit.path, { done });

type Changes = Readonly<Record<string, unknown>>;

/** Revises what the form shows, and nothing else. */
const revising = (changes: (fields: Fields) => Changes, done = "clientSaved"): Form => ({
  route: "PATCH /v1/clients/:id",
  input: (fields, visit) => ({ ...ofClient(visit), body: changes(fields) }),
  next: back(done),
});

/** The list of previews as it is now, less what is over: the API takes it as a whole. */
async function previewsNow(visit: Visit): Promise<ClientView["previewRedirectUris"]> {
  const { client } = await read<{ readonly client: ClientView }>(
    visit,
    "GET /v1/clients/:id",
    ofClient(visit),
  );
  const nowMs = Date.now();
  return client.previewRedirectUris.filter(({ expiresAt }) => Date.parse(expiresAt) > nowMs);
}

const withPreviews = (
  visit: Visit,
  previewRedirectUris: ClientView["previewRedirectUris"],
): Asked => ({ ...ofClient(visit), body: { previewRedirectUris } });

function lifetimesOf({ accessToken, idToken, refreshToken }: Fields) {
  const typed = Object.entries({ accessToken, idToken, refreshToken });
  return Object.fromEntries(
    typed.flatMap(([kind, value]) => (value === undefined ? [] : [[kind, wholeOf(value)]])),
  );
}

/** Every form of the page of one application. */
export const clientForms: Readonly<Record<string, Form>> = {
  looks: revising(({ name, logoUri, clientUri, policyUri, tosUri }) => ({
    name,
    logoUri: orNull(logoUri),
    clientUri: orNull(clientUri),
    policyUri: orNull(policyUri),
    tosUri: orNull(tosUri),
  })),
  addresses: revising(
    ({ redirectUris, postLogoutRedirectUris, origins, backchannelLogoutUri }) => ({
      redirectUris: linesOf(redirectUris),
      postLogoutRedirectUris: linesOf(postLogoutRedirectUris),
      origins: linesOf(origins),
      backchannelLogoutUri: orNull(backchannelLogoutUri),
    }),
  ),
  tokens: {
    ...revising((fields) => ({
      grantTypes: tickedOf(fields, "grant"),
      lifetimes: lifetimesOf(fields),
      ...(fields["tokenEndpointAuthMethod"] === undefined
        ? {}
        : {
            tokenEndpointAuthMethod: fields["tokenEndpointAuthMethod"],
            jwksUri: orNull(fields["jwksUri"]),
          }),
    })),
    beside: {
      lifetimes: "accessToken",
      "lifetimes.accessToken": "accessToken",
      "lifetimes.idToken": "idToken",
      "lifetimes.refreshToken": "refreshToken",
      redirectUris: "grantTypes",
      previewRedirectUris: "grantTypes",
    },
  },
  access: revising((fields) => ({
    ...(fields["accessPolicy"] === undefined ? {} : { accessPolicy: fields["accessPolicy"] }),
    ...(fields["trust"] === undefined
      ? {}
      : {
          skipConsent: fields["skipConsent"] !== undefined,
          scopes: tickedOf(fields, "scope"),
        }),
  })),
  "add-preview": {
    route: "PATCH /v1/clients/:id",
    input: async ({ uri, until = "" }, visit) => {
      const others = (await previewsNow(visit)).filter((one) => one.uri !== uri);
      return withPreviews(visit, [...others, { uri: uri ?? "", expiresAt: inUtc(until) }]);
    },
    beside: { previewRedirectUris: "uri" },
    next: back("clientSaved"),
  },
  "remove-preview": {
    route: "PATCH /v1/clients/:id",
    input: async ({ uri }, visit) =>
      withPreviews(
        visit,
        (await previewsNow(visit)).filter((one) => one.uri !== uri),
      ),
    next: back("clientSaved"),
  },
  "issue-secret": {
    route: "POST /v1/clients/:id/secrets",
    input: (_fields, visit) => ofClient(visit),
    next: ({ fields, visit, body }) => {
      const { clientSecret } = body as { readonly clientSecret: string };
      const { secretTitle: title } = visit.texts.clients;
      const clientId = visit.params["id"] ?? "";
      return secretShown(visit, { title, name: fields["name"] ?? "", clientId, clientSecret });
    },
  },
  "revoke-secret": {
    route: "DELETE /v1/clients/:id/secrets/:secretId",
    input: ({ secretId = "" }, visit) => ({
      params: { id: visit.params["id"] ?? "", secretId },
    }),
    next: back("secretRevoked"),
  },
  disable: revising(() => ({ disabled: true }), "clientDisabled"),
  enable: revising(() => ({ disabled: false }), "clientEnabled"),
  remove: {
    route: "DELETE /v1/clients/:id",
    refuse: ({ confirm, expected }) =>
      confirm?.trim() === expected?.trim()
        ? undefined
        : { status: 400, code: "confirm_mismatch", field: "confirm" },
    input: (_fields, visit) => ofClient(visit),
    next: ({ visit }) => visit.href("/admin/clients", { done: "clientRemoved" }),
  },
};
