import { attributes, type Hole, type Html, html } from "./html.ts";
import { messageOf } from "./message.ts";
import type { Visit } from "./visit.ts";

/** One thing to fill in. */
export type Field = {
  readonly name: string;
  readonly label: string;
  readonly hint?: string | undefined;
  readonly type?:
    | "text"
    | "email"
    | "password"
    | "tel"
    | "url"
    | "search"
    | "datetime-local"
    | "number";
  readonly value?: string | undefined;
  readonly autocomplete?: string;
  /** "unsaid" where everything is. */
  readonly optional?: boolean | "unsaid";
  readonly rows?: number;
  readonly choices?: ReadonlyArray<readonly [value: string, label: string]>;
  /** What may be meant, offered while one types. */
  readonly suggestions?: ReadonlyArray<string>;
  /** Shown and sent, and not to be changed. */
  readonly fixed?: boolean;
  /** Not a word of any language. */
  readonly code?: boolean;
  readonly inputmode?: "numeric";
};

type FormParts = {
  readonly name: string;
  readonly fields?: ReadonlyArray<Field>;
  /** Sent along unseen. */
  readonly hidden?: Readonly<Record<string, string | undefined>>;
  /** Between the fields and the button. */
  readonly extra?: Html | undefined;
  readonly submit: string;
  readonly look?: "danger" | "quiet";
  /** Another button of the same form: it sends its own name as the form's. */
  readonly also?: Html | false | undefined;
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** Sent twice by a double click or a reload, it is done once. */
  readonly once?: true;
  /** Its two buttons are a choice: side by side, as large as each other. */
  readonly choice?: true;
};

/** A form with its fields, what was wrong beside each, and its button. */
export function formOf(visit: Visit, parts: FormParts): Html {
  const { name, fields = [], hidden = {}, extra, submit, look, also, query = {} } = parts;
  const { once, choice } = parts;
  const { failed, texts } = visit;
  const proves = failed?.form === name && asksProof(visit);
  const proof: ReadonlyArray<Field> = proves
    ? [
        {
          name: "confirmation",
          label: texts.proof.label,
          hint: texts.proof.hint,
          type: "password",
          autocomplete: "current-password",
        },
      ]
    : [];
  const all = [...fields, ...proof];
  const kept = Object.entries(hidden).map(
    ([key, value]) =>
      value !== undefined && html`<input type="hidden" name="${key}" value="${value}">`,
  );
  const action = visit.href(visit.path, { redirectTo: visit.redirectTo, ...query });
  return html`<form method="post" action="${action}" novalidate>
${kept}${once && html`<input type="hidden" name="once" value="${crypto.randomUUID()}">`}
${all.map((field) => fieldOf(visit, name, field))}
${extra}
<p class="${choice ? "actions choice" : "actions"}"><button type="submit" name="form"
value="${name}"${attributes({ class: look })}>${submit}</button>${also}</p>
</form>`;
}

/** The API wants the person to prove anew who they are, or they just failed to. */
function asksProof({ failed, person }: Visit): boolean {
  if (person?.user.methods.includes("password") !== true) return false;
  return failed?.problem.code === "elevation_required" || failed?.problem.field === "confirmation";
}

