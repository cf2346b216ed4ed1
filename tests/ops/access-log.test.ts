import { expect, test } from "vitest";
import { accessLog } from "../../ops/access-log.ts";
import { createLog, type LogLevel } from "../../ops/log.ts";

const linesOf = (level: LogLevel, durationMs: number, status: number) => {
  const lines: Array<string> = [];
  const log = createLog(level, { write: (text) => lines.push(text) });
  accessLog(log)({ requestId: "r", route: "GET /v1/users/:id", status, durationMs });
  return lines.map((line) => JSON.parse(line));
};

test("a request has a line at debug, with route pattern, status and duration", () => {
  const access = { requestId: "r", route: "GET /v1/users/:id", status: 200, durationMs: 12 };
  expect(linesOf("debug", 12.3, 200)).toMatchObject([{ level: "debug", ...access }]);
  expect(linesOf("info", 12.3, 200)).toEqual([]);
});

test("what failed and what was slow has one at warn", () => {
  expect(linesOf("warn", 1, 503)).toMatchObject([{ level: "warn", status: 503 }]);
  expect(linesOf("warn", 1_000, 200)).toMatchObject([{ level: "warn", durationMs: 1_000 }]);
  expect(linesOf("warn", 999, 404)).toEqual([]);
});
