import { expect, test } from "vitest";
import { temporaryFolder } from "../ops/temporary-folder.ts";
import { architectOf } from "../support/faults-architect.ts";
import { ask } from "../support/faults-client.ts";
import { expectAcknowledged, expectContiguous, ledgerOf } from "../support/faults-ledger.ts";
import { startLoad } from "../support/faults-load.ts";
import { say } from "../support/faults-rounds.ts";
import { RUNTIME, startCommand, startServer, verify } from "../support/faults-server.ts";

const TIMEOUT_MS = 60_000;
/** A second server must not wait for the first to go away. */
const REFUSED_WITHIN_MS = 10_000;

test(
  "a second server on one pglite folder ends with one line, the first is unharmed",
  async () => {
    const place = { data: temporaryFolder() };
    const first = await startServer(place);
    const architect = await architectOf(first.base);
    const load = startLoad(first.base, architect);
    const begun = performance.now();
    const second = startCommand(["serve"], place);
    expect(await second.ended).toBe(2);
    expect(performance.now() - begun).toBeLessThan(REFUSED_WITHIN_MS);
    const lines = second.log().trim().split("\n");
    expect(lines).toEqual([`Cannot use folder ${place.data}: another Authledger holds it`]);

    await load.stop();
    expect(load.acknowledged.length).toBeGreaterThan(0);
    expect([load.broken(), ...load.refused.keys()]).toEqual([0]);
    expectContiguous(await ledgerOf(first.base, architect.cookie));
    first.kill("SIGKILL");
    await first.ended;

    const third = await startServer(place);
    const events = await ledgerOf(third.base, architect.cookie);
    expectContiguous(events);
    expectAcknowledged(events, load.acknowledged);
    expect((await ask(third.base, "POST /v1/guest")).status).toBe(201);
    expect(await verify(place)).toMatch(/, 0 problems$/);
    say(`pglite under ${RUNTIME}: folder free at once after kill -9, ready in ${third.readyMs} ms`);
  },
  TIMEOUT_MS,
);
