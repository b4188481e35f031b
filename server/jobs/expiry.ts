import type { Instant } from '../domain/time.ts';

/** Deletes what is left of holds that nobody came back to. */
export interface ExpiryPort {
  /** @returns how many holds were deleted */
  deleteHoldsEndedBefore(instant: Instant): Promise<number>;
  /** Deletes ticks that are free and belong to nobody. @returns how many */
  deleteFreeTicks(now: Instant): Promise<number>;
}

/**
 * So long after its end a hold is kept: who comes back finds what was typed and may take the time up again if it is
 * still free. In milliseconds.
 */
export const GRACE = 60 * 60_000;

/** Forgets abandoned holds with whatever was typed into them. Their time was free since the hold ended. */
export async function expireHolds(port: ExpiryPort, now: Instant): Promise<{ holds: number; ticks: number }> {
  const holds = await port.deleteHoldsEndedBefore(now - GRACE);
  const ticks = await port.deleteFreeTicks(now);
  return { holds, ticks };
}
