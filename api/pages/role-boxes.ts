import { checkbox } from "./form-parts.ts";
import { type Html, html } from "./html.ts";
import type { RoleHere } from "./roles-here.ts";
import type { Visit } from "./visit.ts";

type Boxes = {
  readonly roles: ReadonlyArray<RoleHere>;
  /** Ticked at first. */
  readonly held: ReadonlyArray<string>;
};

/** A box to tick for each role, with what it means. */
export function roleBoxes(visit: Visit, form: string, { roles, held }: Boxes): ReadonlyArray<Html> {
  return roles.map(({ name, description, builtIn }) =>
    checkbox(visit, form, {
      name: `role.${name}`,
      label: html`${name}`,
      // Descriptions are data, and those of the built-in roles are English.
      ...(description !== "" && (!builtIn || visit.language === "en") ? { hint: description } : {}),
      checked: held.includes(name),
    }),
  );
}
