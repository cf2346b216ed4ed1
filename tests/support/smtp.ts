import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";

/** A refusal as an SMTP server says it. */
export const smtpError = (responseCode: number, message: string) =>
  Object.assign(new Error(message), { responseCode });

export type Received = { readonly to: ReadonlyArray<string>; readonly source: string };

type Handlers = {
  /** Called for each recipient; what it answers refuses it. */
  readonly recipient?: (address: string, attempt: number) => Error | undefined;
  readonly options?: SMTPServerOptions;
  /** Where another one was; a free one, unless it is said. */
  readonly port?: number;
};

/** A real SMTP server on a free port of this machine, which keeps what it takes. */
export async function smtpServer({ recipient, options = {}, port: wanted = 0 }: Handlers = {}) {
  const received: Array<Received> = [];
  let attempts = 0;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    closeTimeout: 100,
    onRcptTo: ({ address }, _session, done) => done(recipient?.(address, ++attempts)),
    onData: (stream, session, done) => {
      const chunks: Array<Uint8Array> = [];
      stream.on("data", (chunk: Uint8Array) => chunks.push(chunk));
      stream.on("end", () => {
        const to = session.envelope.rcptTo.map(({ address }) => address);
        received.push({ to, source: Buffer.concat(chunks).toString("utf8") });
        done();
      });
    },
    ...options,
  });
  // A client that breaks off, or does not trust the certificate, is part of the test.
  server.on("error", () => {});
  await new Promise<void>((listening) => server.listen(wanted, "127.0.0.1", listening));
  const { port } = server.server.address() as AddressInfo;
  return {
    port,
    received,
    attempts: () => attempts,
    close: () => new Promise<void>((closed) => server.close(() => closed())),
  };
}

/** A key and a certificate that vouches for itself, for this machine; undefined without openssl. */
export function selfSigned(): { readonly key: string; readonly cert: string } | undefined {
  const folder = mkdtempSync(join(tmpdir(), "authledger-cert-"));
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const subject = [
    "-subj",
    "/CN=localhost",
    "-addext",
    "subjectAltName=IP:127.0.0.1,DNS:localhost",
  ];
  const made = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  try {
    const options = [...made, "-days", "2", "-keyout", key, "-out", cert, ...subject];
    execFileSync("openssl", ["req", ...options], { stdio: "ignore" });
    return { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
  } catch {
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
