import type { RoleGroup } from "../user/mod.ts";

/**
 * Facts about one role that an installation defined for itself, in the stream of its name. Stored
 * for ever: never rename or re-mean, only add.
 */
export type RoleEvent =
  | {
      readonly type: "RoleDefined";
      readonly description: string;
      readonly groups: ReadonlyArray<RoleGroup>;
    }
  /** It is granted to nobody any more; it can be defined again. */
  | { readonly type: "RoleRetired" };
