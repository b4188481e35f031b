import { createHash } from 'node:crypto';

function digest(text: string): string {
  return `${createHash('sha256').update(text).digest('hex').slice(0, 40)}@koffertour`;
}

/**
 * Identity of an appointment in the calendars of citizens: the same in every file and mail of it (RFC 5545, UID).
 * Nobody can guess it or learn the secret from it.
 */
export function calendarUid(secret: string): string {
  return digest(secret);
}

/**
 * Identity of anything else. What is not to be guessed must have a secret that is not to be guessed.
 * @param kind keeps apart what has the same secret, e.g. stop and leg
 */
export function uidOf(kind: string, secret: string): string {
  return digest(`${kind}:${secret}`);
}
