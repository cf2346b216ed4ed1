import { resolve } from "node:path";
import * as Redacted from "effect/Redacted";
import { isCookieDomainOf } from "./config/cookie-domain.ts";
import { type ProviderConfig, readProviders } from "./config/providers.ts";
import { type Environment, readVariables, unknownVariables } from "./config/read-variables.ts";
import type { Values } from "./config/variables.ts";
import { UsageError } from "./usage-error.ts";

/** The registered default of nobody; chosen so that several development servers fit beside it. */
const PORT = 4000;
/** Only this machine, until somebody says otherwise. */
const HOST = "127.0.0.1";
const LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"];

/** Where events and read models live. */
export type StoreChoice =
  | { readonly kind: "memory" }
  | { readonly kind: "pglite" }
  | { readonly kind: "postgres"; readonly url: Redacted.Redacted<string> };

/** What the operator decided, whole and checked. */
export type Config = {
  readonly host: string;
  readonly port: number;
  /** Public base address and issuer, without a slash at its end. */
  readonly url: string;
  /** False on localhost, where a secret may be generated and plain HTTP is served. */
  readonly publicUrl: boolean;
  /** The address came from the port, so another port is no other issuer. */
  readonly defaultUrl: boolean;
  readonly origins: ReadonlyArray<string>;
  /** Absolute path. */
  readonly dataFolder: string;
  readonly store: StoreChoice;
  /** Newest first; empty only on localhost, where one is generated under the data folder. */
  readonly secrets: ReadonlyArray<Redacted.Redacted<Uint8Array>>;
  readonly setupToken: Redacted.Redacted<string> | undefined;
  /** What who reads `/metrics` sends as Bearer. */
  readonly metricsToken: Redacted.Redacted<string> | undefined;
  readonly signUp: "open" | "invited" | "closed";
  /** Whether pages are served beside the API. */
  readonly pages: boolean;
  /** How they look; a logo is an address or a file. */
  readonly brand: {
    readonly name: string | undefined;
    readonly logo: string | undefined;
    readonly colour: string | undefined;
  };
  readonly verifyEmail: "never" | "before-tokens" | "before-sign-in";
  readonly cookieDomain: string | undefined;
  /** Absolute path, and where the secrets are that it names. */
  readonly clientsFile:
    | {
        readonly path: string;
        readonly secretOf: (variable: string) => Redacted.Redacted<string> | undefined;
      }
    | undefined;
  readonly smtpUrl: Redacted.Redacted<string> | undefined;
  readonly mailFrom: string | undefined;
  /** Folder of mail templates that replace ours; absolute path. */
  readonly mailTemplates: string | undefined;
  readonly eventstoreUrl: Redacted.Redacted<string> | undefined;
  readonly natsUrl: Redacted.Redacted<string> | undefined;
  /** Address blocks in CIDR notation. */
  readonly outboundAllow: ReadonlyArray<string>;
  readonly trustProxy: ReadonlyArray<string>;
  /** Issuers that people may sign in with. */
  readonly providers: ReadonlyArray<ProviderConfig>;
  readonly logLevel: "debug" | "info" | "warn" | "error";
  readonly otelEndpoint: string | undefined;
  /** One line each, for the log: what was set and means nothing. */
  readonly warnings: ReadonlyArray<string>;
};

/**
 * Parses the environment once.
 *
 * Errors: a UsageError with one line for each mistake.
 */
