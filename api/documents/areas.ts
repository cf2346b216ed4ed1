import type { Route } from "../http/route.ts";

/** Routes that belong together, as a reader looks for them. */
export type Area = {
  readonly id: string;
  readonly title: string;
  readonly routes: ReadonlyArray<Route>;
};

/** Titles by the first segment after `/v1/`; several segments may share one. */
const TITLES: Readonly<Record<string, string>> = {
  setup: "First run",
  "sign-up": "Signing in",
  "sign-in": "Signing in",
  "sign-out": "Signing in",
  methods: "Signing in",
  guest: "Signing in",
  session: "Session",
  sessions: "Session",
  impersonation: "Session",
  "magic-link": "E-mail and passwords",
  email: "E-mail and passwords",
  password: "E-mail and passwords",
  mail: "E-mail and passwords",
  me: "Me",
  users: "Users",
  roles: "Users",
  guests: "Users",
  invitations: "Invitations",
  architects: "Architects",
  clients: "Applications and APIs",
  "registration-tokens": "Applications and APIs",
  "resource-servers": "Applications and APIs",
  providers: "Providers",
  stores: "Permission stores",
  ledger: "Ledger",
};
const OPERATIONS = "Operations";

/** Every route in one area; areas and routes in the order of the table. */
export function areasOf(routes: ReadonlyArray<Route>): ReadonlyArray<Area> {
  const byTitle = new Map<string, Array<Route>>();
  for (const route of routes) {
    const title = titleOf(route.path);
    byTitle.set(title, [...(byTitle.get(title) ?? []), route]);
  }
  return [...byTitle].map(([title, inside]) => ({
    id: title.toLowerCase().replaceAll(/[^a-z]+/g, "-"),
    title,
    routes: inside,
  }));
}

function titleOf(path: string): string {
  const [, segment] = /^\/v1\/([^/:]+)/.exec(path) ?? [];
  if (segment === undefined) return OPERATIONS;
  return TITLES[segment] ?? segment.charAt(0).toUpperCase() + segment.slice(1).replaceAll("-", " ");
}
