import type { ProblemFields } from "../http/problem.ts";
import type { Gate } from "../session/gate.ts";
import type { Asked, RouteName } from "./ask.ts";
import type { Fields } from "./form-body.ts";
import type { Html } from "./html.ts";
import type { Visit } from "./visit.ts";

/** What a page shows: the frame around it is the same for all. */
export type Shown = {
  readonly title: string;
  readonly body: Html;
  /** One narrow card, or a work place with its navigation. */
  readonly frame: "door" | "account" | "admin";
  /** Other than 200, of a query that was refused. */
  readonly status?: number;
  /** The visit with what was refused, for the page's title. */
  readonly visit?: Visit;
  /** Its form may lead to any listed origin: where, only its answer says. */
  readonly leadsAway?: true;
  /** Addresses that its form may lead to besides. */
  readonly leadsTo?: ReadonlyArray<string>;
  /** Where the way back leads on a narrow screen. */
  readonly parent?: { readonly path: string; readonly label: string };
};

/** Somewhere else to go instead. */
export type Redirect = { readonly to: string };

/** What a form does: which route of the API it runs, with what, and where the person goes then. */
export type Form = {
  readonly route: RouteName | ((fields: Fields) => RouteName);
  /** Default: every field is a member of the body. */
  readonly input?: (fields: Fields, visit: Visit) => Asked | Promise<Asked>;
  /** Refused before the route is asked, when what was typed does not even confirm. */
  readonly refuse?: (fields: Fields, visit: Visit) => ProblemFields | undefined;
  /** The form on the page that this one is another button of. */
  readonly shownAs?: string;
  /** Beside which field of the form a message stands, by the problem's own field or its code. */
  readonly beside?: Readonly<Record<string, string>>;
  /**
   * Path and query, or an address of a listed origin. A page instead is shown in answer to the form
   * itself, at no address of its own: for what is shown this once and may stand in no URL.
   */
  readonly next: (done: Done) => string | Shown;
};

export type Done = {
  readonly fields: Fields;
  readonly visit: Visit;
  readonly body: unknown;
  readonly position: number | undefined;
};

/** A page is data like a route, and one function that shows it. */
export type Page = {
  /** With `:name` for parameters. */
  readonly path: `/${string}`;
  readonly gate: "public" | Gate;
  readonly show: (visit: Visit) => Promise<Shown | Redirect>;
  /** By the name that each form sends as `form`. */
  readonly forms?: Readonly<Record<string, Form>>;
};
