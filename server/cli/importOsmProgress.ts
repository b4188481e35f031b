import type { Phase, Progress } from '../osm/progress.ts';

/** How far an import is, as lines of a terminal. */

const NAMES: Record<Phase, string> = {
  read: 'Reading',
  roads: 'Roads',
  map: 'Map',
  addresses: 'Addresses',
  switch: 'Changing over',
};

/** Where a phase stands. Times in milliseconds. */
export interface Standing {
  phase: Phase;
  done: number;
  /** Null: not known. */
  total: number | null;
  elapsed: number;
  /** What is done in a second, of late; null: not known yet. */
  rate: number | null;
}

const BAR = 24;

/** Seconds: what would take longer is said to nobody, it stands still. */
const LONGEST = 360_000;

/** "Reading        [#########               ]  38 %  1.4 MB/s  2:10 left", at most `columns` wide. */
export function progressLine({ phase, done, total, elapsed, rate }: Standing, columns: number): string {
  const name = NAMES[phase].padEnd(13);
  const speed = rate === null ? '' : `  ${rateText(phase, rate)}`;
  if (total === null || total <= 0) return `${name}  ${clock(elapsed / 1_000)}${speed}`.slice(0, columns);
  const share = Math.min(1, done / total);
  const filled = Math.floor(share * BAR);
  const bar = `[${'#'.repeat(filled)}${' '.repeat(BAR - filled)}]`;
  const rest = rate === null || rate <= 0 || share === 1 ? Infinity : (total - done) / rate;
  const left = rest < LONGEST ? `  ${clock(rest)} left` : '';
  const percent = `${String(Math.floor(share * 100)).padStart(3)} %`;
  const whole = `${name}  ${bar} ${percent}${speed}${left}`;
  return whole.length <= columns ? whole : `${name}  ${percent}${left}`.slice(0, columns);
}

function rateText(phase: Phase, rate: number): string {
  return phase === 'read' ? `${(rate / 1e6).toFixed(1)} MB/s` : `${Math.round(rate).toLocaleString('en')}/s`;
}

/** "0:07", "12:40", "1:02:03" of seconds, rounded up: never 0:00 while something is left. */
export function clock(seconds: number): string {
  const whole = Math.ceil(seconds);
  const [hours, minutes] = [Math.floor(whole / 3_600), Math.floor((whole % 3_600) / 60)];
  const two = (value: number): string => String(value).padStart(2, '0');
  return hours === 0 ? `${minutes}:${two(whole % 60)}` : `${hours}:${two(minutes)}:${two(whole % 60)}`;
}

/** Half of what is known of the rate is younger than so many milliseconds. */
const HALF_LIFE = 3_000;
/** At most ten lines a second. */
const EVERY = 100;

export interface ProgressOutput {
  out: (text: string) => void;
  now: () => number;
  /** Width of the terminal that can rewrite a line; null: it cannot, as in a log. */
  columns: number | null;
}

/** Follows an import. On a terminal one line is rewritten; else a phase has one line, and one for each tenth. */
export function createProgress({ out, now, columns }: ProgressOutput): Progress & { end(): void } {
  let standing: (Standing & { startedAt: number }) | null = null;
  let drawnAt = 0;
  let measured = { at: 0, done: 0 };
  let tenth = 0;

  function draw(current: Standing): void {
    drawnAt = now();
    out(columns === null ? `${progressLine(current, 200)}\n` : `\r\x1b[K${progressLine(current, columns - 1)}`);
  }

  /** Mean of the rates of late, the younger the weightier (exponential smoothing). */
  function measure(current: Standing): void {
    const passed = now() - measured.at;
    if (passed < EVERY) return;
    const fresh = ((current.done - measured.done) / passed) * 1_000;
    const weight = 1 - 0.5 ** (passed / HALF_LIFE);
    // The first one counts in full.
    current.rate = current.rate === null ? fresh : current.rate + weight * (fresh - current.rate);
    measured = { at: now(), done: current.done };
  }

  function complete(): void {
    if (standing === null) return;
    const { startedAt, total } = standing;
    const elapsed = now() - startedAt;
    const done = total ?? standing.done;
    const mean = elapsed > 0 && done > 0 ? (done / elapsed) * 1_000 : null;
    const last = { ...standing, done, elapsed, rate: mean };
    if (columns !== null) {
      draw(last);
      out('\n');
    } else if (total !== null && tenth < 10) draw(last);
    standing = null;
  }

  return {
    phase(phase, total) {
      // A part may begin its phase again to say how much there is.
      if (standing?.phase !== phase) {
        complete();
        standing = { phase, done: 0, total, elapsed: 0, rate: null, startedAt: now() };
        tenth = 0;
        measured = { at: now(), done: 0 };
        if (columns !== null) draw(standing);
        else out(`${NAMES[phase]} …\n`);
      } else {
        standing = { ...standing, total, done: 0, rate: null };
        measured = { at: now(), done: 0 };
      }
    },
    done(amount) {
      if (standing === null) return;
      standing.done = amount;
      standing.elapsed = now() - standing.startedAt;
      measure(standing);
      if (columns !== null) {
        if (now() - drawnAt >= EVERY) draw(standing);
        return;
      }
      const reached = standing.total === null || standing.total <= 0 ? 0 : Math.floor((amount / standing.total) * 10);
      if (reached > tenth) {
        tenth = reached;
        draw(standing);
      }
    },
    /** Leaves the last line as it stands: the work is done, or was broken off there. */
    end() {
      if (standing !== null && columns !== null) {
        draw(standing);
        out('\n');
      }
      standing = null;
    },
  };
}