export const readConfig = (environment: Environment, folder: string): Config | UsageError => {
  const { values, mistakes } = readVariables(environment);
  const port = values.PORT ?? PORT;
  const url = values.AUTHLEDGER_URL ?? new URL(`http://localhost:${port}`);
  const publicUrl = !LOCAL_HOSTS.includes(url.hostname);
  const external = readProviders(environment);
  const all = [
    ...mistakes,
    ...external.mistakes,
    ...contradictions(environment, values, { url, publicUrl }),
  ];
  if (all.length > 0) return new UsageError({ lines: all });
  return {
    host: values.HOST ?? HOST,
    port,
    url: url.origin,
    publicUrl,
    defaultUrl: values.AUTHLEDGER_URL === undefined,
    origins: values.AUTHLEDGER_ORIGINS ?? [],
    dataFolder: resolve(folder, values.AUTHLEDGER_DATA ?? "data"),
    store: storeOf(values),
    secrets: values.AUTHLEDGER_SECRET ?? [],
    setupToken: values.AUTHLEDGER_SETUP_TOKEN,
    metricsToken: values.AUTHLEDGER_METRICS_TOKEN,
    signUp: values.AUTHLEDGER_SIGNUP ?? (publicUrl ? "invited" : "open"),
    pages: values.AUTHLEDGER_PAGES !== "off",
    brand: {
      name: values.AUTHLEDGER_BRAND_NAME,
      logo: values.AUTHLEDGER_BRAND_LOGO,
      colour: values.AUTHLEDGER_BRAND_COLOUR,
    },
    verifyEmail: values.AUTHLEDGER_VERIFY_EMAIL ?? "before-tokens",
    cookieDomain: values.AUTHLEDGER_COOKIE_DOMAIN,
    clientsFile:
      values.AUTHLEDGER_CLIENTS === undefined
        ? undefined
        : {
            path: resolve(folder, values.AUTHLEDGER_CLIENTS),
            secretOf: (variable) => secretOf(environment, variable),
          },
    smtpUrl: values.SMTP_URL,
    mailFrom: values.MAIL_FROM,
    mailTemplates:
      values.AUTHLEDGER_MAIL_TEMPLATES === undefined
        ? undefined
        : resolve(folder, values.AUTHLEDGER_MAIL_TEMPLATES),
    eventstoreUrl: values.EVENTSTORE_URL,
    natsUrl: values.NATS_URL,
    outboundAllow: values.AUTHLEDGER_OUTBOUND_ALLOW ?? [],
    trustProxy: values.AUTHLEDGER_TRUST_PROXY ?? [],
    providers: external.providers,
    logLevel: values.LOG_LEVEL ?? "info",
    otelEndpoint: values.OTEL_EXPORTER_OTLP_ENDPOINT,
    warnings: [...unknownVariables(environment), ...withoutEffect(values)],
  };
};

/** Understood and not yet acted on: whoever sets one must not believe that it protects them. */
const LATER = ["EVENTSTORE_URL", "NATS_URL"] as const;

const withoutEffect = (values: Values): ReadonlyArray<string> =>
  LATER.filter((name) => values[name] !== undefined).map(
    (name) => `${name} has no effect yet: it comes with a later version`,
  );

const secretOf = (environment: Environment, variable: string) => {
  const value = Object.hasOwn(environment, variable) ? environment[variable] : undefined;
  return value === undefined || value === "" ? undefined : Redacted.make(value);
};

const storeOf = (values: Values): StoreChoice => {
  const url = values.DATABASE_URL;
  if (values.AUTHLEDGER_STORE === "memory") return { kind: "memory" };
  return url === undefined || values.AUTHLEDGER_STORE === "pglite"
    ? { kind: "pglite" }
    : { kind: "postgres", url };
};

/** One line for each pair of values that are right alone and wrong together. */
const contradictions = (
  environment: Environment,
  values: Values,
  { url, publicUrl }: { readonly url: URL; readonly publicUrl: boolean },
): ReadonlyArray<string> => {
  const unset = (name: string) => environment[name] === undefined || environment[name] === "";
  const lines: Array<string> = [];
  if (values.AUTHLEDGER_STORE === "kurrentdb") {
    lines.push("Cannot use AUTHLEDGER_STORE kurrentdb: it comes with a later version");
  }
  if (values.AUTHLEDGER_STORE === "postgres" && unset("DATABASE_URL")) {
    lines.push("Cannot use AUTHLEDGER_STORE postgres: expected DATABASE_URL to be set");
  }
  if (unset("SMTP_URL") !== unset("MAIL_FROM")) {
    const [set, missing] = unset("MAIL_FROM")
      ? ["SMTP_URL", "MAIL_FROM"]
      : ["MAIL_FROM", "SMTP_URL"];
    lines.push(`Cannot use ${set} alone: expected ${missing} to be set too`);
  }
  if (publicUrl && url.protocol !== "https:") {
    lines.push(`Cannot use AUTHLEDGER_URL "${url.origin}": expected https on a public address`);
  }
  const proved = values.AUTHLEDGER_VERIFY_EMAIL === "before-sign-in";
  if (publicUrl && proved && unset("SMTP_URL")) {
    lines.push(
      "Cannot use AUTHLEDGER_VERIFY_EMAIL before-sign-in: expected SMTP_URL to be set, " +
        "for an address is proved by mail",
    );
  }
  if (publicUrl && unset("AUTHLEDGER_SECRET")) {
    lines.push(`Cannot serve ${url.origin} without AUTHLEDGER_SECRET: expected it to be set`);
  }
  const domain = values.AUTHLEDGER_COOKIE_DOMAIN;
  if (domain !== undefined && !isCookieDomainOf(url.hostname, domain)) {
    lines.push(
      `Cannot use AUTHLEDGER_COOKIE_DOMAIN "${domain}": expected the host ${url.hostname} or a ` +
        "domain above it that nobody else has subdomains of",
    );
  }
  return lines;
};
