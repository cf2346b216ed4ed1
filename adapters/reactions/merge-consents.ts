import * as Effect from "effect/Effect";
import { consent } from "../../domain/consent/mod.ts";
import { type MoveConsents, mergeConsents } from "../../domain/processes/merge-consents.ts";
import type { ConsentRow } from "../../projections/consents.ts";
import { consentCodec } from "../codec/consent.ts";
import { ReadModels } from "../ports/read-models.ts";
import { load, transact } from "../transact.ts";
import { consentId } from "./consent-id.ts";
import { type Caused, runProcess } from "./run-process.ts";

const DEADLINE_MS = 5_000;
/** A person lets a few applications in; more come with the next page. */
const PAGE = 100;

const moveConsents = ({ guest, into }: MoveConsents, { record, requestId, meta }: Caused) =>
  Effect.gen(function* () {
    const models = yield* ReadModels;
    yield* models.reach("consents", record.position, DEADLINE_MS);
    let cursor: string | undefined;
    do {
      const page = yield* models.list("consents", {
        tags: [`user:${guest}`],
        limit: PAGE,
        ...(cursor === undefined ? {} : { cursor }),
      });
      for (const { row } of page.items) {
        const { id, clientId, scopes, resources, ...guests } = row as ConsentRow;
        const { state } = yield* load(aggregate, consentId(into, clientId));
        // What the account agreed to itself is what it agreed to last.
        const { terms } = state.status === "granted" ? state : guests;
        const agreed = { ...(terms === undefined ? {} : { terms }), scopes, resources };
        yield* transact({
          ...aggregate,
          id: consentId(into, clientId),
          requestId: `${requestId}/grant/${id}`,
          command: { type: "GrantConsent", userId: into, clientId, ...agreed },
          meta,
        });
        yield* transact({
          ...aggregate,
          id,
          requestId: `${requestId}/withdraw/${id}`,
          command: { type: "WithdrawConsent" },
          meta,
        });
      }
      cursor = page.nextCursor;
    } while (cursor !== undefined);
  });

const aggregate = { decider: consent, codec: consentCodec };

/** Runs the process `merge-consents`, for ever. */
export const runMergeConsents = runProcess(mergeConsents, moveConsents);
