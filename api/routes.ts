import { listMyAccounts, listUserAccounts } from "./accounts/list-accounts.ts";
import { appointArchitect } from "./architects/appoint-architect.ts";
import { dismissArchitect } from "./architects/dismiss-architect.ts";
import { listArchitects } from "./architects/list-architects.ts";
import { redeemArchitectLink } from "./architects/redeem-architect-link.ts";
import { giveClientAccess, listClientAccess, takeClientAccess } from "./clients/client-access.ts";
import { issueSecret, revokeSecret } from "./clients/client-secrets.ts";
import { getClient } from "./clients/get-client.ts";
import { listClients } from "./clients/list-clients.ts";
import { registerClient } from "./clients/register-client.ts";
import { removeClient } from "./clients/remove-client.ts";
import { reviseClient } from "./clients/revise-client.ts";
import { listMyConsents, withdrawMyConsent } from "./consents/my-consents.ts";
import { askVerification } from "./email/ask-verification.ts";
import { verifyEmail } from "./email/verify-email.ts";
import { exportMe, exportUser } from "./export/export-user.ts";
import { admitGuest } from "./guest/admit-guest.ts";
import { getGuestLimits, putGuestLimits } from "./guest/guest-limits.ts";
import type { Route } from "./http/route.ts";
import { impersonate } from "./impersonation/impersonate.ts";
import { stopImpersonation } from "./impersonation/stop-impersonation.ts";
import { decideInteraction } from "./interactions/decide-interaction.ts";
import { getInteraction } from "./interactions/get-interaction.ts";
import { issueInvitation } from "./invitations/issue-invitation.ts";
import { listInvitations } from "./invitations/list-invitations.ts";
import { lookAtInvitation } from "./invitations/look-at-invitation.ts";
import { withdrawInvitation } from "./invitations/withdraw-invitation.ts";
import { getJwks } from "./keys/get-jwks.ts";
import { listKeys } from "./keys/list-keys.ts";
import { markCompromised } from "./keys/mark-compromised.ts";
import { rotateKeys } from "./keys/rotate-keys.ts";
import { followEvents } from "./ledger/follow-events.ts";
import { getCatalogue } from "./ledger/get-catalogue.ts";
import { getEvent } from "./ledger/get-event.ts";
import { listEvents } from "./ledger/list-events.ts";
import { askMagicLink } from "./magic-link/ask-magic-link.ts";
import { redeemMagicLink } from "./magic-link/redeem-magic-link.ts";
import { devMail } from "./mail/dev-mail.ts";
import { listMail } from "./mail/list-mail.ts";
import { testMail } from "./mail/test-mail.ts";
import { deleteMe } from "./me/delete-me.ts";
import { deleteMySession } from "./me/delete-session.ts";
import { deleteMySessions } from "./me/delete-sessions.ts";
import { getMe } from "./me/get-me.ts";
import { listMySessions } from "./me/list-sessions.ts";
import { myHistory } from "./me/my-history.ts";
import { patchMe } from "./me/patch-me.ts";
import { putEmail } from "./me/put-email.ts";
import { putPassword } from "./me/put-password.ts";
import { putUsername } from "./me/put-username.ts";
import { healthz } from "./operations/healthz.ts";
import { metrics } from "./operations/metrics.ts";
import { readyz } from "./operations/readyz.ts";
import { askReset } from "./password-reset/ask-reset.ts";
import { completeReset } from "./password-reset/complete-reset.ts";
import { comeBack, comeBackByForm } from "./providers/come-back.ts";
import {
  closeProvider,
  listConfigured,
  listProviders,
  openProvider,
  reviseProvider,
} from "./providers/configure-providers.ts";
import { goOn, startLink, startSetUp, startSignIn } from "./providers/start.ts";
import { unlinkAccount } from "./providers/unlink-account.ts";
import {
  issueRegistrationToken,
  listRegistrationTokens,
  revokeRegistrationToken,
} from "./registration/registration-tokens.ts";
import {
  getResourceServer,
  listResourceServers,
  registerResourceServer,
  removeResourceServer,
  reviseResourceServer,
} from "./resource-servers/resource-servers.ts";
import { defineRole } from "./roles/define-role.ts";
import { listRoles } from "./roles/list-roles.ts";
import { retireRole } from "./roles/retire-role.ts";
import { elevateSession } from "./session/elevate-session.ts";
import { getSession } from "./session/get-session.ts";
import { revokeEverybody } from "./session/revoke-everybody.ts";
import { verifySession } from "./session/verify-session.ts";
import { setUp } from "./setup/set-up.ts";
import { getMethods } from "./sign-in/get-methods.ts";
import { signIn } from "./sign-in/sign-in.ts";
import { signOut } from "./sign-in/sign-out.ts";
import { signUp } from "./sign-up/sign-up.ts";
import { createStore } from "./stores/create-store.ts";
import { listStores } from "./stores/list-stores.ts";
import { readTuples } from "./stores/read-tuples.ts";
import { writeTuples } from "./stores/write-tuples.ts";
import { blockUser } from "./users/block-user.ts";
import { bulkUsers } from "./users/bulk.ts";
import { createUser } from "./users/create-user.ts";
import { deleteUser } from "./users/delete-user.ts";
import { getUser } from "./users/get-user.ts";
import { listUsers } from "./users/list-users.ts";
import { passwordMail } from "./users/password-mail.ts";
import { patchUser } from "./users/patch-user.ts";
import { grantRole, putRoles, revokeRole } from "./users/roles-of-user.ts";
import {
  deleteUserSession,
  deleteUserSessions,
  listUserSessions,
} from "./users/sessions-of-user.ts";
import { unblockUser } from "./users/unblock-user.ts";
import { userHistory } from "./users/user-history.ts";

