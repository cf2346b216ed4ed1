import * as Context from "effect/Context";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import type * as Scope from "effect/Scope";
import { lazyProvider } from "../adapters/oidc-provider/lazy-provider.ts";
import type { OpenidProvider } from "../adapters/oidc-provider/paths.ts";
import type { Consumers } from "../adapters/ports/consumers.ts";
import type { Leases } from "../adapters/ports/leases.ts";
import type { MailTransport } from "../adapters/ports/mail-transport.ts";
import { RegisteredClients } from "../adapters/ports/registered-clients.ts";
import { runDismissUnfitArchitects } from "../adapters/reactions/dismiss-unfit-architect.ts";
import { runEndRevokedSessions } from "../adapters/reactions/end-revoked-sessions.ts";
import { runEndSessions } from "../adapters/reactions/end-sessions.ts";
import { runGuestBook } from "../adapters/reactions/guest-book.ts";
import { runMergeConsents } from "../adapters/reactions/merge-consents.ts";
import { runMergeTuples } from "../adapters/reactions/merge-tuples.ts";
import { runRotateKeys } from "../adapters/reactions/rotate-keys.ts";
import { runLapses } from "../adapters/reactions/run-lapses.ts";
import { runSweepArtefacts } from "../adapters/reactions/sweep-artefacts.ts";
import { runSweepSessions } from "../adapters/reactions/sweep-sessions.ts";
import { runTakeBackRole } from "../adapters/reactions/take-back-role.ts";
import { runUserSearch } from "../adapters/reactions/user-search.ts";
import { BODY_BYTES_MAX } from "../api/http/body.ts";
import { createApi } from "../api/http/create-api.ts";
import type { Services } from "../api/http/services.ts";
import type { Settings } from "../api/http/settings.ts";
import type { MailLook } from "../api/mail/render-mail.ts";
import { runMail } from "../api/mail/run-mail.ts";
import { createOpenidHost } from "../api/oidc/create-host.ts";
import { runLogouts } from "../api/oidc/run-logouts.ts";
import type { Brand } from "../api/pages/brand.ts";
import { architectsNow } from "../api/users/standing.ts";
import { accessLog } from "./access-log.ts";
import { brandOf } from "./brand.ts";
import { reconcileClients } from "./clients-file/reconcile.ts";
import type { CommandError } from "./command.ts";
import type { Config } from "./config.ts";
import { found } from "./found.ts";
import type { FetchHandler } from "./http-listener.ts";
import type { Log } from "./log.ts";
import { mailModeOf, mailRunOf, mailTransport } from "./mail.ts";
import { closeGone, openProviders } from "./open-providers.ts";
import { packageVersion } from "./package-version.ts";
import { processMetrics } from "./process-metrics.ts";
import { type SetupToken, setupToken } from "./setup-token.ts";
import type { UsageError } from "./usage-error.ts";

/** What the server needs of a store, whichever it is. */
export type ServerServices = Exclude<Services, MailTransport> | Consumers | Leases;

export type ServerOptions = { readonly adoptUrl: boolean };

export type Server = {
  readonly handler: FetchHandler;
  readonly protocol: OpenidProvider;
  /** Undefined when the server has an architect already. */
  readonly setup: SetupToken | undefined;
};

/**
 * Opens the store, founds what is new, starts what runs behind the API, and answers the API as one
 * function; all of it ends with the scope.
 */
export const openServer = Effect.fnUntraced(function* (
  config: Config,
  log: Log,
  options: ServerOptions,
): Effect.fn.Return<Server, CommandError, Scope.Scope | ServerServices> {
  const mailRun = yield* Effect.try({
    try: () => mailRunOf(config, log),
    catch: (cause) => cause as UsageError,
  });
  yield* found(config, options);
  yield* reconcileClients(config, log);
  yield* openProviders(config.providers);
  yield* closeGone(config.providers).pipe(Effect.forkScoped);
  yield* processMetrics;
  yield* runEndSessions.pipe(Effect.forkScoped);
  yield* runMergeTuples.pipe(Effect.forkScoped);
  yield* runMergeConsents.pipe(Effect.forkScoped);
  yield* runLapses.pipe(Effect.forkScoped);
  yield* runEndRevokedSessions.pipe(Effect.forkScoped);
  yield* runSweepSessions.pipe(Effect.forkScoped);
  yield* runDismissUnfitArchitects.pipe(Effect.forkScoped);
  yield* runUserSearch.pipe(Effect.forkScoped);
  yield* runTakeBackRole.pipe(Effect.forkScoped);
  yield* runGuestBook.pipe(Effect.forkScoped);
  yield* runRotateKeys.pipe(Effect.forkScoped);
  yield* runSweepArtefacts.pipe(Effect.forkScoped);
  const isSetUp = (yield* architectsNow).size > 0;
  const pages = yield* Effect.try({
    try: () => brandOf(config),
    catch: (cause) => cause as UsageError,
  });
  const token = setupToken(config);
  if (isSetUp) token.retire();
  else yield* Effect.try({ try: token.prepare, catch: (cause) => cause as UsageError });
  const store = yield* Effect.context<ServerServices>();
  const services = Context.merge(store, yield* Layer.build(mailTransport(config)));
  yield* runMail(mailRun).pipe(Effect.provideContext(services));
  const issuer = config.url;
  yield* runLogouts({ issuer }).pipe(Effect.provideContext(services));
  const settings = settingsOf(config, log, { token, pages, mailLook: mailRun.house });
  const protocol = lazyProvider(createOpenidHost(services, settings));
  if (yield* hasClients) yield* Effect.promise(protocol.load);
  return {
    handler: createApi(services, settings),
    protocol,
    setup: isSetUp ? undefined : token,
  };
});

/** Where applications are registered, tokens will be asked for: the first one need not wait. */
const hasClients = Effect.gen(function* () {
  const { rows } = yield* RegisteredClients;
  return (yield* rows).size > 0;
}).pipe(Effect.catch(() => Effect.succeed(true)));

type Ready = {
  readonly token: SetupToken;
  readonly pages: Brand | undefined;
  readonly mailLook: MailLook;
};

const settingsOf = (config: Config, log: Log, { token, pages, mailLook }: Ready): Settings => ({
  pages,
  url: config.url,
  origins: config.origins,
  signUp: config.signUp,
  verifyEmail: config.verifyEmail,
  mail: mailModeOf(config),
  mailLook,
  publicMode: config.publicUrl,
  cookieDomain: config.cookieDomain,
  trustProxy: config.trustProxy,
  bodyBytesMax: BODY_BYTES_MAX,
  version: packageVersion(),
  setupToken: {
    check: (candidate) => Effect.sync(() => token.matches(candidate)),
    burn: Effect.sync(() => token.retire()),
    where: token.where,
  },
  log: ({ level, message, ...fields }) => log[level](message, fields),
  access: accessLog(log),
  metricsToken: config.metricsToken,
});
