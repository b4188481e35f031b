export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const DAY = 24 * 60 * MINUTE;

/** True once `span` ms have passed; also if the clock was set back, or a pause could last for years. */
export function hasPassed(now: number, since: number, span: number): boolean {
  return now < since || now - since >= span;
}
