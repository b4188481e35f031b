import { createHash } from 'node:crypto';
import { generateSecret, generateSync, generateURI, verifySync } from 'otplib';
import type { Instant } from '../../domain/time.ts';
import { drawQr, type QrDrawing } from '../../web/qr.ts';
import { randomSigns } from './passwords.ts';

/** Codes of an app by RFC 6238: six digits, SHA-1, 30 seconds, as every app understands them. */

const PERIOD = 30;
const RECOVERY_CODES = 10;

export function newSecret(): string {
  return generateSecret({ length: 20 });
}

export function stepAt(now: Instant): number {
  return Math.floor(now / 1000 / PERIOD);
}

/** The code of a time step: for the demonstration and for tests. */
export function codeOfStep(secret: string, step: number): string {
  return generateSync({ secret, epoch: step * PERIOD });
}

/**
 * The time step a code belongs to: of now, the one before or the one after, as clocks differ.
 * @returns null when it is none of them
 */
export function stepOfCode(code: string, secret: string, now: Instant): number | null {
  if (!/^\d{6}$/.test(code)) {
    return null;
  }
  const current = stepAt(now);
  const found = verifySync({ token: code, secret, epoch: current * PERIOD, epochTolerance: PERIOD });
  return found.valid && 'timeStep' in found ? found.timeStep : null;
}

/** The code to type for the demonstration, where nobody needs an app; null: all that would be accepted are used up. */
export function demoCode(secret: string, lastStep: number | null, now: Instant): string | null {
  const current = stepAt(now);
  const step = Math.max(current, (lastStep ?? 0) + 1);
  return step > current + 1 ? null : codeOfStep(secret, step);
}

/** Ten codes for when the phone is lost, each good for once. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: RECOVERY_CODES }, () => randomSigns(3));
}

/** What is kept of a recovery code; blanks, hyphens and capitals do not matter. 59 random bits need no salt. */
export function hashOfRecoveryCode(userId: number, code: string): string {
  const signs = code.toLowerCase().replace(/[^a-z0-9]/g, '');
  return createHash('sha256').update(`${userId}:${signs}`).digest('hex');
}

export interface SetUpView {
  /** In groups of four, to be typed. */
  secret: string;
  /** For the app on the same device. */
  uri: string;
  /** The QR code as the path of an SVG whose view box is `size` wide and high, with its quiet zone. */
  qr: QrDrawing;
}

/** What a page shows for putting a secret into an app. @param owner of the office, as the app names it */
export function presentSecret(secret: string, email: string): SetUpView {
  const uri = generateURI({ issuer: 'Koffertour', label: email, secret });
  return { secret: secret.replace(/(.{4})(?=.)/g, '$1 '), uri, qr: drawQr(uri) };
}
