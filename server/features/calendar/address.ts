import { createHash, createHmac } from 'node:crypto';
import type { Request } from 'express';
import type { Instant } from '../../domain/time.ts';

/** The secret addresses of calendars. */

/** 22 characters of base64url hold 132 bits; the last character of 128 of them has two left over. */
const TOKEN = /^[A-Za-z0-9_-]{22}$/;
/** A form that lay open longer than this makes a new address if it is sent again. */
const FORM_LASTS = 2 * 60 * 60_000;

export function isToken(text: string): boolean {
  return TOKEN.test(text);
}

/** As it is kept: a copy of the database opens no calendar. */
export function hashOfToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** What the form of a new calendar carries, so that sent twice it makes one. */
export function newFormKey(now: Instant, secret: string): string {
  return `${now.toString(36)}.${secret}`;
}

/**
 * The secret part of the address that this form makes: the same however often it is sent.
 * Null: the form is none of ours or too old.
 */
export function tokenOf(formKey: string, userId: number, key: string, now: Instant): string | null {
  const [, made = '', secret = ''] = /^([0-9a-z]{1,12})\.([A-Za-z0-9_-]{22})$/.exec(formKey) ?? [];
  const age = now - parseInt(made, 36);
  if (secret === '' || !(age >= 0 && age < FORM_LASTS)) return null;
  return createHmac('sha256', key).update(`feed ${userId} ${made} ${secret}`).digest('base64url').slice(0, 22);
}

/** Where the office is reached: scheme, host and port. */
export function originOf(request: Request, publicUrl: string | null): string {
  const origin = publicUrl ?? `${request.protocol}://${request.get('Host') ?? request.hostname}`;
  return URL.canParse(origin) ? origin : 'http://localhost'; // a Host that no browser sends
}
