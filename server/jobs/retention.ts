import type { Instant, LocalDate } from '../domain/time.ts';

export interface RetentionPort {
  /**
   * Deletes name, contact, address, notes, reference and secret of appointments whose municipality's time for that
   * has come; the row stays for counting. @returns how many
   */
  purgePersonalData(now: Instant): Promise<number>;
  /** Forgets which contact had an appointment at a visit that is over. @returns how many */
  deleteContactsOfPastVisits(now: Instant): Promise<number>;
  /** Forgets from where somebody entered wrong references. @returns how many addresses */
  deleteLookupFailuresBefore(instant: Instant, now: Instant): Promise<number>;
  /** Forgets what crews ticked, noted and packed on tours before this date. @returns how many entries */
  deleteCrewEntriesBefore(date: LocalDate): Promise<number>;
  /** Forgets calls of the hotline that were begun before this. @returns how many */
  deleteHotlineCallsBefore(instant: Instant): Promise<number>;
  /**
   * Forgets whom to call back: what was done before the one instant, and what nobody did though it was due before the
   * other. @returns how many
   */
  deleteCallbacks(doneBefore: Instant, dueBefore: Instant): Promise<number>;
  /** Forgets runs of the jobs that were begun before this. @returns how many */
  deleteJobRunsBefore(instant: Instant): Promise<number>;
}

/** So long the hashed address of somebody who entered a wrong reference is kept, in milliseconds. */
const FAILURES_KEPT = 24 * 60 * 60_000;

/** So long after a tour the office can read what its crew noted and ticked, in milliseconds. */
const CREW_ENTRIES_KEPT = 30 * 24 * 60 * 60_000;

/** So long after it was done a call-back can be opened again, in milliseconds. */
const DONE_CALLBACKS_KEPT = 24 * 60 * 60_000;

/** So long after it was due a call-back nobody made waits, in milliseconds: nobody expects it any more. */
const OPEN_CALLBACKS_KEPT = 14 * 24 * 60 * 60_000;

/** No call takes so long; a page left open begins a new one. In milliseconds. */
const HOTLINE_CALLS_KEPT = 24 * 60 * 60_000;

/** So long it can be read what came of a job, in milliseconds. */
const JOB_RUNS_KEPT = 30 * 24 * 60 * 60_000;

/** Deletes personal data of visits that are over (Art. 5 (1) e GDPR: no longer than necessary). */
export async function purgePersonalData(
  port: RetentionPort,
  now: Instant,
): Promise<{
  appointments: number;
  contacts: number;
  addresses: number;
  actions: number;
  callbacks: number;
  hotlineCalls: number;
  jobRuns: number;
}> {
  return {
    contacts: await port.deleteContactsOfPastVisits(now),
    appointments: await port.purgePersonalData(now),
    addresses: await port.deleteLookupFailuresBefore(now - FAILURES_KEPT, now),
    callbacks: await port.deleteCallbacks(now - DONE_CALLBACKS_KEPT, now - OPEN_CALLBACKS_KEPT),
    actions: await port.deleteCrewEntriesBefore(new Date(now - CREW_ENTRIES_KEPT).toISOString().slice(0, 10)),
    hotlineCalls: await port.deleteHotlineCallsBefore(now - HOTLINE_CALLS_KEPT),
    jobRuns: await port.deleteJobRunsBefore(now - JOB_RUNS_KEPT),
  };
}
