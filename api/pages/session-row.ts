import type { SessionView } from "../session/session-view.ts";
import type { Hole, Html } from "./html.ts";
import { html } from "./html.ts";
import { fill } from "./message.ts";
import { pill, writtenMoment } from "./pieces.ts";
import type { Visit } from "./visit.ts";

/** One place where somebody is signed in: on what, how, since when, and when it was last used. */
export function sessionRow(visit: Visit, session: SessionView, action: Hole): Html {
  const { sessions } = visit.texts;
  const { method, startedAt, lastSeenAt, current } = session;
  const since = fill(sessions.since, { time: writtenMoment(visit, startedAt) });
  const seen = fill(sessions.seen, { time: writtenMoment(visit, lastSeenAt) });
  return html`<li><div class="what"><strong>${deviceIn(visit, session)}</strong>
  ${current && pill(sessions.current, "good")}
<p>${sessions.methods[method]} · ${since} · ${seen}</p></div>${action}</li>`;
}

function deviceIn({ texts }: Visit, { browser, system }: SessionView): string {
  const { device, someDevice } = texts.sessions;
  if (browser === undefined || system === undefined) return browser ?? system ?? someDevice;
  return fill(device, { browser, system });
}
