import * as Effect from "effect/Effect";
import { expect, test } from "vitest";
import type { LogLine } from "../../api/http/settings.ts";
import { createLog, type LogFields, type LogLevel, logLayer } from "../../ops/log.ts";

const at = () => new Date("2026-11-21T03:04:05.678Z");

const logOf = (level: LogLevel, isTTY = false) => {
  const lines: Array<string> = [];
  const log = createLog(level, { isTTY, write: (text) => lines.push(text) }, at);
  return { log, lines };
};

test("a line is JSON with time, level, message and fields", () => {
  const { log, lines } = logOf("info");
  log.info("Answered a request", { method: "POST", route: "/v1/sign-up", status: 201 });
  expect(lines).toEqual([
    '{"at":"2026-11-21T03:04:05.678Z","level":"info","message":"Answered a request",' +
      '"method":"POST","route":"/v1/sign-up","status":201}\n',
  ]);
});

test("every field that the API logs is written", () => {
  const { log, lines } = logOf("error");
  const place = "api/sign-in/sign-in.ts:31:7";
  const said: Required<Omit<LogLine, "level" | "message">> = {
    requestId: "r",
    route: "POST /v1/sign-in",
    error: "TypeError",
    place,
    sqlstate: "53100",
  };
  log.error("Cannot answer", said);
  expect(JSON.parse(lines[0] ?? "")).toMatchObject(said);
});

test("on a terminal a line reads well", () => {
  const { log, lines } = logOf("info", true);
  log.warn("Projection parked a key", { projection: "users", position: 7 });
  expect(lines).toEqual([
    "03:04:05  warn   Projection parked a key  projection=users  position=7\n",
  ]);
});

test("lines below the level are not written", () => {
  const { log, lines } = logOf("warn");
  log.debug("a");
  log.info("b");
  log.warn("c");
  log.error("d");
  expect(lines.map((line) => JSON.parse(line).message)).toEqual(["c", "d"]);
});

test("a field without a name in the list is never written, nor anything but plain values", () => {
  const { log, lines } = logOf("info");
  const fields = {
    status: 200,
    email: "ada@example.com",
    cookie: "session",
    authorization: "Bearer x",
    body: "{}",
    route: { nested: "ada@example.com" },
    name: "x".repeat(500),
  };
  log.info("Answered", fields as unknown as LogFields);
  expect(JSON.parse(lines[0] ?? "")).toEqual({
    at: "2026-11-21T03:04:05.678Z",
    level: "info",
    message: "Answered",
    status: 200,
    name: "x".repeat(200),
  });
});

test("what adapters log keeps its text, allowed annotations and the tag of a failure", async () => {
  const { log, lines } = logOf("info");
  const program = Effect.gen(function* () {
    yield* Effect.logInfo("Reconnected");
    yield* Effect.logDebug("unseen");
    yield* Effect.logError(new Error("ada@example.com is taken"));
  });
  const annotated = Effect.annotateLogs(program, { attempt: 3, email: "ada@example.com" });
  await Effect.runPromise(Effect.provide(annotated, logLayer(log, "info")));
  expect(lines.join("")).not.toContain("ada@example.com");
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { level: "info", message: "Reconnected", attempt: 3 },
    { level: "error", message: "Logged without a text", attempt: 3 },
  ]);
});
