/** Tells whoever waits how far an import is; the steps call it as often as they like. */
export interface Progress {
  /** A new phase begins. @param total what `done` counts up to; null: not known */
  phase(name: Phase, total: number | null): void;
  done(amount: number): void;
}

/** read: bytes of the file; the others: elements, tiles, addresses. */
export const PHASES = ['read', 'roads', 'map', 'addresses', 'switch'] as const;

export type Phase = (typeof PHASES)[number];

/** Tells nobody. */
export const SILENT: Progress = { phase: () => {}, done: () => {} };
