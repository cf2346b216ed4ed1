/** How many notices are on their way to one application at most. */
const AT_ONCE_EACH = 4;
/** To one whose last notice failed: enough to see whether it answers again. */
const AT_ONCE_AILING = 1;

type Turn = { underWay: number; failures: number; pausedUntilMs: number };

/**
 * Whose turn it is: an application that is slow or dead has few places, and after a failure none
 * for a while, so that it holds up nobody else.
 */
export function clientTurns(pauseMs: (failures: number) => number) {
  const turns = new Map<string, Turn>();
  const turnOf = (clientId: string): Turn => {
    const turn = turns.get(clientId) ?? { underWay: 0, failures: 0, pausedUntilMs: 0 };
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
      turn.failures = by.failed ? turn.failures + 1 : 0;
      turn.pausedUntilMs = by.failed ? by.nowMs + pauseMs(turn.failures) : 0;
      if (turn.underWay === 0 && turn.failures === 0) turns.delete(clientId);
      return turn.failures === 1;
    },
    /** Those whose turn it is not. */
    except: (nowMs: number): ReadonlyArray<string> =>
      [...turns].filter(([, turn]) => isOut(turn, nowMs)).map(([clientId]) => clientId),
  };
}

function isOut({ underWay, failures, pausedUntilMs }: Turn, nowMs: number): boolean {
  return pausedUntilMs > nowMs || underWay >= (failures === 0 ? AT_ONCE_EACH : AT_ONCE_AILING);
}
