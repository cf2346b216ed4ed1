import type { Sealed } from "../../domain/sealed.ts";

/** Ada, who might be anybody: her facts, and who may act on her. */
export const sealedAs = (ct: string): Sealed => ({
  owner: "user:ada",
  generation: 1,
  nonce: "n",
  ct,
});
export const email = sealedAs("mail");
export const name = sealedAs("name");
export const first = { id: "password:1", digest: "d1" };
export const second = { id: "password:1", digest: "d2" };
export const account = { accountId: "account", password: first };

export const target = { id: "ada", architect: false };
export const owner = { id: "ada", architect: true };
export const architect = { id: "root", rank: "architect" } as const;
export const admin = { id: "amy", rank: "admin" } as const;
export const self = { id: "ada", rank: "other" } as const;

export const signedUp = { type: "UserSignedUp", email, roles: ["user"] } as const;
export const enrolled = { type: "PasswordEnrolled", ...account } as const;
export const admitted = { type: "GuestAdmitted" } as const;
export const promoted = { type: "GuestPromoted", email, name, method: "password" } as const;
export const granted = (role: string) => ({ type: "RoleGranted", role }) as const;
export const revoked = (role: string) => ({ type: "RoleRevoked", role }) as const;
export const blocked = { type: "UserBlocked" } as const;
export const erased = { type: "UserErased", accounts: ["account"], roles: ["user"] } as const;

export const ada = [signedUp, enrolled] as const;
