import type { SetupToken } from "../setup/setup-token.ts";

/** Who may make an account: anybody, the invited, or nobody. */
export type SignUpMode = "open" | "invited" | "closed";

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

export type Settings = {
  /** Public base URL and issuer. */
  readonly url: string;
  /** Further origins of the same people, as `scheme://host[:port]`. */
  readonly origins: ReadonlyArray<string>;
  readonly signUp: SignUpMode;
  /** Served over HTTPS to the world: cookies are Secure and carry the `__Host-` prefix. */
  readonly publicMode: boolean;
  /** CIDRs of reverse proxies whose `X-Forwarded-For` is believed. */
  readonly trustProxy: ReadonlyArray<string>;
  /** Bytes; BODY_BYTES_MAX is the default. */
  readonly bodyBytesMax: number;
  readonly version: string;
  readonly setupToken: SetupToken;
  readonly log: (line: LogLine) => void;
};
