import { isIP } from "node:net";
import * as Redacted from "effect/Redacted";
import * as z from "zod";
import { blockOf } from "../../adapters/outbound/address-block.ts";

/** Enough for a signing key of HMAC-SHA-256 and an AES-256 key: 256 bits. */
export const SECRET_BYTES_MIN = 32;
/** A person may choose it, but nobody may guess it in the minutes before set-up. */
export const SETUP_TOKEN_CHARACTERS_MIN = 16;
/** It may be tried for as long as the server runs. */
export const METRICS_TOKEN_CHARACTERS_MIN = 16;

type Variable = {
  readonly schema: z.ZodType<unknown, string>;
  /** What a mistake's line says was wanted. */
  readonly wanted: string;
  /** A secret's value is never shown, not even a wrong one. */
  readonly secret?: true;
};

const REFUSED = Symbol("refused");

/** A schema of one text: what `parse` answers, refused when it answers `REFUSED` or throws. */
const text = <A>(parse: (value: string) => A | typeof REFUSED): z.ZodType<A, string> =>
  z.string().transform((value, context): A => {
    let parsed: A | typeof REFUSED = REFUSED;
    try {
      parsed = parse(value);
    } catch {}
    if (parsed !== REFUSED) return parsed;
    context.addIssue({ code: "custom" });
    return z.NEVER;
  });

const oneOf = <const Names extends ReadonlyArray<string>>(...names: Names) => ({
  schema: z.enum(names),
  wanted: names.join(", ").replace(/, ([^,]+)$/, " or $1"),
});

const url = (...protocols: ReadonlyArray<string>) =>
  text((value) => (protocols.includes(new URL(value).protocol) ? value : REFUSED));

const secretUrl = (...protocols: ReadonlyArray<string>) => ({
  schema: url(...protocols).transform((value) => Redacted.make(value)),
  wanted: `a URL that starts with ${protocols.map((protocol) => `${protocol}//`).join(" or ")}`,
  secret: true as const,
});

/** A mail server: nothing after host and port, where a slip would go unnoticed. */
const smtpUrl = (value: string) => {
  const { protocol, hostname, pathname, search, hash, username, password } = new URL(value);
  const smtp = protocol === "smtp:" || protocol === "smtps:";
  const bare = (pathname === "" || pathname === "/") && search === "" && hash === "";
  const both = (username === "") === (password === "");
  // Throws where a percent sign was meant as itself.
  decodeURIComponent(username + password);
  return smtp && hostname !== "" && bare && both ? value : REFUSED;
};

const ADDRESS = String.raw`[^\s<>@"(),:;[\]\\]+@[A-Za-z0-9.-]+`;
/** One address, maybe after a name: anything else could become several senders. */
const MAILBOX = new RegExp(`^(?:${ADDRESS}|"?[^"<>@\\r\\n]{1,100}"?\\s*<${ADDRESS}>)$`);

const list = <A>(parse: (item: string) => A | typeof REFUSED) =>
  text((value) => {
    const items: Array<A> = [];
    for (const item of value.split(",")) {
      const parsed = parse(item.trim());
      if (parsed === REFUSED) return REFUSED;
      items.push(parsed);
    }
    return items;
  });

/** An address block as written, its shape checked. */
const cidr = (item: string) => {
  const [address = "", prefix = "", ...rest] = item.split("/");
  const family = isIP(address);
  const bitsMax = family === 4 ? 32 : 128;
  const bits = /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN;
  return family !== 0 && rest.length === 0 && bits <= bitsMax ? item : REFUSED;
};

const origin = (item: string) => {
  const parsed = new URL(item);
  const web = parsed.protocol === "https:" || parsed.protocol === "http:";
  return web && parsed.origin === item ? item : REFUSED;
};

/** Base address: scheme and host, nothing after it but a slash. */
const baseUrl = (value: string) => {
  const parsed = new URL(value);
  const web = parsed.protocol === "https:" || parsed.protocol === "http:";
  return web && (value === parsed.origin || value === `${parsed.origin}/`) ? parsed : REFUSED;
};

/** Hexadecimal when every character is, else base64 or base64url. */
const secretBytes = (item: string) => {
  const hex = /^(?:[0-9a-f]{2})+$/i.test(item);
  if (!hex && !/^[A-Za-z0-9+/_-]+={0,2}$/.test(item)) return REFUSED;
  const bytes = Buffer.from(item, hex ? "hex" : "base64");
  return bytes.length >= SECRET_BYTES_MIN ? Redacted.make(new Uint8Array(bytes)) : REFUSED;
};

const port = (value: string) =>
  /^\d{1,5}$/.test(value) && Number(value) <= 65_535 ? Number(value) : REFUSED;

