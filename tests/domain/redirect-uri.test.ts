import { describe, expect, test } from "vitest";
import { isOrigin, isRedirectUri, matchesRedirectUri } from "../../domain/client/redirect-uri.ts";

describe("a redirect URI", () => {
  test.each([
    ["https://app.example.com", "web"],
    ["https://app.example.com/", "web"],
    ["https://app.example.com:8443/callback?tenant=a", "web"],
    ["http://127.0.0.1/callback", "web"],
    ["http://[::1]:3000/callback", "native"],
    ["http://localhost:3000/callback", "spa"],
    ["com.example.app:/callback", "native"],
    ["com.example.app://callback", "native"],
  ] as const)("%s is taken of a %s client", (uri, type) => {
    expect(isRedirectUri(uri, type)).toBe(true);
  });

  test.each([
    ["/callback", "web"],
    ["//app.example.com/callback", "web"],
    ["http://app.example.com/callback", "web"],
    ["http://127.0.0.1.example.com/", "web"],
    ["http://localhost.example.com/", "native"],
    ["https://app.example.com/callback#fragment", "web"],
    ["https://app.example.com/#", "web"],
    ["https://*.example.com/callback", "web"],
    ["https://app.example.com/*", "web"],
    ["https://user:secret@app.example.com/", "web"],
    ["https://user@app.example.com/", "web"],
    ["https://app.example.com/a/../callback", "web"],
    ["https://app.example.com/%2e%2e/callback", "web"],
    ["https://app.example.com\\@evil.example/", "web"],
    ["https:app.example.com/callback", "web"],
    ["https://APP.example.com/callback", "web"],
    ["https://app.example.com:443/callback", "web"],
    ["https://app.example.com/call back", "web"],
    ["https://app.example.com/call\nback", "web"],
    ["https://bücher.example/", "web"],
    ["javascript:alert(1)", "native"],
    ["data:text/html,x", "native"],
    ['com.example.app:"', "native"],
    ["http://0x7f.1/callback", "native"],
    ["http://localhost./callback", "native"],
    ["file:///etc/passwd", "native"],
    ["myapp:/callback", "native"],
    ["com.example.app:/callback", "web"],
    ["com.example.app:/callback", "spa"],
    ["", "web"],
  ] as const)("%j is refused of a %s client", (uri, type) => {
    expect(isRedirectUri(uri, type)).toBe(false);
  });

  test.each([
    ["https://a.example/cb", "https://a.example/cb", true],
    ["https://a.example/cb", "https://a.example/cb/", false],
    ["https://a.example/cb", "https://a.example/cb?x=1", false],
    ["https://a.example/cb", "https://a.example/cb#x", false],
    ["https://a.example/cb", "https://a.example:444/cb", false],
    ["https://a.example/cb", "https://a.example.evil.example/cb", false],
    ["https://localhost/cb", "https://localhost:444/cb", false],
    ["http://127.0.0.1/cb", "http://127.0.0.1:51004/cb", true],
    ["http://127.0.0.1:3000/cb", "http://127.0.0.1:51004/cb", true],
    ["http://[::1]/cb", "http://[::1]:51004/cb", true],
    ["http://localhost/cb", "http://localhost:51004/cb", true],
    ["http://127.0.0.1/cb", "http://localhost:51004/cb", false],
    ["http://127.0.0.1/cb", "http://127.0.0.1:51004/other", false],
    ["http://127.0.0.1/cb", "https://127.0.0.1:51004/cb", false],
    ["http://127.0.0.1/cb", "http://127.0.0.1:51004/cb?x", false],
    ["http://127.0.0.1/cb", "http://user@127.0.0.1:51004/cb", false],
    ["http://127.0.0.1/cb", "nonsense", false],
    ["http://localhost", "http://localhost$'", false],
    ["http://localhost/x/x", "http://localhost$'/x", false],
    ["http://localhost/cb", "http://localhost./cb", false],
    ["http://127.0.0.1/cb", "http://127.1/cb", false],
    ["http://127.0.0.1/cb", "http://2130706433/cb", false],
    ["http://[::1]/cb", "http://[0:0:0:0:0:0:0:1]:51004/cb", false],
  ] as const)("registered as %s, asked for as %s by an app: %s", (registered, asked, matches) => {
    expect(matchesRedirectUri(registered, asked, "native")).toBe(matches);
  });

  test.each(["web", "spa"] as const)("of a %s client has the port that was registered", (type) => {
    const registered = "http://localhost:3000/cb";
    expect(matchesRedirectUri(registered, registered, type)).toBe(true);
    expect(matchesRedirectUri(registered, "http://localhost:3001/cb", type)).toBe(false);
  });
});

test.each([
  ["https://app.example.com", true],
  ["http://localhost:3000", true],
  ["https://app.example.com/", false],
  ["http://app.example.com", false],
  ["https://app.example.com:443", false],
  ["ws://localhost", false],
  ["ftp://127.0.0.1", false],
  ["null", false],
  ["*", false],
])("%s is an origin: %s", (origin, is) => {
  expect(isOrigin(origin)).toBe(is);
});
