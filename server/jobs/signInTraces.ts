import type { Instant } from '../domain/time.ts';

export interface SignInTracesPort {
  /** @returns how many sessions were deleted */
  deleteEnded(now: Instant): Promise<number>;
  /** @returns how many counters of failed sign-ins were deleted */
  deleteOld(now: Instant): Promise<number>;
}

/** Deletes sessions that have ended, and failed sign-ins that no longer slow anybody down. */
export async function deleteSignInTraces(
  port: SignInTracesPort,
  now: Instant,
): Promise<{ sessions: number; failures: number }> {
  return { sessions: await port.deleteEnded(now), failures: await port.deleteOld(now) };
}
