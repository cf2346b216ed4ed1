import { expect, test } from "vitest";
import type { KeyringEvent } from "../../domain/keyring/mod.ts";
import { jwks } from "../../projections/jwks.ts";
import type { Recorded } from "../../projections/projection.ts";
import { fresh, moment } from "../domain/keyring-arbitraries.ts";
import { at, rowAt } from "./fold.ts";

const key = fresh("ES256", 1);
const { kid, algorithm, publicKey, privateKey } = key;
const { signsFrom, rotatesAt, withdrawnFrom } = moment(0);
const minted = at("keyring-signing", { type: "SigningKeyMinted", ...key });
const published = at("keyring-signing", { type: "SigningKeyPublished", kid, signsFrom });
const activated = at("keyring-signing", { type: "SigningKeyActivated", kid, rotatesAt });
const retired = at("keyring-signing", { type: "SigningKeyRetired", kid, withdrawnFrom });
const withdrawn = at("keyring-signing", { type: "SigningKeyWithdrawn", kid });
const compromised = at("keyring-signing", { type: "SigningKeyCompromised", kid });

const born = {
  kid,
  algorithm,
  publicKey,
  mintedAt: minted.at,
  position: minted.position,
};

test("a key is in the JWKS from its publication until it is withdrawn or compromised", () => {
  const rowOf = (...events: ReadonlyArray<Recorded<KeyringEvent>>) => rowAt(jwks, kid, ...events);
  const tagsOf = (...events: ReadonlyArray<Recorded<KeyringEvent>>) => {
    const row = rowOf(...events);
    return row && jwks.index(row).tags;
  };
  expect(rowOf(minted)).toEqual({ ...born, privateKey, status: "minted" });
  expect(tagsOf(minted)).toEqual([]);
  expect(rowOf(minted, published)).toEqual({ ...born, privateKey, status: "published", signsFrom });
  const active = [minted, published, activated];
  expect(rowOf(...active)).toMatchObject({ privateKey, status: "active", rotatesAt });
  expect(rowOf(...active, retired)).toEqual({
    ...born,
    status: "retired",
    signsFrom,
    rotatesAt,
    activatedAt: activated.at,
    retiredAt: retired.at,
    withdrawnFrom,
  });
  expect(tagsOf(...active, retired)).toEqual(["jwks"]);
  expect(rowOf(...active, retired, withdrawn)).toMatchObject({ status: "withdrawn" });
  expect(tagsOf(...active, retired, withdrawn)).toEqual([]);
  expect(rowOf(...active, compromised)).not.toHaveProperty("privateKey");
  expect(tagsOf(...active, compromised)).toEqual([]);
});

test("what is said of a key that nobody minted makes no row", () => {
  expect(rowAt(jwks, kid, published)).toBeUndefined();
});
