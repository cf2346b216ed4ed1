import type { Keyring } from "../ports/keyring.ts";
import { openArtefact, sealArtefact } from "./artefact.ts";

type Addressed = { readonly id: string; readonly clientId: string };
type About = { readonly userId: string; readonly sid: string };

/**
 * Whom a notice is about, bound to its row and its application: whoever may write to the database
 * has nobody signed out with our signature.
 */
export function sealNotice(keyring: Keyring["Service"], row: Addressed, about: About) {
  return sealArtefact(keyring, placeOf(row), about);
}

/** Undefined when the row was altered or swapped. */
export function openNotice(
  keyring: Keyring["Service"],
  row: Addressed & { readonly keyVersion: number; readonly payload: Uint8Array },
): About | undefined {
  const { keyVersion, payload: ciphertext } = row;
  const { userId, sid } = openArtefact(keyring, placeOf(row), { keyVersion, ciphertext }) ?? {};
  return typeof userId === "string" && typeof sid === "string" ? { userId, sid } : undefined;
}

function placeOf({ id, clientId }: Addressed) {
  return { kind: "logout-notice", digest: `${id}/${clientId}` };
}
