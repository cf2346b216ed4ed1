import { expect, test } from "vitest";
import { clientCodec } from "../../../adapters/codec/client.ts";
import { resourceServerCodec } from "../../../adapters/codec/resource-server.ts";
import { API_SCOPES, type ClientMetadata } from "../../../domain/client/mod.ts";
import { canonicalJson } from "../../../domain/ledger/canonical.ts";
import { ENTRY_BYTES_MAX } from "../../../domain/ledger/entry.ts";
import { web } from "../../domain/a-client.ts";

/** Bytes that an entry has beside its data: ids, times, salt, and who did it from where. */
const BESIDE_DATA = 4_096;

const bytesOf = (data: unknown) => Buffer.byteLength(canonicalJson(data as never));

test("the largest application fits an entry", () => {
  // A backslash is written as two bytes.
  const uri = "\\".repeat(512);
  const uris = Array.from({ length: 20 }, () => uri);
  const addresses = {
    logoUri: uri,
    clientUri: uri,
    policyUri: uri,
    tosUri: uri,
    jwksUri: uri,
    backchannelLogoutUri: uri,
  };
  const metadata: ClientMetadata = {
    ...web,
    ...addresses,
    name: "\u{1f600}".repeat(100),
    redirectUris: uris.map(() => "x".repeat(512)),
    postLogoutRedirectUris: uris.map(() => "x".repeat(512)),
    previewRedirectUris: uris.map(() => {
      return { uri: "x".repeat(512), expiresAt: "2030-01-01T00:00:00.000Z" };
    }),
    origins: uris.map(() => "x".repeat(512)),
    scopes: API_SCOPES,
  };
  const { data } = clientCodec.encode({ type: "ClientRegistered", kind: "web", ...metadata });
  expect(bytesOf(data)).toBeLessThan(ENTRY_BYTES_MAX - BESIDE_DATA);
});

test("the largest API fits an entry", () => {
  const scopes = Array.from({ length: 75 }, () => {
    return { name: "x".repeat(100), description: "\u6c34".repeat(200) };
  });
  const { data } = resourceServerCodec.encode({
    type: "ResourceServerRegistered",
    audience: "x".repeat(512),
    name: "\u6c34".repeat(100),
    scopes,
  });
  expect(bytesOf(data)).toBeLessThan(ENTRY_BYTES_MAX - BESIDE_DATA);
});
