import type { Browser, Landed, Loaded } from "../../api/openid/browser.ts";

/** What somebody signs in with, and who they are to the provider. */
export type Account = { readonly login: string; readonly sub: string };
/** A registered client, by our names for its id and secret. */
export type Client = { readonly clientId: string; readonly clientSecret: string };
/** What a module registers of a client, by the names of RFC 7591. */
export type Metadata = {
  readonly redirect_uris?: ReadonlyArray<string>;
  readonly token_endpoint_auth_method?: string;
  readonly post_logout_redirect_uris?: ReadonlyArray<string>;
  readonly backchannel_logout_uri?: string;
  /** Where they are is the provider's affair: ours reads them from an address. */
  readonly jwks?: { readonly keys: ReadonlyArray<object> };
};

/** An OpenID Provider under test: ours, or the engine alone. */
export type Op = {
  readonly name: "authledger" | "oidc-provider";
  readonly url: string;
  /** Registers a client of the code flow, with one redirect address where nothing else is said. */
  readonly client: (metadata?: Metadata) => Promise<Client>;
  /** Asks for a registration as clients do (RFC 7591), with the right to; what was answered. */
  readonly register: (metadata: object) => Promise<{
    readonly status: number;
    readonly json: Readonly<Record<string, unknown>>;
  }>;
  /** Somebody of whom every claim is known. */
  readonly account: Account;
  /** Does what a page asks of somebody: to sign in, or to agree. */
  readonly answer: (browser: Browser, page: Loaded, account: Account) => Promise<Landed>;
  /** Says no where a page asks. */
  readonly refuse: (browser: Browser, page: Loaded, account: Account) => Promise<Landed>;
  /** Whether a page asks for a proof of who it is. */
  readonly asksForLogin: (page: Loaded) => boolean;
  readonly close: () => Promise<void>;
};

/** One module of the OpenID conformance suite: what it holds a provider to. */
export type Module = (op: Op) => Promise<void>;