const addressList = {
  schema: list(cidr),
  wanted: 'address blocks such as "10.0.0.0/8", separated by commas',
};

/** Every variable the server reads, and what it must look like. */
export const variables = {
  PORT: { schema: text(port), wanted: "a whole number from 0 to 65535" },
  HOST: { schema: z.string().regex(/^[A-Za-z0-9.:-]+$/), wanted: "a host name or an address" },
  AUTHLEDGER_URL: {
    schema: text(baseUrl),
    wanted: 'scheme and host alone, such as "https://id.example.com"',
  },
  AUTHLEDGER_ORIGINS: {
    schema: list(origin),
    wanted: 'origins such as "https://app.example.com", separated by commas',
  },
  AUTHLEDGER_DATA: { schema: z.string(), wanted: "a folder" },
  AUTHLEDGER_STORE: oneOf("memory", "pglite", "postgres", "kurrentdb"),
  DATABASE_URL: secretUrl("postgres:", "postgresql:"),
  EVENTSTORE_URL: secretUrl("esdb:", "esdb+discover:", "kurrentdb:", "kurrentdb+discover:"),
  NATS_URL: secretUrl("nats:", "tls:", "ws:", "wss:"),
  AUTHLEDGER_SECRET: {
    schema: list(secretBytes),
    wanted: `at least ${SECRET_BYTES_MIN} bytes in base64 or hex, commas between several`,
    secret: true,
  },
  AUTHLEDGER_SETUP_TOKEN: {
    schema: z
      .string()
      .min(SETUP_TOKEN_CHARACTERS_MIN)
      .transform((value) => Redacted.make(value)),
    wanted: `at least ${SETUP_TOKEN_CHARACTERS_MIN} characters`,
    secret: true,
  },
  AUTHLEDGER_METRICS_TOKEN: {
    schema: z
      .string()
      .min(METRICS_TOKEN_CHARACTERS_MIN)
      .regex(/^\S+$/)
      .transform((value) => Redacted.make(value)),
    wanted: `at least ${METRICS_TOKEN_CHARACTERS_MIN} characters without a space`,
    secret: true,
  },
  AUTHLEDGER_SIGNUP: oneOf("open", "invited", "closed"),
  AUTHLEDGER_PAGES: oneOf("on", "off"),
  AUTHLEDGER_BRAND_NAME: {
    schema: z.string().regex(/^\P{C}{1,40}$/u),
    wanted: "at most 40 characters on one line",
  },
  AUTHLEDGER_BRAND_LOGO: {
    schema: z.string().regex(/^(?:https:\/\/[^\s;,'"]+|data:image\/[^\s'"]+|(?!\w{2,}:)\P{C}+)$/u),
    wanted: "an https address, a data: address of an image, or a file",
  },
  AUTHLEDGER_BRAND_COLOUR: {
    schema: z
      .string()
      .regex(/^#[0-9a-f]{6}$/i)
      .toLowerCase(),
    wanted: 'a colour such as "#17624f"',
  },
  AUTHLEDGER_VERIFY_EMAIL: oneOf("never", "before-tokens", "before-sign-in"),
  AUTHLEDGER_COOKIE_DOMAIN: {
    schema: z.string().regex(/^(?:[a-z0-9-]+\.)+[a-z0-9-]+$/),
    wanted: 'a domain such as "example.com"',
  },
  AUTHLEDGER_CLIENTS: { schema: z.string(), wanted: "a file" },
  SMTP_URL: {
    schema: text(smtpUrl).transform((value) => Redacted.make(value)),
    wanted: 'server and sign-in alone, such as "smtps://user:password@mail.example.com:465"',
    secret: true,
  },
  MAIL_FROM: {
    schema: z.string().regex(MAILBOX),
    wanted: 'an e-mail address, such as "id@example.com" or "Example <id@example.com>"',
  },
  AUTHLEDGER_MAIL_TEMPLATES: { schema: z.string(), wanted: "a folder" },
  AUTHLEDGER_OUTBOUND_ALLOW: {
    schema: list((item) =>
      cidr(item) === REFUSED || blockOf(item) === undefined ? REFUSED : item,
    ),
    wanted: addressList.wanted,
  },
  AUTHLEDGER_TRUST_PROXY: addressList,
  LOG_LEVEL: oneOf("debug", "info", "warn", "error"),
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    schema: url("http:", "https:"),
    wanted: "a URL that starts with http:// or https://",
  },
} satisfies Record<string, Variable>;

export type VariableName = keyof typeof variables;

/** What the variables hold once read; one that is not set is absent. */
export type Values = {
  readonly [Name in VariableName]?: z.output<(typeof variables)[Name]["schema"]>;
};
