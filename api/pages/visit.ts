import type { ProblemFields } from "../http/problem.ts";
import { Problem } from "../http/problem.ts";
import type { Settings } from "../http/settings.ts";
import type { SessionView } from "../session/session-view.ts";
import type { UserView } from "../users/user-view.ts";
import type { Ask, Asked, RouteName } from "./ask.ts";
import type { Brand } from "./brand.ts";
import type { Fields } from "./form-body.ts";
import type { Language } from "./language.ts";
import type { Texts } from "./languages/en.ts";

/** Who is looking: as `GET /v1/session` has them. */
export type Person = { readonly user: UserView; readonly session: SessionView };

/** A form that was refused: it is shown again with what was typed and what was wrong. */
export type Failed = {
  readonly form: string;
  readonly problem: ProblemFields;
  /** Never passwords or tokens. */
  readonly typed: Fields;
};

/** One look at one page. */
export type Visit = {
  readonly settings: Settings;
  readonly brand: Brand;
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly language: Language;
  readonly texts: Texts;
  readonly person: Person | undefined;
  readonly failed: Failed | undefined;
  /** Their own session waits while they act in somebody's name, or after that was over. */
  readonly keptAside: boolean;
  /** Nobody owns the server yet. */
  readonly isNew: boolean;
  /** Plain HTTP at another address than localhost: only set-up is served. */
  readonly elsewhere: boolean;
  /** Where `redirectTo` may lead, when the page was asked for with a good one. */
  readonly redirectTo: string | undefined;
  readonly ask: Ask;
  /** A path of ours that keeps the chosen language. */
  readonly href: (path: string, query?: Readonly<Record<string, string | undefined>>) => string;
};

/**
 * What a route answers.
 *
 * Errors: throws the route's `Problem`; the page is then that problem.
 */
export async function read<T>(visit: Visit, name: RouteName, asked: Asked = {}): Promise<T> {
  const told = await visit.ask<T>(name, asked);
  if (!told.ok) throw new Problem(told.problem);
  return told.body;
}

/** Whether the person has one of the roles. */
export function may({ person }: Visit, ...roles: ReadonlyArray<string>): boolean {
  return person !== undefined && roles.some((role) => person.user.roles.includes(role));
}
