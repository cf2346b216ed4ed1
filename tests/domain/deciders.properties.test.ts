import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { architectsCodec } from "../../adapters/codec/architects.ts";
import { clientCodec } from "../../adapters/codec/client.ts";
import type { EventCodec } from "../../adapters/codec/codec.ts";
import { consentCodec } from "../../adapters/codec/consent.ts";
import { disclosureCodec } from "../../adapters/codec/disclosure.ts";
import { guestsCodec } from "../../adapters/codec/guests.ts";
import { invitationCodec } from "../../adapters/codec/invitation.ts";
import { keyringCodec } from "../../adapters/codec/keyring.ts";
import { ledgerCodec } from "../../adapters/codec/ledger.ts";
import { mailCodec } from "../../adapters/codec/mail.ts";
import { providerCodec } from "../../adapters/codec/provider.ts";
import { recoveryCodec } from "../../adapters/codec/recovery.ts";
import { registrationTokenCodec } from "../../adapters/codec/registration-token.ts";
import { resourceServerCodec } from "../../adapters/codec/resource-server.ts";
import { revocationCodec } from "../../adapters/codec/revocation.ts";
import { roleCodec } from "../../adapters/codec/role.ts";
import { sessionCodec } from "../../adapters/codec/session.ts";
import { signInCodec } from "../../adapters/codec/sign-in.ts";
import { storeCodec } from "../../adapters/codec/store.ts";
import { tokenCodec } from "../../adapters/codec/token.ts";
import { rotationCodec, tokenFamilyCodec } from "../../adapters/codec/token-family.ts";
import { tuplesCodec } from "../../adapters/codec/tuples.ts";
import { userCodec } from "../../adapters/codec/user.ts";
import { architects } from "../../domain/architects/mod.ts";
import { client, SECRETS_MAX } from "../../domain/client/mod.ts";
import { consent } from "../../domain/consent/mod.ts";
import type { Decider } from "../../domain/decider.ts";
import { disclosure } from "../../domain/disclosure/mod.ts";
import { guests } from "../../domain/guests/mod.ts";
import { invitation } from "../../domain/invitation/mod.ts";
import { keyring } from "../../domain/keyring/mod.ts";
import { ledger } from "../../domain/ledger/mod.ts";
import { mail } from "../../domain/mail/mod.ts";
import { provider } from "../../domain/provider/mod.ts";
import { recovery } from "../../domain/recovery/mod.ts";
import { registrationToken } from "../../domain/registration-token/mod.ts";
import { resourceServer } from "../../domain/resource-server/mod.ts";
import { revocation } from "../../domain/revocation/mod.ts";
import { role } from "../../domain/role/mod.ts";
import { session } from "../../domain/session/mod.ts";
import { signIn } from "../../domain/sign-in/mod.ts";
import { store } from "../../domain/store/mod.ts";
import { token } from "../../domain/token/mod.ts";
import { rotation, tokenFamily } from "../../domain/token-family/mod.ts";
import { tuples } from "../../domain/tuples/mod.ts";
import { user } from "../../domain/user/mod.ts";
import {
  architectsCommand,
  id,
  invitationCommand,
  ledgerCommand,
  roleCommand,
  storeCommand,
  tuplesCommand,
  userCommand,
} from "./arbitraries.ts";
import { clientCommand } from "./client-arbitraries.ts";
import {
  disclosureCommand,
  guestsCommand,
  mailCommand,
  recoveryCommand,
  revocationCommand,
  sessionCommand,
  signInCommand,
} from "./everyday-arbitraries.ts";
import { expectFoldsInParts, expectRetryAppendsNothing, play } from "./history.ts";
import { keyringCommand } from "./keyring-arbitraries.ts";
import { providerCommand } from "./provider-arbitraries.ts";
import { registrationTokenCommand } from "./registration-token-arbitraries.ts";
import { resourceServerCommand } from "./resource-server-arbitraries.ts";
import {
  consentCommand,
  rotationCommand,
  tokenCommand,
  tokenFamilyCommand,
} from "./token-arbitraries.ts";

type Subject<State, Command, Event extends { readonly type: string }, Outcome> = {
  readonly decider: Decider<State, Command, Event, Outcome>;
  readonly codec: EventCodec<Event>;
  readonly command: fc.Arbitrary<Command>;
  /** Tuples, revocations and tries at the door: their decision knows no history. */
  readonly retries?: false;
};

