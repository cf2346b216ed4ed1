import {
  ACCESS_POLICIES,
  API_SCOPES,
  AUTH_METHODS,
  DEFAULTS,
  GRANTS,
  LIFETIME_SECONDS,
} from "../../../domain/client/mod.ts";
import type { ClientView } from "../../clients/client-view.ts";
import { checkbox, choicesOf, type Field, fieldOf, formOf } from "../form-parts.ts";
import { type Html, html } from "../html.ts";
import { fill } from "../message.ts";
import { may, type Visit } from "../visit.ts";

// Each part of an application is a form of its own: who saves one does not undo what somebody else
// did to another meanwhile.

const lines = { rows: 3, optional: "unsaid", code: true } as const;
const address = { type: "url", optional: true, autocomplete: "off" } as const;

/** What people see of it, which gives nobody anything. */
export function looksSection(visit: Visit, client: ClientView): Html {
  const { clients: words, consent, frame } = visit.texts;
  return html`<section><h2>${words.looks}</h2>${formOf(visit, {
    name: "looks",
    fields: [
      {
        name: "name",
        label: words.name,
        hint: words.nameHint,
        value: client.name,
        autocomplete: "off",
      },
      {
        name: "logoUri",
        label: words.logoUri,
        hint: words.logoHint,
        value: client.logoUri,
        ...address,
      },
      { name: "clientUri", label: words.clientUri, value: client.clientUri, ...address },
      { name: "policyUri", label: consent.policy, value: client.policyUri, ...address },
      { name: "tosUri", label: consent.tos, value: client.tosUri, ...address },
    ],
    submit: frame.save,
  })}</section>`;
}

/** Where browsers and notices may be sent, and from where it may be called. */
export function addressSection(visit: Visit, client: ClientView): Html | undefined {
  const { clients: words, frame } = visit.texts;
  const { redirectUris, postLogoutRedirectUris, origins, backchannelLogoutUri } = client;
  if (client.type === "machine") return undefined;
  const fields: ReadonlyArray<Field> = [
    {
      name: "redirectUris",
      label: words.redirectUris,
      hint: words.redirectHint,
      value: redirectUris.join("\n"),
      ...lines,
    },
    {
      name: "postLogoutRedirectUris",
      label: words.postLogoutRedirectUris,
      value: postLogoutRedirectUris.join("\n"),
      ...lines,
    },
    {
      name: "origins",
      label: words.origins,
      hint: words.originsHint,
      value: origins.join("\n"),
      ...lines,
    },
    {
      name: "backchannelLogoutUri",
      label: words.backchannelLogoutUri,
      value: backchannelLogoutUri,
      ...address,
    },
  ];
  return html`<section><h2>${words.addresses}</h2><p class="hint">${words.addressesText}</p>
${formOf(visit, { name: "addresses", fields, submit: frame.save })}</section>`;
}

/** How it comes to tokens, and how long they live. */
export function tokenSection(visit: Visit, client: ClientView): Html {
  const { clients: words, frame } = visit.texts;
  const { type, grantTypes, tokenEndpointAuthMethod: method, jwksUri, lifetimes } = client;
  const isPublic = DEFAULTS[type].tokenEndpointAuthMethod === "none";
  const methods = AUTH_METHODS.filter((one) => (one === "none") === isPublic);
  const grants: Readonly<Record<string, string>> = words.grants;
  const boxes = GRANTS[type].map((grant) =>
    checkbox(visit, "tokens", {
      name: `grant.${grant}`,
      label: grants[grant] ?? grant,
      checked: grantTypes.includes(grant),
    }),
  );
  const proof: ReadonlyArray<Field> = [
    {
      name: "tokenEndpointAuthMethod",
      label: words.authMethod,
      choices: methods.map((one) => [one, words.methods[one]]),
      value: method,
    },
    { name: "jwksUri", label: words.jwksUri, hint: words.jwksHint, value: jwksUri, ...address },
  ];
  const kinds = type === "machine" ? (["accessToken"] as const) : KINDS;
  const lives = kinds.map(
    (kind): Field => ({
      name: kind,
      label: words.lifetimes[kind],
      hint: fill(words.seconds, {
        min: String(LIFETIME_SECONDS[kind].min),
        max: String(LIFETIME_SECONDS[kind].max),
      }),
      value: lifetimes[kind]?.toString(),
      inputmode: "numeric",
      autocomplete: "off",
      optional: true,
    }),
  );
  const asked = { name: "grantTypes", legend: words.grantTypes, boxes };
  return html`<section><h2>${words.tokens}</h2>${formOf(visit, {
    name: "tokens",
    extra: html`${choicesOf(visit, "tokens", asked)}
${[...(isPublic ? [] : proof), ...lives].map((field) => fieldOf(visit, "tokens", field))}`,
    submit: frame.save,
  })}</section>`;
}

const KINDS = ["accessToken", "idToken", "refreshToken"] as const;

/** Who may sign in to it; trust, which architects alone give, only they are shown. */
export function accessSection(visit: Visit, client: ClientView): Html | undefined {
  const { clients: words, frame } = visit.texts;
  const { type, accessPolicy, skipConsent, scopes } = client;
  const trusting = may(visit, "architect");
  const people = type !== "machine";
  if (!people && !trusting) return undefined;
  const policy: Field = {
    name: "accessPolicy",
    label: words.accessPolicy,
    choices: ACCESS_POLICIES.map((one) => [one, words.policies[one]]),
    value: accessPolicy,
  };
  const skip = checkbox(visit, "access", {
    name: "skipConsent",
    label: words.skipConsent,
    checked: skipConsent,
  });
  const boxes = API_SCOPES.map((scope) =>
    checkbox(visit, "access", {
      name: `scope.${scope}`,
      label: html`<code>${scope}</code>`,
      checked: scopes.includes(scope),
    }),
  );
  return html`<section><h2>${words.access}</h2>${formOf(visit, {
    name: "access",
    fields: people ? [policy] : [],
    // What a form does not show, it does not change.
    extra: trusting
      ? html`<input type="hidden" name="trust" value="yes">
<p class="hint">${words.trustText}</p>${people && type !== "native" && skip}
${choicesOf(visit, "access", { name: "scopes", legend: words.scopes, boxes })}`
      : undefined,
    submit: frame.save,
  })}</section>`;
}
