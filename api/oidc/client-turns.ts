/** How many notices are on their way to one application at most. */
const AT_ONCE_EACH = 4;
/** To one that has not answered yet, or not the last time: enough to see whether it does. */
const AT_ONCE_UNPROVEN = 1;

type Turn = { underWay: number; answers: boolean; failures: number; pausedUntilMs: number };

/**
 * Whose turn it is: an application that is slow or dead has one place, and after a failure none for
 * a while, so that it holds up nobody else. There is one entry for each application at most.
 */
export function clientTurns(pauseMs: (failures: number) => number) {
  const turns = new Map<string, Turn>();
  const turnOf = (clientId: string): Turn => {
    const known = turns.get(clientId);
    const turn = known ?? { underWay: 0, answers: false, failures: 0, pausedUntilMs: 0 };
    turns.set(clientId, turn);
    return turn;
  };
  return {
    began: (clientId: string) => {
      turnOf(clientId).underWay++;
    },
    /** Answers whether the application begins to fail by this. */
    ended: (clientId: string, by: { readonly failed: boolean; readonly nowMs: number }) => {
      const turn = turnOf(clientId);
      turn.underWay--;
      turn.answers = !by.failed;
      turn.failures = by.failed ? turn.failures + 1 : 0;
      turn.pausedUntilMs = by.failed ? by.nowMs + pauseMs(turn.failures) : 0;
      return turn.failures === 1;
    },
    /** Those whose turn it is not. */
    except: (nowMs: number): ReadonlyArray<string> =>
      [...turns].filter(([, turn]) => isOut(turn, nowMs)).map(([clientId]) => clientId),
  };
}

function isOut({ underWay, answers, pausedUntilMs }: Turn, nowMs: number): boolean {
  return pausedUntilMs > nowMs || underWay >= (answers ? AT_ONCE_EACH : AT_ONCE_UNPROVEN);
}
