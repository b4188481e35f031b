import { normaliseContact } from '../booking/rules.ts';

/** The number as gateways want it (E.164): '0171 392 00-12' → '+491713920012'; null: it cannot be one. */
export function internationalNumber(phone: string): string | null {
  const digits = normaliseContact({ kind: 'phone', value: phone });
  const number = digits.startsWith('00') ? `+${digits.slice(2)}` : digits.replace(/^0/, '+49');
  return /^\+[1-9]\d{6,14}$/.test(number) ? number : null;
}

/**
 * True for a German mobile number however it was typed: 015…, 016…, 017… with ten or eleven digits after the 0
 * (Bundesnetzagentur, Nummernplan Öffentliche zellulare Mobilfunkdienste), or a number of another country, which may be
 * one.
 */
export function isMobileNumber(phone: string): boolean {
  const number = internationalNumber(phone);
  return number !== null && (!number.startsWith('+49') || /^\+491[567]\d{8,9}$/.test(number));
}
