import type { Instant } from '../domain/time.ts';

export interface RetentionPort {
  /**
   * Deletes name, contact, reference and secret of appointments whose municipality's time for that has come; the row
   * stays for counting. @returns how many
   */
  purgePersonalData(now: Instant): Promise<number>;
}

/** Deletes personal data of visits that are over (Art. 5 (1) e GDPR: no longer than necessary). */
export async function purgePersonalData(port: RetentionPort, now: Instant): Promise<{ appointments: number }> {
  return { appointments: await port.purgePersonalData(now) };
}
