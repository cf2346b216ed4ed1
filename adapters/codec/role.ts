import { z } from "zod";
import type { RoleEvent } from "../../domain/role/mod.ts";
import { eventCodec } from "./event-codec.ts";
import { structural } from "./field.ts";

/** One line about a role, not about a person. */
const DESCRIPTION = /^[^\p{Cc}\p{Cs}]{1,200}$/u;

/** Roles that an installation defines for itself. */
export const roleCodec = eventCodec<RoleEvent>(
  { category: "role", ledger: "identity" },
  {
    RoleDefined: {
      data: z.strictObject({
        description: structural(DESCRIPTION),
        groups: z.array(z.enum(["account", "staff", "finance", "admin"])).max(4),
      }),
      sample: { description: "Looks after the warehouse", groups: ["staff"] },
    },
    RoleRetired: { data: z.strictObject({}), sample: {} },
  },
);
