import type * as Redacted from "effect/Redacted";
import type { MailMode } from "../mail/mail-is-open.ts";
import type { MailLook } from "../mail/render-mail.ts";
import type { Brand } from "../pages/brand.ts";
import type { SetupToken } from "../setup/setup-token.ts";

/** Who may make an account: anybody, the invited, or nobody. */
export type SignUpMode = "open" | "invited" | "closed";

/** When an address has to be proved: never, before an application is told it, or to sign in. */
export type VerifyEmail = "never" | "before-tokens" | "before-sign-in";

/** One line of the server's log; never personal data, never a secret. */
export type LogLine = {
  readonly level: "info" | "warn" | "error";
  readonly message: string;
  readonly requestId?: string;
  /** Method and path as the route table has them. */
  readonly route?: string;
  /** Name of what went wrong. */
  readonly error?: string;
  /** Where in our files. */
  readonly place?: string;
  readonly sqlstate?: string;
};

/** What became of one request. */
export type Access = {
  readonly requestId: string;
  /** Method and path as the route table has them; of what no route took, nothing. */
  readonly route: string;
  readonly status: number;
  readonly durationMs: number;
};

export type Settings = {
  /** Public base URL and issuer. */
  readonly url: string;
  /** Further origins of the same people, as `scheme://host[:port]`. */
  readonly origins: ReadonlyArray<string>;
  readonly signUp: SignUpMode;
  readonly verifyEmail: VerifyEmail;
  /** How mail goes; doors that need it are open unless it is closed. */
  readonly mail: MailMode;
  /** How mails look; plain unless it is said. */
  readonly mailLook?: MailLook | undefined;
  /** Served over HTTPS to the world: cookies are Secure and carry the `__Host-` prefix. */
  readonly publicMode: boolean;
  /** Sibling subdomains under it may ask who is signed in, by a second cookie. */
  readonly cookieDomain?: string | undefined;
  /** CIDRs of reverse proxies whose `X-Forwarded-For` is believed. */
  readonly trustProxy: ReadonlyArray<string>;
  /** Bytes; BODY_BYTES_MAX is the default. */
  readonly bodyBytesMax: number;
  readonly version: string;
  /** How the pages look; undefined turns all of them off. */
  readonly pages?: Brand | undefined;
  readonly setupToken: SetupToken;
  readonly log: (line: LogLine) => void;
  /** Told of every request once its answer has begun. */
  readonly access?: ((access: Access) => void) | undefined;
  /** Who sends it as Bearer reads `/metrics`. */
  readonly metricsToken?: Redacted.Redacted<string> | undefined;
};
