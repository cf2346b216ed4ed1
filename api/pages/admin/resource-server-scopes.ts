import type { ResourceServerView } from "../../resource-servers/resource-server-view.ts";
import type { Field } from "../form-parts.ts";
import type { Visit } from "../visit.ts";
import { linesOf } from "./client-fields.ts";

type Scopes = ResourceServerView["scopes"];

/** Lines to begin with; it can be drawn larger. */
const ROWS = 5;

/** Scopes as they are typed: one a line, its name, a space, what people read of it. */
export function scopesField(visit: Visit, scopes: Scopes): Field {
  const { apis: words } = visit.texts;
  return {
    name: "scopes",
    label: words.scopes,
    hint: words.scopesHint,
    value: scopes.map(({ name, description }) => `${name} ${description}`).join("\n"),
    rows: ROWS,
    optional: "unsaid",
  };
}

/** What was typed; a name alone is without the words that it needs, which the API refuses. */
export function scopesOf(typed: string | undefined): Scopes {
  return linesOf(typed).map((line) => {
    const [name = "", ...words] = line.split(/\s+/);
    return { name, description: words.join(" ") };
  });
}
