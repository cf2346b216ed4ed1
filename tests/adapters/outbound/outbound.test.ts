import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { certificate } from "../../support/secure-server.ts";
import { until } from "../../support/until.ts";
import { asked, refusalOf } from "./asked.ts";
import { openConnections, ports, received, startServers, stopServers, touched } from "./servers.ts";

const HERE = ["127.0.0.1/32"];

beforeAll(startServers);
afterAll(stopServers);

describe("an address that is not public", () => {
  /** All of them are 127.0.0.1, or lead to it. */
  const SPELLINGS = [
    "127.0.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "0177.0.0.1",
    "017700000001",
    "127.1",
    "127.0.0.1.",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[0:0:0:0:0:ffff:127.0.0.1]",
    "[::127.0.0.1]",
    "[64:ff9b::127.0.0.1]",
    "[2002:7f00:1::]",
    "0.0.0.0",
    "[::]",
    "[::1]",
    "localhost",
    "localhost.",
    "LOCALHOST",
    "１２７.0.0.1",
  ];
  test.each(SPELLINGS)("is not even connected to: %s", async (host) => {
    const before = { ...touched };
    for (const protocol of ["https", "http"]) {
      expect(await refusalOf(`${protocol}://${host}:${ports.silent}/`)).toBe("address_refused");
    }
    expect(touched).toEqual(before);
  });

  test("is not reached by a name that leads elsewhere the next time", async () => {
    const before = { ...touched };
    const answers = [["127.0.0.1"], ["127.0.0.2"]];
    let looks = 0;
    const resolve = async () => answers[Math.min(looks++, 1)] ?? [];
    // The address that was checked is the one that is used: nobody looks twice.
    const how = { resolve, allow: HERE };
    const { outcome } = await asked(`http://rebound.example:${ports.http}/`, how);
    expect(outcome).toMatchObject({ status: 200 });
    expect(looks).toBe(1);
    await refusalOf(`http://rebound.example:${ports.silent}/`, how);
    expect(touched).toEqual(before);
  });

  test("is found on the connected socket too, which has sent nothing yet", async () => {
    const before = { ...touched };
    // This machine answers for 0.0.0.0 by 127.0.0.1, which is not in the list.
    for (const protocol of ["http", "https"]) {
      const url = `${protocol}://0.0.0.0:${ports.silent}/`;
      expect(await refusalOf(url, { allow: ["0.0.0.0/32"] })).toBe("address_refused");
    }
    expect(touched).toEqual({ ...before, connections: before.connections + 2 });
  });

  test("is passed over among public ones, and alone refused", async () => {
    const resolve = async () => ["10.0.0.1", "169.254.169.254", "::1"];
    expect(await refusalOf("https://inside.example/", { resolve })).toBe("address_refused");
    const mixed = async () => ["10.0.0.1", "127.0.0.1"];
    const how = { resolve: mixed, allow: HERE };
    expect((await asked(`http://mixed.example:${ports.http}/`, how)).outcome).toMatchObject({
      status: 200,
    });
  });
});

describe("a URL", () => {
  test.each([
    "ftp://example.com/",
    "file:///etc/passwd",
    "data:text/plain,x",
    "javascript:alert(1)",
    "https://user:password@example.com/",
    "https://user@example.com/",
    "//example.com",
    "nonsense",
    "",
  ])("that is none of ours is not asked: %s", async (url) => {
    expect(await refusalOf(url)).toBe("bad_url");
  });

  test("without TLS is for allowed addresses alone", async () => {
    const resolve = async () => ["93.184.216.34"];
    expect(await refusalOf("http://public.example/", { resolve, allow: HERE })).toBe("bad_url");
  });

  test("without anybody behind it", async () => {
    const resolve = async () => {
      throw new Error("ENOTFOUND");
    };
    expect(await refusalOf("https://nobody.example/", { resolve })).toBe("unreachable");
    const nothing = async () => [];
    expect(await refusalOf("https://nothing.example/", { resolve: nothing })).toBe("unreachable");
    const here = `http://127.0.0.1:${ports.closed}/`;
    expect(await refusalOf(here, { allow: HERE })).toBe("unreachable");
  });
});

