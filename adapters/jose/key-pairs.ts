import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from "jose";
import type { PublicJwk, SigningAlgorithm } from "../../domain/keyring/mod.ts";
import { type KeyPair, KeyPairs } from "../ports/key-pairs.ts";

/** Bits: what RFC 7518, section 3.3 wants at least; more makes each signature slower. */
const MODULUS_LENGTH = 2_048;

/** Pairs by WebCrypto. */
export const layer: Layer.Layer<KeyPairs> = Layer.succeed(KeyPairs, {
  generate: (algorithm) => Effect.promise(() => generate(algorithm)),
});

async function generate(algorithm: SigningAlgorithm): Promise<KeyPair> {
  const options = { extractable: true, modulusLength: MODULUS_LENGTH };
  const pair = await generateKeyPair(algorithm, options);
  const publicKey = (await exportJWK(pair.publicKey)) as PublicJwk;
  const privateKey = new TextEncoder().encode(JSON.stringify(await exportJWK(pair.privateKey)));
  return { kid: await calculateJwkThumbprint(publicKey), algorithm, publicKey, privateKey };
}
