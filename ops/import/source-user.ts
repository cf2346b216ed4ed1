import type * as Effect from "effect/Effect";
import type { UsageError } from "../usage-error.ts";

/** An account at a provider as the source has it. */
export type SourceAccount = { readonly provider: string; readonly subject: string };

/** A person as another program's database has them; nothing is checked yet. */
export type SourceUser = {
  /** Their primary key there, as text. */
  readonly id: string;
  readonly email?: string | undefined;
  readonly emailVerified: boolean;
  readonly username?: string | undefined;
  readonly name?: string | undefined;
  readonly image?: string | undefined;
  readonly phone?: string | undefined;
  /** Role names as they are there. */
  readonly roles: ReadonlyArray<string>;
  readonly createdAt?: Date | undefined;
  readonly block?:
    | { readonly reason?: string | undefined; readonly until?: Date | undefined }
    | undefined;
  /** In the form of the source. */
  readonly passwordHash?: string | undefined;
  readonly accounts: ReadonlyArray<SourceAccount>;
};

/** Another program's users, page by page in the order of their keys. */
export type ImportSource = {
  readonly count: Effect.Effect<number, UsageError>;
  /** Users after a key; an empty page is the end. */
  readonly page: (after: Key | undefined) => Effect.Effect<SourcePage, UsageError>;
};

export type Key = string | number;
export type SourcePage = {
  readonly users: ReadonlyArray<SourceUser>;
  readonly last: Key | undefined;
};
