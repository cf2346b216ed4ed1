import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, describe, test } from "vitest";
import { certificate } from "../support/secure-server.ts";
import { bare } from "./provider/bare.ts";
import type { Module } from "./provider/op.ts";
import { ours } from "./provider/ours.ts";

const folder = new URL("./openid/", import.meta.url);
const files = readdirSync(fileURLToPath(folder)).toSorted();
const modules = await Promise.all(
  files.map(async (file) => {
    const name = file.replace(".ts", "");
    const exported = await import(new URL(file, folder).href);
    return [name, exported[name] as Module] as const;
  }),
);

/** What clients publish, and where they are told things, is on servers with TLS of their own. */
const needsCertificate = /^(?:Fapi2(?!Discovery)|BackchannelLogout$)/;
const onCertificate = { skip: certificate === undefined, meta: { skipped: "no openssl" } };

/** Both are asked the same, so that what only one of them answers is ours to explain. */
for (const start of [ours, bare]) {
  describe(start.name, async () => {
    const op = await start();
    afterAll(() => op.close());
    for (const [name, module] of modules) {
      test(name, needsCertificate.test(name) ? onCertificate : {}, () => module(op));
    }
  });
}
