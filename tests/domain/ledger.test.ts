import { test } from "vitest";
import { ledger } from "../../domain/ledger/mod.ts";
import { given } from "../support/given.ts";

const founding = {
  ledgerId: "one",
  issuer: "http://localhost:4000",
  origin: "localhost:4000/tlog",
  secretId: "4f1d2c3b5a697887",
};
const founded = { type: "LedgerFounded", ...founding } as const;
const adopted = { type: "IssuerAdopted", issuer: "https://id.example.org" } as const;
const rotated = { type: "SecretRotated", secretId: "0a1b2c3d4e5f6071" } as const;

test("FoundLedger founds it once", () => {
  given(ledger)
    .when({ type: "FoundLedger", ...founding })
    .then("founded", founded);
  given(ledger, founded, adopted)
    .when({ type: "FoundLedger", ...founding })
    .then("founded");
  given(ledger, founded)
    .when({ type: "FoundLedger", ...founding, ledgerId: "two" })
    .then("already_founded");
});

test("AdoptIssuer takes another public URL, once", () => {
  const adopt = { ...adopted, type: "AdoptIssuer" } as const;
  given(ledger).when(adopt).then("not_founded");
  given(ledger, founded).when(adopt).then("adopted", adopted);
  given(ledger, founded, adopted).when(adopt).then("adopted");
  given(ledger, founded, adopted)
    .when({ type: "AdoptIssuer", issuer: founding.issuer })
    .then("adopted", { type: "IssuerAdopted", issuer: founding.issuer });
});

test("RotateSecret names the newest secret, once", () => {
  const rotate = { ...rotated, type: "RotateSecret" } as const;
  given(ledger).when(rotate).then("not_founded");
  given(ledger, founded).when(rotate).then("rotated", rotated);
  given(ledger, founded, rotated).when(rotate).then("rotated");
});
