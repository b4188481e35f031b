import type { Instant } from '../domain/time.ts';

/** Gives up what nobody came back to: holds, and bookings whose e-mail address nobody confirmed. */
export interface ExpiryPort {
  /** @returns how many holds were deleted */
  deleteHoldsEndedBefore(instant: Instant): Promise<number>;
  /** Deletes ticks that are free and belong to nobody. @returns how many */
  deleteFreeTicks(now: Instant): Promise<number>;
  /**
   * Turns pending appointments whose time to be confirmed is over by now to `expired`; time and contact are free again.
   * @returns how many
   */
  expirePending(now: Instant): Promise<number>;
  /** Deletes expired appointments whose time to be confirmed was over before this, with all that belongs to them. */
  deleteExpiredBefore(instant: Instant): Promise<number>;
}

/**
 * So long after its end a hold is kept: who comes back finds what was typed and may take the time up again if it is
 * still free. In milliseconds.
 */
export const GRACE = 60 * 60_000;

/** So long the link in the mail says that it came too late and offers new times, in milliseconds. */
export const EXPIRED_KEPT = 24 * 60 * 60_000;

/**
 * Forgets abandoned holds and bookings that were not confirmed, with whatever was typed into them. Their time was free
 * since the hold ended.
 */
export async function expireHolds(
  port: ExpiryPort,
  now: Instant,
): Promise<{ holds: number; ticks: number; expired: number; deleted: number }> {
  const holds = await port.deleteHoldsEndedBefore(now - GRACE);
  const expired = await port.expirePending(now);
  const deleted = await port.deleteExpiredBefore(now - EXPIRED_KEPT);
  const ticks = await port.deleteFreeTicks(now);
  return { holds, ticks, expired, deleted };
}
