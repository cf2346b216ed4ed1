import { expect, test } from "vitest";
import { demoCli } from "./demo-cli.ts";

test("help lists each command, and each command its options", async () => {
  const all = await demoCli(["--help"]);
  expect(all.status).toBe(0);
  expect(all.out).toContain("  where   says where it runs\n");
  expect(await demoCli([])).toEqual(all);
  const one = await demoCli(["where", "--help"]);
  expect(one).toMatchObject({ status: 0, err: "" });
  expect(one.out).toContain("Usage: authledger where [options] [NAME…]");
  expect(one.out).toContain("  --from POSITION  the first position\n");
  expect(one.out).toContain("  --json           answer in JSON, for machines\n");
});

test("--version is the version", async () => {
  expect(await demoCli(["--version"])).toEqual({ status: 0, out: "1.2.3\n", err: "" });
});

test("a command gets its options, its names and the store", async () => {
  const ran = await demoCli(["where", "--from", "7", "users", "roles"]);
  expect(ran).toEqual({ status: 0, out: 'here {"from":"7"} users,roles\n', err: "json false\n" });
  expect((await demoCli(["where", "--json", "--no"])).err).toBe("json true\n");
  expect((await demoCli(["where", "--no"])).status).toBe(1);
});

test.each([
  [["verfy"], 'Unknown command "verfy": authledger --help lists them'],
  [["wher"], 'Unknown command "wher": did you mean where?'],
  [["--verbose"], 'Unknown option "--verbose": authledger --help lists them'],
  [["where", "--form", "7"], 'Unknown option "--form": did you mean --from?'],
  [["where", "-x"], 'Unknown option "-x": where --help lists them'],
  [["where", "--__proto__"], 'Unknown option "--__proto__": where --help lists them'],
  [["where", "--from"], "Cannot use --from without a value: expected POSITION"],
  [["where", "--no=1"], "Cannot use --no with a value: it takes none"],
  [["lines", "7"], 'Cannot run lines with "7": it takes options only'],
  [["refuse"], "Cannot find position 7: the head is 3"],
  [["break"], "Cannot finish break: a defect of the program"],
])("%j is one line and status 2", async (written, line) => {
  expect(await demoCli(written)).toEqual({ status: 2, out: "", err: `${line}\n` });
});

test("a mistake in the configuration is one line and status 2, before anything runs", async () => {
  expect(await demoCli(["where"], { environment: { PORT: "x" } })).toEqual({
    status: 2,
    out: "",
    err: 'Cannot use PORT "x": expected a whole number from 0 to 65535\n',
  });
});

test("being stopped is success for a server and 130 for other work", async () => {
  const stop = new AbortController();
  const work = demoCli(["wait"], { signal: stop.signal, onOut: () => stop.abort() });
  expect(await work).toEqual({ status: 130, out: "waiting\n", err: "" });
  const serving = new AbortController();
  const served = demoCli(["serve"], { signal: serving.signal });
  serving.abort();
  expect(await served).toEqual({ status: 0, out: "", err: "" });
});
