import { z } from "zod";
import { type KeyringEvent, SIGNING_ALGORITHMS } from "../../domain/keyring/mod.ts";
import { eventCodec } from "./event-codec.ts";
import { structural, time, vaultReference } from "./field.ts";
import * as sample from "./samples.ts";

/** An RFC 7638 thumbprint: SHA-256 in base64url. */
const kid = structural(/^[A-Za-z0-9_-]{43}$/);
/** Up to an RSA modulus of 4,096 bits, in base64url. */
const number = structural(/^[A-Za-z0-9_-]{2,683}$/);
/** A coordinate of 32 bytes, in base64url. */
const coordinate = structural(/^[A-Za-z0-9_-]{43}$/);

const publicKey = z.union([
  z.strictObject({ kty: z.literal("RSA"), n: number, e: number }),
  z.strictObject({ kty: z.literal("EC"), crv: z.literal("P-256"), x: coordinate, y: coordinate }),
  z.strictObject({ kty: z.literal("OKP"), crv: z.literal("Ed25519"), x: coordinate }),
]);

/** The key of RFC 8037, appendix A.2, and its thumbprint, A.3. */
const KID = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";
const X = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

/** The keys that tokens are signed with. */
export const keyringCodec = eventCodec<KeyringEvent>(
  { category: "keyring", ledger: "identity" },
  {
    SigningKeyMinted: {
      data: z.strictObject({
        kid,
        algorithm: z.enum(SIGNING_ALGORITHMS),
        publicKey,
        privateKey: vaultReference,
      }),
      sample: {
        kid: KID,
        algorithm: "EdDSA",
        publicKey: { kty: "OKP", crv: "Ed25519", x: X },
        privateKey: { id: `signing-key:${KID}`, digest: sample.vaultReference.digest },
      },
    },
    SigningKeyPublished: {
      data: z.strictObject({ kid, signsFrom: time }),
      sample: { kid: KID, signsFrom: sample.time },
    },
    SigningKeyActivated: {
      data: z.strictObject({ kid, rotatesAt: time }),
      sample: { kid: KID, rotatesAt: sample.time },
    },
    SigningKeyRetired: {
      data: z.strictObject({ kid, withdrawnFrom: time }),
      sample: { kid: KID, withdrawnFrom: sample.time },
    },
    SigningKeyWithdrawn: { data: z.strictObject({ kid }), sample: { kid: KID } },
    SigningKeyCompromised: { data: z.strictObject({ kid }), sample: { kid: KID } },
  },
);
