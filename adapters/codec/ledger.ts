import { z } from "zod";
import type { LedgerEvent } from "../../domain/ledger/mod.ts";
import { eventCodec } from "./event-codec.ts";
import { structural, url, uuid } from "./field.ts";

const secretId = structural(/^[0-9a-f]{16}$/);
/**
 * A checkpoint's origin: a URL without scheme, so neither white space nor "+" (C2SP signed-note).
 */
const origin = structural(/^[^\s+\p{Cc}]{1,255}$/u);

/** This installation's ledgers. */
export const ledgerCodec = eventCodec<LedgerEvent>(
  { category: "ledger", ledger: "identity" },
  {
    LedgerFounded: {
      data: z.strictObject({ ledgerId: uuid, issuer: url, origin, secretId }),
      sample: {
        ledgerId: "d2f1a6d4-7a1c-4f39-8b0e-5f0a8f6f3c77",
        issuer: "https://id.example.org",
        origin: "id.example.org/tlog",
        secretId: "4f1d2c3b5a697887",
      },
    },
    IssuerAdopted: {
      data: z.strictObject({ issuer: url }),
      sample: { issuer: "https://login.example.org" },
    },
    SecretRotated: {
      data: z.strictObject({ secretId }),
      sample: { secretId: "0a1b2c3d4e5f6071" },
    },
  },
);