/** A label, a hint, what is wrong, and what to fill in, in the order in which they are read. */
export function fieldOf(visit: Visit, form: string, field: Field): Html {
  const { name, label, hint, optional, choices, rows, code } = field;
  const { type = "text", autocomplete, value, inputmode, suggestions, fixed } = field;
  const id = `${form}-${name}`;
  const error = errorOf(visit, form, name);
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  const shown = visit.failed?.form === form ? visit.failed.typed[name] : value;
  const shared = {
    id,
    name,
    autocomplete,
    inputmode,
    required: optional === undefined || optional === false,
    "aria-invalid": error === undefined ? undefined : "true",
    "aria-describedby": described === "" ? undefined : described,
    ...(code === true ? { spellcheck: "false", autocapitalize: "none", class: "code" } : {}),
  };
  let control: Html;
  if (choices !== undefined) {
    control = html`<select${attributes(shared)}>${choices.map(
      ([choice, text]) =>
        html`<option value="${choice}"${attributes({ selected: choice === (shown ?? "") })}>${text}
        </option>`,
    )}</select>`;
  } else if (rows !== undefined) {
    control = html`<textarea${attributes({ ...shared, rows })}>${shown}</textarea>`;
  } else {
    const kept = type === "password" ? undefined : shown;
    const list = suggestions && `${id}-list`;
    const all = { ...shared, type, value: kept, list, readonly: fixed, ...keyboard(type) };
    control = html`<input${attributes(all)}>${suggestions && listOf(`${id}-list`, suggestions)}`;
  }
  return html`<div class="field">
<label for="${id}">${label}${
    optional === true &&
    html` <span
class="optional">${visit.texts.frame.optional}</span>`
  }</label>
${hint && html`<p class="hint" id="${id}-hint">${hint}</p>`}
${error && html`<p class="error" id="${id}-error">${error}</p>`}
${control}
</div>`;
}

function listOf(id: string, values: ReadonlyArray<string>): Html {
  return html`<datalist id="${id}">${values.map((value) => html`<option value="${value}">`)}
  </datalist>`;
}

function keyboard(type: string) {
  return type === "email" ? { spellcheck: "false", autocapitalize: "none" } : {};
}

function errorOf({ failed, texts }: Visit, form: string, name: string): string | undefined {
  if (failed?.form !== form || failed.problem.field !== name) return undefined;
  return messageOf(failed.problem, texts);
}

/** Boxes that are one question, with what was wrong about all of them. */
export function choicesOf(visit: Visit, form: string, { name, legend, boxes }: Choices): Html {
  const id = `${form}-${name}`;
  const error = errorOf(visit, form, name);
  return html`<fieldset${attributes({
    id,
    "aria-describedby": error === undefined ? undefined : `${id}-error`,
  })}><legend>${legend}</legend>
${error && html`<p class="error" id="${id}-error">${error}</p>`}
<div class="checks">${boxes}</div></fieldset>`;
}

type Choices = {
  readonly name: string;
  readonly legend: string;
  readonly boxes: ReadonlyArray<Html>;
};

/** A box to tick. */
export function checkbox(
  visit: Visit,
  form: string,
  box: {
    readonly name: string;
    readonly label: Hole;
    readonly checked: boolean;
    readonly hint?: string;
  },
): Html {
  const { name, label, checked, hint } = box;
  const id = `${form}-${name}`;
  const ticked = visit.failed?.form === form ? visit.failed.typed[name] !== undefined : checked;
  const attributesOf = {
    id,
    name,
    type: "checkbox",
    value: "yes",
    checked: ticked,
    "aria-describedby": hint === undefined ? undefined : `${id}-hint`,
  };
  return html`<div class="check"><input${attributes(attributesOf)}>
<label for="${id}">${label}</label>${
    hint !== undefined &&
    html`<p class="hint"
id="${id}-hint">${hint}</p>`
  }</div>`;
}

/** What went wrong, at the top, where the eye and the focus are after the page came back. */
export function summaryOf(visit: Visit): Html | undefined {
  const { failed, texts } = visit;
  if (failed === undefined) return undefined;
  const { problem, form } = failed;
  const wanted = problem.code === "elevation_required";
  const provable = asksProof(visit);
  const why = provable ? texts.proof.why : texts.proof.again;
  const message = wanted ? why : messageOf(problem, texts);
  const field = wanted ? (provable ? "confirmation" : undefined) : problem.field;
  return html`<div class="summary" role="alert" tabindex="-1" autofocus
  aria-labelledby="summary-title">
<h2 id="summary-title">${texts.problem.summary}</h2>
<p>${field !== undefined ? html`<a href="#${form}-${field}">${message}</a>` : message}</p>
</div>`;
}
