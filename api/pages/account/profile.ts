import type { UserView } from "../../users/user-view.ts";
import { type Field, formOf, summaryOf } from "../form-parts.ts";
import { html } from "../html.ts";
import { LANGUAGES } from "../language.ts";
import type { Page } from "../page.ts";
import type { Visit } from "../visit.ts";

/** Every zone that this program knows, so that nobody has to guess how one is written. */
const TIME_ZONES = Intl.supportedValuesOf("timeZone");

const FIELDS = ["name", "bio", "phone", "address", "image", "locale", "timezone"] as const;

/** What others may call one, and how one likes the pages. */
export const profilePage: Page = {
  path: "/account/profile",
  gate: "session",
  show: async (visit) => {
    const { account, frame } = visit.texts;
    const fields = profileFields(visit);
    return {
      title: account.profile,
      frame: "account",
      parent: { path: "/account", label: account.title },
      body: html`
        <h1>${account.profile}</h1>
        ${summaryOf(visit)}
        <section>${formOf(visit, { name: "profile", fields, submit: frame.save })}</section>`,
    };
  },
  forms: {
    profile: {
      route: "PATCH /v1/me",
      // What a form does not send was emptied by its owner.
      input: (fields) => ({
        body: Object.fromEntries(FIELDS.map((field) => [field, oneLine(fields[field]) ?? null])),
      }),
      next: ({ visit }) => visit.href("/account/profile", { done: "profile" }),
    },
  },
};

/** The API keeps one line; a text box sends several. */
function oneLine(text: string | undefined): string | undefined {
  return text?.replaceAll(/\s*[\r\n]+\s*/g, " ").trim() || undefined;
}

function profileFields({ texts, person }: Visit): ReadonlyArray<Field> {
  const { profile } = texts;
  const user: Partial<UserView> = person?.user ?? {};
  const value = (field: (typeof FIELDS)[number]) =>
    typeof user[field] === "string" ? user[field] : "";
  const spoken = Object.entries(LANGUAGES).map(([code, { name }]) => [code, name] as const);
  const other = value("locale");
  const known = other === "" || Object.hasOwn(LANGUAGES, other);
  const optional = "unsaid";
  return [
    { name: "name", label: profile.name, value: value("name"), autocomplete: "name", optional },
    { name: "bio", label: profile.bio, value: value("bio"), rows: 3, optional },
    {
      name: "phone",
      label: profile.phone,
      value: value("phone"),
      type: "tel",
      autocomplete: "tel",
      optional,
    },
    {
      name: "address",
      label: profile.address,
      value: value("address"),
      autocomplete: "street-address",
      rows: 2,
      optional,
    },
    {
      name: "image",
      label: profile.image,
      hint: profile.imageHint,
      value: value("image"),
      type: "url",
      autocomplete: "photo",
      optional,
    },
    {
      name: "locale",
      label: profile.locale,
      value: other,
      choices: [["", profile.anyLanguage], ...spoken, ...(known ? [] : [[other, other] as const])],
      optional,
    },
    {
      name: "timezone",
      label: profile.timezone,
      hint: profile.timezoneHint,
      value: value("timezone"),
      suggestions: TIME_ZONES,
      code: true,
      optional,
    },
  ];
}