describeDecider({ decider: user, codec: userCodec, command: userCommand });
describeDecider({ decider: mail, codec: mailCodec, command: mailCommand });
describeDecider({ decider: session, codec: sessionCodec, command: sessionCommand });
describeDecider({
  decider: revocation,
  codec: revocationCodec,
  command: revocationCommand,
  retries: false,
});
describeDecider({ decider: guests, codec: guestsCodec, command: guestsCommand });
describeDecider({
  decider: disclosure,
  codec: disclosureCodec,
  command: disclosureCommand,
  retries: false,
});
describeDecider({
  decider: recovery,
  codec: recoveryCodec,
  command: recoveryCommand,
  retries: false,
});
describeDecider({ decider: role, codec: roleCodec, command: roleCommand });
describeDecider({ decider: invitation, codec: invitationCodec, command: invitationCommand });
describeDecider({
  decider: signIn,
  codec: signInCodec,
  command: signInCommand,
  retries: false,
});
describeDecider({
  decider: keyring,
  codec: keyringCodec,
  command: keyringCommand,
  // What a retry is, it says itself: keyring.properties.test.ts.
  retries: false,
});
// What a retry of a secret that was revoked meanwhile is, the request's id decides.
describeDecider({ decider: client, codec: clientCodec, command: clientCommand, retries: false });
describeDecider({
  decider: registrationToken,
  codec: registrationTokenCodec,
  command: registrationTokenCommand,
});
describeDecider({
  decider: resourceServer,
  codec: resourceServerCodec,
  command: resourceServerCommand,
});
describeDecider({ decider: provider, codec: providerCodec, command: providerCommand });
describeDecider({ decider: consent, codec: consentCodec, command: consentCommand });
describeDecider({ decider: tokenFamily, codec: tokenFamilyCodec, command: tokenFamilyCommand });
describeDecider({
  decider: rotation,
  codec: rotationCodec,
  command: rotationCommand,
  retries: false,
});
describeDecider({ decider: token, codec: tokenCodec, command: tokenCommand, retries: false });
describeDecider({ decider: store, codec: storeCodec, command: storeCommand });
describeDecider({ decider: tuples, codec: tuplesCodec, command: tuplesCommand, retries: false });
describeDecider({ decider: ledger, codec: ledgerCodec, command: ledgerCommand });
describeDecider({
  decider: architects,
  codec: architectsCodec,
  // The example's short names are not UUIDs, which the codec wants.
  command: architectsCommand.chain((command) =>
    fc.tuple(id, id).map(([userId, by]) => ({ ...command, userId, by })),
  ),
});

function describeDecider<State, Command, Event extends { readonly type: string }, Outcome>({
  decider,
  codec,
  command,
  retries,
}: Subject<State, Command, Event, Outcome>) {
  const commands = fc.array(command, { maxLength: 30 });

  describe(`${decider.category}`, () => {
    if (retries !== false) {
      test("a retried command appends nothing", () => {
        fc.assert(fc.property(commands, (all) => expectRetryAppendsNothing(decider, all)));
      });
    }

    test("fold(prefix + suffix) = fold(all), and a fold leaves what it was given alone", () => {
      fc.assert(
        fc.property(commands, fc.nat(60), (all, cut) =>
          expectFoldsInParts(decider, play(decider, all), cut),
        ),
      );
    });

    test("decode(encode(event)) = event for whatever is decided", () => {
      fc.assert(
        fc.property(commands, (all) => {
          for (const event of play(decider, all)) {
            const stored: unknown = JSON.parse(JSON.stringify(codec.encode(event)));
            const decoded = codec.decode(stored as ReturnType<typeof codec.encode>);
            expect(decoded).toStrictEqual(JSON.parse(JSON.stringify(event)));
          }
        }),
      );
    });
  });
}

test("from the first claim on there is always an architect", () => {
  fc.assert(
    fc.property(fc.array(architectsCommand), (commands) => {
      play(architects, commands, (state) => expect(state.size).toBeGreaterThan(0));
    }),
  );
});

test("whoever is not erased holds a role after every event, guests guest and nobody else", () => {
  fc.assert(
    fc.property(fc.array(userCommand, { maxLength: 40 }), (commands) => {
      play(user, commands, (state) => {
        if (state.status === "erased") {
          const { ended: _, mergedInto: __, ...left } = state;
          expect(left).toStrictEqual({ ...user.initial, exists: true, status: "erased" });
        } else {
          expect(state.roles.length).toBeGreaterThan(0);
          expect(state.roles.includes("guest")).toBe(state.guest);
          expect(new Set(state.roles).size).toBe(state.roles.length);
        }
      });
    }),
  );
});

test("a client has two secrets at most, and none where it keeps none", () => {
  fc.assert(
    fc.property(fc.array(clientCommand, { maxLength: 40 }), (commands) => {
      play(client, commands, ({ secrets, metadata }) => {
        expect(secrets.length).toBeLessThanOrEqual(SECRETS_MAX);
        const keeps = metadata?.tokenEndpointAuthMethod.startsWith("client_secret_") === true;
        if (!keeps) expect(secrets).toEqual([]);
      });
    }),
  );
});

test("nothing follows an erasure", () => {
  fc.assert(
    fc.property(fc.array(userCommand, { maxLength: 40 }), (commands) => {
      const types = play(user, commands).map((event) => event.type);
      const endings = ["UserErased", "GuestLeft", "GuestEvicted", "IdentityMerged"];
      const erased = types.findIndex((type) => endings.includes(type));
      if (erased >= 0) expect(erased).toBe(types.length - 1);
    }),
  );
});
