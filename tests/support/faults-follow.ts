/** Positions and ids in the order in which a subscriber got them, for as long as it listens. */
export type Follower = {
  readonly positions: ReadonlyArray<number>;
  /** How often it had to come back. */
  readonly connections: () => number;
  readonly stop: () => void;
};

const COME_BACK_MS = 50;

/** Follows as a browser's EventSource does: after a break it names the last id it has. */
export const startFollower = (base: string, cookie: string): Follower => {
  const positions: Array<number> = [];
  const stopping = new AbortController();
  let connections = 0;
  const listen = async () => {
    const last = positions.at(-1);
    const response = await fetch(`${base}/v1/ledger/follow`, {
      headers: { cookie, ...(last === undefined ? {} : { "last-event-id": String(last) }) },
      signal: stopping.signal,
    });
    if (response.status !== 200 || response.body === null) {
      await response.body?.cancel();
      return;
    }
    connections += 1;
    let text = "";
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      const messages = (text + chunk).split("\n\n");
      // What is not whole when the connection breaks was not received.
      text = messages.pop() ?? "";
      for (const message of messages) {
        const id = /^id: (\d+)$/m.exec(message)?.[1];
        if (id !== undefined) positions.push(Number(id));
      }
    }
  };
  const run = async () => {
    while (!stopping.signal.aborted) {
      await listen().catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, COME_BACK_MS));
    }
  };
  void run();
  return { positions, connections: () => connections, stop: () => stopping.abort() };
};
