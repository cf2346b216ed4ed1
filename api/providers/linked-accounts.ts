import * as Effect from "effect/Effect";
import { Sealer } from "../../adapters/ports/sealer.ts";
import type { Linked, User } from "../../domain/user/mod.ts";
import { providerClaim } from "../sign-up/claims.ts";
import { userNow } from "../users/user-now.ts";

/** A linked account with its subject in the clear. */
export type OpenedAccount = Linked & { readonly subject: string | undefined };

/** The accounts of somebody at providers, opened. */
export const openedAccounts = ({ linked }: Pick<User, "linked">) =>
  Effect.gen(function* () {
    const subjects = yield* (yield* Sealer).open(
      linked.map(({ providerSubject: sealed }) => ({
        ledger: "identity",
        field: "user.providerSubject",
        sealed,
      })),
    );
    return linked.map((one, at): OpenedAccount => ({ ...one, subject: subjects[at] }));
  });

/** Under which id somebody is linked as that subject. */
export const linkedAs = (
  userId: string,
  wanted: { readonly provider: string; readonly subject: string },
) =>
  Effect.gen(function* () {
    const { state } = yield* userNow(userId);
    const accounts = yield* openedAccounts(state);
    return accounts.find(
      ({ provider, subject }) => provider === wanted.provider && subject === wanted.subject,
    )?.accountId;
  });

/** Where the claims of accounts stand that stay theirs. */
export const claimsOfAccounts = (userId: string, accounts: ReadonlyArray<OpenedAccount>) =>
  Effect.forEach(
    accounts.flatMap(({ provider, subject }) =>
      subject === undefined ? [] : [{ provider, subject }],
    ),
    ({ provider, subject }) =>
      Effect.map(providerClaim(provider, subject), (claim) => ({ ...claim, owner: userId })),
  );
