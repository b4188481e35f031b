import type { Instant, LocalDate } from '../domain/time.ts';

export interface RetentionPort {
  /**
   * Deletes name, contact, reference and secret of appointments whose municipality's time for that has come; the row
   * stays for counting. @returns how many
   */
  purgePersonalData(now: Instant): Promise<number>;
  /** Forgets which contact had an appointment at a visit that is over. @returns how many */
  deleteContactsOfPastVisits(now: Instant): Promise<number>;
  /** Forgets from where somebody entered wrong references. @returns how many addresses */
  deleteLookupFailuresBefore(instant: Instant, now: Instant): Promise<number>;
  /** Forgets what crews ticked, noted and packed on tours before this date. @returns how many entries */
  deleteCrewEntriesBefore(date: LocalDate): Promise<number>;
}

/** So long the hashed address of somebody who entered a wrong reference is kept, in milliseconds. */
const FAILURES_KEPT = 24 * 60 * 60_000;

/** So long after a tour the office can read what its crew noted and ticked, in milliseconds. */
const CREW_ENTRIES_KEPT = 30 * 24 * 60 * 60_000;

/** Deletes personal data of visits that are over (Art. 5 (1) e GDPR: no longer than necessary). */
export async function purgePersonalData(
  port: RetentionPort,
  now: Instant,
): Promise<{ appointments: number; contacts: number; addresses: number; actions: number }> {
  return {
    contacts: await port.deleteContactsOfPastVisits(now),
    appointments: await port.purgePersonalData(now),
    addresses: await port.deleteLookupFailuresBefore(now - FAILURES_KEPT, now),
    actions: await port.deleteCrewEntriesBefore(new Date(now - CREW_ENTRIES_KEPT).toISOString().slice(0, 10)),
  };
}
