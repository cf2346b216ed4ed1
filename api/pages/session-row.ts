import type { SessionView } from "../session/session-view.ts";
import type { Hole, Html } from "./html.ts";
import { html } from "./html.ts";
import { fill } from "./message.ts";
import { pill, writtenMoment } from "./pieces.ts";
import type { Visit } from "./visit.ts";

/** One place where somebody is signed in: how, since when, and when it was last used. */
export function sessionRow(visit: Visit, session: SessionView, action: Hole): Html {
  const { sessions } = visit.texts;
  const { method, startedAt, lastSeenAt, current } = session;
  const since = fill(sessions.since, { time: writtenMoment(visit, startedAt, "short") });
  const seen = fill(sessions.seen, { time: writtenMoment(visit, lastSeenAt, "short") });
  return html`<li><div class="what"><strong>${sessions.methods[method]}</strong>
  ${current && pill(sessions.current, "good")}
<p>${since} · ${seen}</p></div>${action}</li>`;
}
