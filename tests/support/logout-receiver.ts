import { secureServer } from "./secure-server.ts";
import { until } from "./until.ts";

/** A number is a status; `hang` keeps the connection and says nothing. */
export type Answering = number | "hang";

type Post = {
  readonly method: string | undefined;
  readonly type: string | undefined;
  readonly token: string;
};

/** Applications that take logout tokens, each at a path of its own that answers as it is told. */
export async function logoutReceiver() {
  const answers = new Map<string, Array<Answering>>();
  const posts = new Map<string, Array<Post>>();
  const open = new Map<string, number>();
  const most = new Map<string, number>();
  const server = await secureServer(async (incoming, response) => {
    const { url: path = "", method } = incoming;
    let body = "";
    for await (const chunk of incoming) body += chunk;
    const token = new URLSearchParams(body).get("logout_token") ?? "";
    const type = incoming.headers["content-type"];
    posts.set(path, [...(posts.get(path) ?? []), { method, type, token }]);
    const now = (open.get(path) ?? 0) + 1;
    open.set(path, now);
    most.set(path, Math.max(most.get(path) ?? 0, now));
    response.on("close", () => open.set(path, (open.get(path) ?? 0) - 1));
    const told = answers.get(path) ?? [];
    const answer = (told.length > 1 ? told.shift() : told[0]) ?? 200;
    if (answer !== "hang") response.writeHead(answer).end();
  });
  let applications = 0;
  return {
    close: server.close,
    /** Another application; it answers as told in turn, and then as the last time. */
    application: (...told: ReadonlyArray<Answering>) => {
      const path = `/application-${++applications}`;
      answers.set(path, [...told]);
      const heard = () => posts.get(path) ?? [];
      return {
        uri: `${server.url}${path}`,
        heard,
        answer: (now: Answering) => answers.set(path, [now]),
        /** What it has heard, once that is so much. */
        hears: (times = 1) => until(async () => heard().length >= times && heard()),
        /** Connections to it that were open at once. */
        most: () => most.get(path) ?? 0,
      };
    },
  };
}
