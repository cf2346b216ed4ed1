import * as Effect from "effect/Effect";
import { z } from "zod";
import { ReadModels } from "../../adapters/ports/read-models.ts";
import { Sealer } from "../../adapters/ports/sealer.ts";
import type { AccountRow } from "../../projections/accounts.ts";
import { PAGE_MAX } from "../http/schemas.ts";
import { Personal } from "../users/user-view.ts";

/** One way in: a password, or an account at a provider; never a secret. */
export const AccountView = z
  .strictObject({
    id: z.uuid(),
    /** `password`, or the id of a provider. */
    provider: z.string(),
    /** Who they are at the provider. */
    providerSubject: Personal.exactOptional(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ title: "Account" });
export type AccountView = z.output<typeof AccountView>;

/** Every account of one person, oldest first: a password and one a provider, so one page. */
export const accountsOf = (userId: string, { opens }: { readonly opens: boolean }) =>
  Effect.gen(function* () {
    const page = yield* (yield* ReadModels).list("accounts", {
      tags: [`user:${userId}`],
      limit: PAGE_MAX,
    });
    const rows = page.items.map(({ row }) => row as AccountRow);
    const sealed = rows.flatMap(({ id, providerSubject }) =>
      providerSubject === undefined ? [] : [{ id, sealed: providerSubject }],
    );
    const opened = opens
      ? yield* (yield* Sealer).open(
          sealed.map((value) => ({
            ledger: "identity",
            field: "user.providerSubject",
            sealed: value.sealed,
          })),
        )
      : [];
    const subjects = new Map<string, Personal>(
      sealed.map(({ id }, at) => [id, opens ? (opened[at] ?? { erased: true }) : { sealed: true }]),
    );
    return rows.map(({ id, provider, createdAt, updatedAt }): AccountView => {
      const providerSubject = subjects.get(id);
      const subject = providerSubject === undefined ? {} : { providerSubject };
      return { id, provider, ...subject, createdAt, updatedAt };
    });
  });