describe("an exchange", () => {
  const at = (path: string) => `http://127.0.0.1:${ports.http}${path}`;
  const allow = HERE;

  test("sends what it was given, and nothing that is the connection's own", async () => {
    received.length = 0;
    const { outcome, counts } = await asked(at("/path?query=1"), {
      allow,
      method: "POST",
      body: "grüße",
      headers: {
        "content-type": "text/plain",
        Host: "other.example",
        "Content-Length": "1",
        "transfer-encoding": "chunked",
        "accept-encoding": "gzip",
        "user-agent": "",
      },
    });
    expect(outcome).toMatchObject({ status: 200, text: "hello" });
    expect(counts).toEqual([]);
    expect(received).toEqual([
      {
        method: "POST",
        url: "/path?query=1",
        body: "grüße",
        headers: {
          host: `127.0.0.1:${ports.http}`,
          connection: "close",
          "accept-encoding": "identity",
          "content-length": "7",
          "content-type": "text/plain",
          "user-agent": "Authledger",
        },
      },
    ]);
  });

  test.each([204, 205, 400, 404, 500, 503])("answers %d as it is", async (status) => {
    const { outcome } = await asked(at(`/${status}`), { allow });
    expect(outcome).toMatchObject({ status, text: "" });
    expect("headers" in outcome && outcome.headers.get("x-two")).toBe("a, b");
  });

  test.each([300, 301, 302, 303, 304, 307, 308])("follows no %d", async (status) => {
    received.length = 0;
    expect(await refusalOf(at(`/${status}`), { allow })).toBe("redirected");
    expect(received.map(({ url }) => url)).toEqual([`/${status}`]);
  });

  test("takes as many bytes as it may and not one more", async () => {
    const large = (bytes: number) => ({
      allow,
      bytesMax: 1_000,
      headers: { "x-bytes": `${bytes}` },
    });
    const { outcome } = await asked(at("/large"), large(1_000));
    expect(outcome).toMatchObject({ status: 200, text: "x".repeat(1_000) });
    expect(await refusalOf(at("/large"), large(1_001))).toBe("too_large");
    expect(await refusalOf(at("/endless"), { allow })).toBe("too_large");
    expect(await refusalOf(at("/headers"), { allow })).toBe("unreachable");
  });

  test("with a header that is two is not made, and nothing stays open", async () => {
    received.length = 0;
    const headers = { "x-one": "1\r\nx-two: 2" };
    expect(await refusalOf(at("/"), { allow, headers })).toBe("unreachable");
    await until(async () => (await openConnections()) === 0);
    expect(received).toEqual([]);
  });

  test("is refused when the answer ends before its end", async () => {
    expect(await refusalOf(at("/cut"), { allow })).toBe("unreachable");
  });

  test("ends when its time is over, whatever it waits for", async () => {
    const soon = { allow, timeoutMs: 100 };
    expect(await refusalOf(at("/hang"), soon)).toBe("timed_out");
    expect(await refusalOf(at("/slowly"), soon)).toBe("timed_out");
    const silent = `127.0.0.1:${ports.silent}`;
    expect(await refusalOf(`http://${silent}/`, soon)).toBe("timed_out");
    expect(await refusalOf(`https://${silent}/`, soon)).toBe("timed_out");
    const resolve = () => new Promise<never>(() => {});
    expect(await refusalOf("https://slow.example/", { ...soon, resolve })).toBe("timed_out");
  });

  test("ends when its caller gives up", async () => {
    const giving = new AbortController();
    const refused = refusalOf(at("/hang"), { allow, signal: giving.signal });
    giving.abort();
    expect(await refused).toBe("timed_out");
    expect(await refusalOf(at("/"), { allow, signal: AbortSignal.abort() })).toBe("timed_out");
  });
});

describe("TLS", { skip: certificate === undefined, meta: { skipped: "no openssl" } }, () => {
  const allow = HERE;
  const ca = certificate?.cert ?? "";

  test("by whom the operator trusts", async () => {
    for (const host of ["localhost", "127.0.0.1"]) {
      const resolve = async () => ["127.0.0.1"];
      const { outcome } = await asked(`https://${host}:${ports.https}/`, { allow, ca, resolve });
      expect(outcome).toMatchObject({ status: 200, text: "hello" });
    }
  });

  test("by nobody else, and for no other name", async () => {
    received.length = 0;
    const before = process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
    process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
    const resolve = async () => ["127.0.0.1"];
    expect(await refusalOf(`https://127.0.0.1:${ports.https}/`, { allow })).toBe("unreachable");
    const other = { allow, ca, resolve };
    expect(await refusalOf(`https://other.example:${ports.https}/`, other)).toBe("unreachable");
    expect(await refusalOf(`https://127.0.0.1:${ports.http}/`, { allow, ca })).toBe("unreachable");
    if (before === undefined) delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
    else process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = before;
    expect(received).toEqual([]);
  });
});
