import type { Keyring } from "../ports/keyring.ts";

/** A person as the known devices name them, lower-case hex. */
export function deviceOwner(keyring: Keyring["Service"], userId: string): string {
  return Buffer.from(keyring.artefact("device-owner", userId)).toString("hex");
}

/** One mark of one person's device, lower-case hex: with another person it is another one. */
export function deviceMark(keyring: Keyring["Service"], userId: string, mark: string): string {
  return Buffer.from(keyring.artefact("device", `${userId}\0${mark}`)).toString("hex");
}