/** Every route: what answers, what the document says, and what the tests go through. */
export const routes: ReadonlyArray<Route> = [
  setUp,
  signUp,
  signIn,
  signOut,
  getMethods,
  askMagicLink,
  redeemMagicLink,
  askVerification,
  verifyEmail,
  askReset,
  completeReset,
  listProviders,
  startSignIn,
  comeBack,
  comeBackByForm,
  goOn,
  startLink,
  startSetUp,
  listConfigured,
  openProvider,
  reviseProvider,
  closeProvider,
  getSession,
  verifySession,
  elevateSession,
  revokeEverybody,
  admitGuest,
  getMe,
  patchMe,
  deleteMe,
  putPassword,
  putEmail,
  putUsername,
  listMySessions,
  deleteMySessions,
  deleteMySession,
  listMyConsents,
  withdrawMyConsent,
  getInteraction,
  decideInteraction,
  listMyAccounts,
  unlinkAccount,
  myHistory,
  exportMe,
  listUsers,
  createUser,
  bulkUsers,
  getUser,
  patchUser,
  deleteUser,
  putRoles,
  grantRole,
  revokeRole,
  blockUser,
  unblockUser,
  passwordMail,
  listUserSessions,
  deleteUserSessions,
  deleteUserSession,
  impersonate,
  stopImpersonation,
  listUserAccounts,
  userHistory,
  exportUser,
  listInvitations,
  issueInvitation,
  lookAtInvitation,
  withdrawInvitation,
  getGuestLimits,
  putGuestLimits,
  listRoles,
  defineRole,
  retireRole,
  listArchitects,
  appointArchitect,
  dismissArchitect,
  redeemArchitectLink,
  listClients,
  registerClient,
  getClient,
  reviseClient,
  removeClient,
  issueSecret,
  revokeSecret,
  listClientAccess,
  giveClientAccess,
  takeClientAccess,
  listRegistrationTokens,
  issueRegistrationToken,
  revokeRegistrationToken,
  listResourceServers,
  getResourceServer,
  registerResourceServer,
  reviseResourceServer,
  removeResourceServer,
  listKeys,
  rotateKeys,
  markCompromised,
  getJwks,
  listStores,
  createStore,
  writeTuples,
  readTuples,
  listMail,
  testMail,
  devMail,
  listEvents,
  getEvent,
  followEvents,
  getCatalogue,
  healthz,
  readyz,
  metrics,
];
