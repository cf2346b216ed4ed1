import type { SessionView } from "../session/session-view.ts";
import { foreign, type Hole, type Html, html } from "./html.ts";
import { fill } from "./message.ts";
import { pill, writtenMoment } from "./pieces.ts";
import type { Visit } from "./visit.ts";

/** What newer servers tell of a session besides. */
type More = { readonly userAgent?: unknown; readonly lastSeenAt?: unknown };

/** One place where somebody is signed in: how, since when, until when. */
export function sessionRow(visit: Visit, session: SessionView, action: Hole): Html {
  const { sessions } = visit.texts;
  const { method, startedAt, expiresAt, current } = session;
  const { userAgent, lastSeenAt } = session as More;
  const methods: Readonly<Record<string, string>> = sessions.methods;
  const name = typeof userAgent === "string" ? foreign(userAgent) : (methods[method] ?? method);
  const since = fill(sessions.since, { time: writtenMoment(visit, startedAt, "short") });
  const seen =
    typeof lastSeenAt === "string" &&
    fill(sessions.seen, { time: writtenMoment(visit, lastSeenAt, "short") });
  const until = fill(sessions.until, { time: writtenMoment(visit, expiresAt, "short") });
  return html`<li><div class="what"><strong>${name}</strong> ${current && pill(sessions.current, "good")}
<p>${since}${seen !== false && html` · ${seen}`} · ${until}</p></div>${action}</li>`;
}
