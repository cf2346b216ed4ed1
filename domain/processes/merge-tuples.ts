import type { Tuple } from "../tuples/mod.ts";
import type { UserEvent } from "../user/mod.ts";
import type { Process } from "./process.ts";

/** Let every tuple that names the guest name the account instead, under the causes it has. */
export type RewriteTuples = {
  readonly type: "RewriteTuples";
  readonly guest: string;
  readonly into: string;
};

type Merged = Extract<UserEvent, { readonly type: "IdentityMerged" }>;

/** What a guest was given is the account's that the guest turned out to have. */
export const mergeTuples: Process<Merged, RewriteTuples> = {
  name: "merge-tuples",
  ledger: "identity",
  handles: ["IdentityMerged"],
  react: ({ subject: guest, into }) => [{ type: "RewriteTuples", guest, into }],
};

/** The tuple with the account wherever it had the guest, of whom alone or of whose relation. */
export function rewritten(
  { object, relation, subject }: Tuple,
  { guest, into }: Pick<RewriteTuples, "guest" | "into">,
): Tuple {
  const name = (part: string) => {
    const [who = "", ...rest] = part.split("#");
    return who === `user:${guest}` ? [`user:${into}`, ...rest].join("#") : part;
  };
  return { object: name(object), relation, subject: name(subject) };
}
