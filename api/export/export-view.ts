import { z } from "zod";
import { AccountView } from "../accounts/account-view.ts";
import { ConsentView } from "../consents/my-consents.ts";
import { HistoryItem } from "../ledger/history.ts";
import { UserView } from "../users/user-view.ts";

const ExportedRole = z.strictObject({
  role: z.string(),
  grantedAt: z.iso.datetime(),
  /** Oneself, `user` with the beginning of an id, `the server`, `an operator`. */
  grantedBy: z.string(),
});

const ExportedSession = z.strictObject({
  id: z.uuid(),
  method: z.string(),
  startedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  lastSeenAt: z.iso.datetime().exactOptional(),
  endedAt: z.iso.datetime().exactOptional(),
  endReason: z.string().exactOptional(),
});

/** Of the last 30 days: what was settled before is forgotten. */
const ExportedMail = z.strictObject({
  template: z.string(),
  state: z.string(),
  queuedAt: z.iso.datetime(),
});

/** Everything about one person in one document, and nothing about anybody else. */
export const ExportDocument = z
  .strictObject({
    exportedAt: z.iso.datetime(),
    /** Of identity: everything up to here is in the document. */
    position: z.int(),
    user: UserView,
    accounts: z.array(AccountView),
    roles: z.array(ExportedRole),
    sessions: z.array(ExportedSession),
    consents: z.array(ConsentView),
    mails: z.array(ExportedMail),
    history: z.array(HistoryItem),
  })
  .meta({ title: "Export" });

export type ExportedSession = z.output<typeof ExportedSession>;
