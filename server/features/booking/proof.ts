import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Appointment } from '../../domain/booking/appointment.ts';

/** What only those know who can read the mail: the page of the appointment opens without it. */
export type Proof = (of: Pick<Appointment, 'secret' | 'contact'>) => string;

/** @param key of this installation, known to nobody else */
export function createProof(key: string): Proof {
  return ({ secret, contact }) =>
    createHmac('sha256', key)
      .update(`${secret} ${contact ?? ''}`)
      .digest('base64url')
      .slice(0, 22); // 132 bit
}

/** Compares in a time that does not tell how much of it was right. */
export function isProven(proof: string, shown: unknown): boolean {
  const [one, other] = [Buffer.from(proof), Buffer.from(typeof shown === 'string' ? shown : '')];
  return one.length === other.length && timingSafeEqual(one, other);
}
