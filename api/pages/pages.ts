import { accountsPage } from "./account/accounts.ts";
import { confirmEmailPage } from "./account/confirm-email.ts";
import { consentsPage } from "./account/consents.ts";
import { deletePage } from "./account/delete.ts";
import { emailPage } from "./account/email.ts";
import { exportPage } from "./account/export.ts";
import { historyPage } from "./account/history.ts";
import { accountPage } from "./account/overview.ts";
import { passwordPage } from "./account/password.ts";
import { profilePage } from "./account/profile.ts";
import { sessionsPage } from "./account/sessions.ts";
import { usernamePage } from "./account/username.ts";
import { architectsPage } from "./admin/architects.ts";
import { clientPage } from "./admin/client.ts";
import { clientsPage } from "./admin/clients.ts";
import { createUserPage } from "./admin/create-user.ts";
import { eventPage } from "./admin/event.ts";
import { guestsPage } from "./admin/guests.ts";
import { invitationsPage } from "./admin/invitations.ts";
import { keysPage } from "./admin/keys.ts";
import { ledgerPage } from "./admin/ledger.ts";
import { mailPage } from "./admin/mail.ts";
import { adminPage } from "./admin/overview.ts";
import { providersPage } from "./admin/providers.ts";
import { registerClientPage } from "./admin/register-client.ts";
import { resourceServerPage } from "./admin/resource-server.ts";
import { resourceServersPage } from "./admin/resource-servers.ts";
import { rolesPage } from "./admin/roles.ts";
import { userPage } from "./admin/user.ts";
import { usersPage } from "./admin/users.ts";
import { consentPage } from "./door/consent.ts";
import {
  appointPage,
  magicLinkPage,
  resetPasswordPage,
  verifyEmailPage,
} from "./door/mail-links.ts";
import { setUpPage } from "./door/set-up.ts";
import { sentPage, signInPage } from "./door/sign-in.ts";
import { homePage, impersonationPage, signOutPage } from "./door/sign-out.ts";
import { invitationPage, signUpPage } from "./door/sign-up.ts";
import type { Page } from "./page.ts";

export const pages: ReadonlyArray<Page> = [
  homePage,
  setUpPage,
  signInPage,
  consentPage,
  sentPage,
  signUpPage,
  signOutPage,
  impersonationPage,
  magicLinkPage,
  verifyEmailPage,
  resetPasswordPage,
  invitationPage,
  appointPage,
  accountPage,
  profilePage,
  emailPage,
  confirmEmailPage,
  usernamePage,
  passwordPage,
  sessionsPage,
  accountsPage,
  consentsPage,
  historyPage,
  exportPage,
  deletePage,
  adminPage,
  usersPage,
  createUserPage,
  userPage,
  invitationsPage,
  rolesPage,
  architectsPage,
  guestsPage,
  mailPage,
  clientsPage,
  registerClientPage,
  clientPage,
  resourceServersPage,
  resourceServerPage,
  providersPage,
  keysPage,
  ledgerPage,
  eventPage,
];
