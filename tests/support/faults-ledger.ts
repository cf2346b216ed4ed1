import { expect } from "vitest";
import { ask } from "./faults-client.ts";
import type { Acknowledged } from "./faults-load.ts";

/** An event as `/v1/ledger/events` answers it, as far as the fault tests look. */
export type SeenEvent = {
  readonly position: number;
  readonly stream: string;
  readonly revision: number;
  readonly id: string;
  readonly type: string;
  readonly correlation: string;
  readonly data: { readonly [name: string]: unknown };
};

const PAGE = 200;

/** The whole ledger, as an architect reads it. */
export const ledgerOf = async (
  base: string,
  cookie: string,
  ledger: "identity" | "activity" = "identity",
): Promise<ReadonlyArray<SeenEvent>> => {
  const events: Array<SeenEvent> = [];
  let next: string | undefined = "1";
  while (next !== undefined) {
    const path = `/v1/ledger/events?ledger=${ledger}&limit=${PAGE}&cursor=${next}` as const;
    const { status, body } = await ask(base, `GET ${path}`, { cookie });
    expect(status, JSON.stringify(body)).toBe(200);
    events.push(...(body.items as ReadonlyArray<SeenEvent>));
    next = body.nextCursor;
  }
  return events;
};

/** Positions 1..head, revisions 0.. in each stream, no id twice. */
export const expectContiguous = (events: ReadonlyArray<SeenEvent>): void => {
  expect(events.map(({ position }) => position)).toEqual(events.map((_, at) => at + 1));
  const lengths = new Map<string, number>();
  for (const { stream, revision } of events) {
    const wanted = lengths.get(stream) ?? 0;
    expect(revision, stream).toBe(wanted);
    lengths.set(stream, wanted + 1);
  }
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
};

/** Every acknowledged event is at the position that its answer named. */
export const expectAcknowledged = (
  events: ReadonlyArray<SeenEvent>,
  acknowledged: ReadonlyArray<Acknowledged>,
): void => {
  for (const { position, requestId, stream, type } of acknowledged) {
    const event = events[position - 1];
    expect(event, `position ${position}`).toMatchObject({
      stream,
      type,
      ...(requestId === undefined ? {} : { correlation: requestId }),
    });
  }
};

/** No request is in the ledger twice: neither one answered nor one that a kill cut off. */
export const expectOnce = (events: ReadonlyArray<SeenEvent>): void => {
  const seen = new Set<string>();
  for (const { correlation, type, stream, data } of events) {
    // Every tuple write of the load names an object of its own, also when it is sent again.
    const what = type === "TuplesWritten" ? JSON.stringify(data["writes"]) : correlation;
    const key = `${type} ${stream} ${what}`;
    expect(seen.has(key), `twice: ${key}`).toBe(false);
    seen.add(key);
  }
};
