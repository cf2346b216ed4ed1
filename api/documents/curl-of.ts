import type { JsonObject } from "../../domain/json.ts";
import type { Route } from "../http/route.ts";
import { exampleOf } from "./example-of.ts";

/** A call for a shell. `cookies` is the file that a sign-in with `-c cookies` writes. */
export function curlOf(route: Route, body: JsonObject | undefined, url: string): string {
  const { method, path, auth } = route;
  const named = path.replaceAll(/:([A-Za-z]+)/g, (_, name: string) => `{${name}}`);
  const lines = [`curl ${method === "GET" ? "" : `-X ${method} `}'${url}${named}'`];
  if (auth === "public" && route.writes) lines.push("-c cookies");
  if (auth !== "public") lines.push("-b cookies");
  if (body !== undefined) {
    lines.push("-H 'content-type: application/json'");
    lines.push(`-d '${JSON.stringify(exampleOf(body)).replaceAll("'", String.raw`'\''`)}'`);
  }
  return lines.join(" \\\n  ");
}
