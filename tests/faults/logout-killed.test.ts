import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createRemoteJWKSet, decodeJwt, jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "../ops/temporary-folder.ts";
import { architectOf, PASSWORD } from "../support/faults-architect.ts";
import { ask, elsewhere } from "../support/faults-client.ts";
import { until } from "../support/faults-eventually.ts";
import { anyPostgres, onAnyPostgres, query } from "../support/faults-postgres.ts";
import { say } from "../support/faults-rounds.ts";
import { RUNTIME, startServer } from "../support/faults-server.ts";
import { logoutReceiver } from "../support/logout-receiver.ts";
import { certificate } from "../support/secure-server.ts";

const TIMEOUT_MS = 60_000;
const CALLBACK = "https://app.example.org/callback";

describe.skipIf(certificate === undefined)("on postgres, with openssl", onAnyPostgres, () => {
  let postgres: Awaited<ReturnType<typeof anyPostgres>>;
  let receiver: Awaited<ReturnType<typeof logoutReceiver>>;
  beforeAll(async () => {
    postgres = await anyPostgres();
    receiver = await logoutReceiver();
  });
  afterAll(async () => {
    await receiver.close();
    await postgres?.remove();
  });

  /** Lets somebody into an application that nobody is asked about. */
  const letIn = async (base: string, cookie: string, clientId: string) => {
    const url = new URL("/oauth2/authorize", base);
    url.search = new URLSearchParams({
      client_id: clientId,
      response_type: "code",
      scope: "openid",
      redirect_uri: CALLBACK,
    }).toString();
    const headers = { cookie, ...elsewhere() };
    const answered = await fetch(url, { headers, redirect: "manual" });
    expect(answered.headers.get("location")).toContain("code=");
  };

  test(
    "killed while an application is told that a session is over: it is told again",
    async () => {
      const application = receiver.application("hang");
      const place = {
        data: temporaryFolder(),
        database: await postgres.database(),
        environment: { AUTHLEDGER_OUTBOUND_ALLOW: "127.0.0.1/32,::1/128", ...trusted() },
      };
      const server = await startServer(place);
      const { cookie } = await architectOf(server.base);
      const registered = await ask(server.base, "POST /v1/clients", {
        cookie,
        body: {
          name: "Shop",
          type: "web",
          redirectUris: [CALLBACK],
          backchannelLogoutUri: application.uri,
          skipConsent: true,
        },
      });
      const { clientId } = registered.body as unknown as { readonly clientId: string };
      const person = { email: "wonderland@example.com", password: PASSWORD };
      const ada = await ask(server.base, "POST /v1/sign-up", { body: person });
      await letIn(server.base, ada.cookie, clientId);
      await ask(server.base, "POST /v1/sign-out", { cookie: ada.cookie });
      await until("the application is asked", () => application.heard().length === 1);
      server.kill("SIGKILL");
      await server.ended;
      // Whoever claimed it may be alive for half a minute; it is over.
      const waiting = await query(
        place.database,
        "UPDATE authledger.logout_notices SET next_ms = 0 RETURNING client_id, attempts",
      );
      expect(waiting).toEqual([{ client_id: clientId, attempts: 1 }]);
      application.answer(200);
      const again = await startServer(place);
      await until("it is asked again", () => application.heard().length === 2);
      const [first, second] = application.heard().map(({ token }) => token);
      const jwks = createRemoteJWKSet(new URL(`${again.base}/oauth2/jwks`));
      const { payload } = await jwtVerify(second ?? "", jwks, {
        audience: clientId,
        typ: "logout+jwt",
      });
      expect(payload).toMatchObject({ sub: ada.body.user.id, jti: decodeJwt(first ?? "").jti });
      const written = `${server.log()}${again.log()}`;
      for (const secret of [first, second, "wonderland", ada.body.user.id]) {
        expect(written).not.toContain(secret);
      }
      say(`postgres under ${RUNTIME}: an application told again after kill -9, by the same id`);
    },
    TIMEOUT_MS,
  );
});

/** What lets a server of either runtime believe the certificate of this test. */
function trusted(): Readonly<Record<string, string>> {
  const file = join(temporaryFolder(), "authority.pem");
  writeFileSync(file, certificate?.cert ?? "");
  return { NODE_EXTRA_CA_CERTS: file };
}
