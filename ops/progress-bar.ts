/** Often enough to look alive, seldom enough to cost nothing. */
const REDRAW_MS = 100;
const BAR_COLUMNS = 24;
const MS_PER_SECOND = 1000;
const SECONDS_PER_MINUTE = 60;
/** Back to the first column and clear what stood there. */
const CLEAR_LINE = "\r\u001b[2K";

type Terminal = { readonly isTTY?: boolean; readonly write: (text: string) => unknown };

/** A line at the bottom of the terminal with share, rate and time left; nothing elsewhere. */
export type ProgressBar = {
  readonly show: (done: number, total: number, label: string) => void;
  /** Call before any other line is written. */
  readonly clear: () => void;
};

/** Draws on `terminal` by the clock `now` (milliseconds, monotonic). */
export const progressBar = (terminal: Terminal, now: () => number): ProgressBar => {
  let label: string | undefined;
  let startedAt = 0;
  let startedFrom = 0;
  let drawnAt = Number.NEGATIVE_INFINITY;
  let drawn = false;
  const clear = () => {
    if (drawn) terminal.write(CLEAR_LINE);
    drawn = false;
  };
  if (terminal.isTTY !== true) return { show: () => {}, clear };
  return {
    clear,
    show: (done, total, of) => {
      const at = now();
      if (of !== label) {
        label = of;
        startedAt = at;
        startedFrom = done;
        drawnAt = Number.NEGATIVE_INFINITY;
      }
      if (at - drawnAt < REDRAW_MS && done < total) return;
      drawnAt = at;
      const rate = ((done - startedFrom) * MS_PER_SECOND) / Math.max(at - startedAt, 1);
      terminal.write(`${CLEAR_LINE}${progressLine({ done, total, label: of, rate })}`);
      drawn = true;
    },
  };
};

/** The line itself. Shape: `rate` in units a second. */
export const progressLine = (progress: {
  readonly done: number;
  readonly total: number;
  readonly label: string;
  readonly rate: number;
}): string => {
  const { done, total, label, rate } = progress;
  const share = total > 0 ? Math.min(done / total, 1) : 1;
  const filled = Math.round(share * BAR_COLUMNS);
  const bar = `${"█".repeat(filled)}${"░".repeat(BAR_COLUMNS - filled)}`;
  const left = rate > 0 ? remaining((total - done) / rate) : "–";
  const figures = `${count(done)}/${count(total)} ${label}`;
  return `${bar} ${Math.floor(share * 100)} %  ${figures}  ${count(rate)}/s  ETA ${left}`;
};

const count = (value: number) => Math.round(value).toLocaleString("en-GB");

const remaining = (seconds: number): string => {
  const whole = Math.max(0, Math.ceil(seconds));
  if (whole < SECONDS_PER_MINUTE) return `${whole} s`;
  return `${Math.floor(whole / SECONDS_PER_MINUTE)} min ${whole % SECONDS_PER_MINUTE} s`;
};
