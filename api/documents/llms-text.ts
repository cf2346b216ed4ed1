import type { Route } from "../http/route.ts";
import type { Settings } from "../http/settings.ts";
import { areasOf } from "./areas.ts";

const CONVENTIONS = `- JSON in and out. Unknown or duplicate members are refused with 400.
- Times are RFC 3339, ids are opaque.
- Sign in with \`POST /v1/sign-in\` and send the session cookie that it sets.
- A browser's page must be at a listed origin.
- A write answers with the header \`Ledger-Position: N\`. Read what you wrote with \`?at_least=N\`:
  without it a read may be a moment behind.
- Read the past with \`?as_of=N\` or \`?as_of=<time>\`.
- Send \`Idempotency-Key\` with a write whose answer may get lost; repeat it with the same key and
  body.
- Lists take \`limit\` and \`cursor\` and answer \`{items, nextCursor}\`.
- Errors are \`application/problem+json\`: compare \`code\`. 403 has \`requires\`, a role that would
  do; 429 and 503 have \`Retry-After\`.
- On the host, \`authledger doctor --json\` describes the installation and says what to mend.`;

/** What a language model needs to work with this server. Source: llmstxt.org. */
export function llmsText(
  routes: ReadonlyArray<Route>,
  { url, version }: Pick<Settings, "url" | "version">,
): string {
  const areas = areasOf(routes).map(
    ({ title, routes: inside }) => `## ${title}\n\n${inside.map(lineOf).join("\n")}\n`,
  );
  return `# Authledger

> An identity provider whose log is the truth, version ${version}, at ${url}. Every identity change
> is an event in an append-only ledger; users, roles and sessions are folded from it, and can be
> asked for as of any earlier position or time.

${CONVENTIONS}

## Documents

- [OpenAPI 3.1](${url}/openapi.json): every route with its schemas
- [Routes to read](${url}/docs): the same for people
- [Readiness](${url}/readyz): what is behind, parked or blocked

${areas.join("\n")}`;
}

function lineOf({ method, path, summary, auth }: Route): string {
  const who = typeof auth === "string" ? { public: "anybody", session: "signed in" }[auth] : auth;
  return `- \`${method} ${path}\` (${[who].flat().join(", ")}): ${summary}`;
}
