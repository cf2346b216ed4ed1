import { peer } from "./installed.ts";

type EventStore = {
  readonly appendToStream: (
    stream: string,
    events: ReadonlyArray<object>,
    options: { readonly expectedStreamVersion: bigint | "STREAM_DOES_NOT_EXIST" },
  ) => Promise<{ readonly nextExpectedStreamVersion: bigint }>;
  readonly schema: { readonly migrate: () => Promise<unknown> };
  readonly close: () => Promise<void>;
};

type EmmettPostgres = { readonly getPostgreSQLEventStore: (url: string) => EventStore };

/** Emmett's event store over an empty database, as its documentation opens it. */
export async function openEmmett(url: string): Promise<EventStore> {
  const { getPostgreSQLEventStore } = await peer<EmmettPostgres>(
    "@event-driven-io/emmett-postgresql",
  );
  const store = getPostgreSQLEventStore(url);
  await store.schema.migrate();
  return store;
}
