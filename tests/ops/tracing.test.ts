import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createAuthledger } from "../../ops/create-authledger.ts";
import { otlpReceiver, type ReceivedSpan } from "../support/otlp-receiver.ts";
import { onEachStore, type Place, place } from "./commands/on-each-store.ts";

const CANARY = "canarytrace";
const TRACE = "0af7651916cd43dd8448eb211c80319c";
const PARENT = "b7ad6b7169203331";
const traceparent = `00-${TRACE}-${PARENT}-01`;
const MINUTE_MS = 60_000;

type Lived = {
  readonly spans: ReadonlyArray<ReceivedSpan>;
  readonly bodies: string;
  readonly problems: ReadonlyArray<string>;
  readonly statuses: ReadonlyArray<number>;
  readonly correlation: string | null;
};

/** A server's life with a sign-up, a refused repetition and a read, and what was traced. */
async function life({ folder, variables }: Place, environment: object): Promise<Lived> {
  const receiver = await otlpReceiver();
  const authledger = await createAuthledger({
    environment: {
      ...variables,
      ...environment,
      AUTHLEDGER_DATA: folder,
      LOG_LEVEL: "error",
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint,
    },
    folder,
  });
  const server = createServer(authledger.listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const headers = { "content-type": "application/json", "user-agent": CANARY, traceparent };
  const email = `${CANARY}@example.com`;
  const body = JSON.stringify({ email, password: `${CANARY} password`, name: CANARY });
  const statuses: Array<number> = [];
  let correlation: string | null = null;
  for (let i = 0; i < 2; i++) {
    const answer = await fetch(`${base}/v1/sign-up`, { method: "POST", headers, body });
    statuses.push(answer.status);
    correlation ??= answer.headers.get("request-id");
    const cookie = answer.headers.get("set-cookie")?.split(";")[0] ?? "";
    await answer.text();
    if (cookie === "") continue;
    const me = await fetch(`${base}/v1/me?${CANARY}=1`, { headers: { cookie } });
    statuses.push(me.status);
    await me.text();
  }
  server.close();
  server.closeAllConnections();
  await authledger.close();
  await receiver.close();
  return { ...receiver, bodies: receiver.bodies.join("\n"), statuses, correlation };
}

const attributesOf = ({ attributes }: ReceivedSpan) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

onEachStore("traces", (store) => {
  let here: Place;
  let lived: Lived;
  beforeAll(async () => {
    here = await place(store);
    lived = await life(here, { AUTHLEDGER_TRUST_PROXY: "127.0.0.1/32" });
  }, MINUTE_MS);
  afterAll(() => here.remove());

  test("a receiver that takes only what the protocol says takes all of it", () => {
    expect(lived.statuses).toEqual([201, 400, 409]);
    expect(lived.problems).toEqual([]);
    expect(lived.spans.length).toBeGreaterThan(5);
  });

  test("a write is traced from its request through transact, append and flush to SQL", () => {
    const { spans } = lived;
    const named = (span: ReceivedSpan | undefined) =>
      span?.name.replace(/append_(?:identity|activity)/, "append");
    const chains = spans
      .filter(({ name }) => name === "SELECT authledger.append_identity")
      .map((span) => {
        const chain: Array<string | undefined> = [];
        let at: ReceivedSpan | undefined = span;
        while (at !== undefined) {
          chain.unshift(named(at));
          const { parentSpanId, traceId }: ReceivedSpan = at;
          at = spans.find((each) => each.spanId === parentSpanId && each.traceId === traceId);
        }
        return chain;
      });
    const through = ["transact", "append", "flush", "SELECT authledger.append"];
    expect(chains).toContainEqual(["POST /v1/sign-up", ...through]);
    const request = spans.find(({ name }) => name === "POST /v1/sign-up");
    if (request === undefined) throw new Error("no span of the request");
    expect(attributesOf(request)).toEqual({
      "http.request.method": "POST",
      "http.route": "/v1/sign-up",
      "http.response.status_code": 201,
      "authledger.correlation": lived.correlation,
    });
    const appends = spans.filter(({ name }) => name === "append");
    expect(appends.map((each) => attributesOf(each)["authledger.correlation"])).toContain(
      lived.correlation,
    );
  });

  test("a trusted proxy's trace goes on here", () => {
    const requests = lived.spans.filter(({ name }) => name === "POST /v1/sign-up");
    expect(requests.map(({ traceId, parentSpanId }) => [traceId, parentSpanId])).toEqual([
      [TRACE, PARENT],
      [TRACE, PARENT],
    ]);
    const refused = lived.spans.filter(({ name }) => name === "GET /v1/me");
    expect(refused.map(({ traceId }) => traceId)).not.toContain(TRACE);
  });

  test("no span holds anything personal, whether the request passed or was refused", () => {
    expect(lived.bodies).not.toContain(CANARY);
    expect(lived.bodies).not.toContain("127.0.0.1");
    expect(lived.bodies).not.toMatch(/\bat .*\.ts:/);
  });

  test(
    "a stranger's trace is a link: nobody writes into ours or switches them off",
    async () => {
      const other = await place(store);
      try {
        const { spans } = await life(other, {});
        const [request] = spans.filter(({ name }) => name === "POST /v1/sign-up");
        expect(request?.traceId).not.toBe(TRACE);
        expect(request?.parentSpanId).toBeUndefined();
        expect(request?.links.map(({ traceId, spanId }) => [traceId, spanId])).toEqual([
          [TRACE, PARENT],
        ]);
      } finally {
        await other.remove();
      }
    },
    MINUTE_MS,
  );
});
