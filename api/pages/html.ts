const MARKUP = Symbol("markup");

/** Markup that was written here, with everything that came from elsewhere escaped. */
export type Html = { readonly [MARKUP]: string };

/** What may stand in a template: texts are escaped, `undefined` and `false` show nothing. */
export type Hole = string | number | Html | undefined | false | ReadonlyArray<Hole>;

/** A piece of a page: html`<p>${name}</p>`. */
export function html(strings: TemplateStringsArray, ...holes: ReadonlyArray<Hole>): Html {
  const pieces = strings.map((text, at) => text + shown(holes[at]));
  return { [MARKUP]: pieces.join("") };
}

/** The text of some markup, to be sent. */
export function markupOf(piece: Html): string {
  return piece[MARKUP];
}

/** Attributes of an element; one that is undefined or false is left out, true has no value. */
export function attributes(
  values: Readonly<Record<string, string | number | boolean | undefined>>,
): Html {
  const written = Object.entries(values).flatMap(([name, value]) => {
    if (value === undefined || value === false) return [];
    return value === true ? [` ${name}`] : [` ${name}="${escaped(String(value))}"`];
  });
  return { [MARKUP]: written.join("") };
}

/** A text of somebody's choosing: whatever direction it is written in, it stays in its place. */
export function foreign(text: string): Html {
  return html`<bdi>${text}</bdi>`;
}

function shown(hole: Hole): string {
  if (hole === undefined || hole === false) return "";
  if (typeof hole === "string") return escaped(hole);
  if (typeof hole === "number") return String(hole);
  if (Array.isArray(hole)) return hole.map(shown).join("");
  return (hole as Html)[MARKUP];
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Good in text and in quoted attributes (WHATWG HTML, 13.3). */
function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}
