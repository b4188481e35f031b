import { z } from 'zod';
import type { Translate } from '../../../web/locale.ts';
import type { PasswordChange, RelayValues, RuleValues, StoredRelay } from './ports.ts';

/** The fields of a mail server and of the rules: what is typed, what it means, how the history shows it. */

/** In the order of the form. */
export const RELAY_FIELDS = [
  'absendername',
  'absender',
  'antworten',
  'server',
  'port',
  'verschluesselung',
  'benutzer',
] as const;

const line = (max: number) =>
  z
    .string()
    .default('')
    .transform((text) =>
      text
        .normalize('NFC')
        .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
        .trim(),
    )
    .pipe(z.string().max(max, `data.errors.tooLong?max=${max}`));

const neededLine = (max: number, missing: string) => line(max).pipe(z.string().min(1, missing));

/** One address without a name; umlauts in the part behind the @ only. */
const ADDRESS = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[^\s@<>"(),:;\\[\]]+\.[^\s@<>"(),:;\\[\].]{2,}$/u;

export const addressField = z
  .string()
  .default('')
  .transform((text) => text.trim())
  .pipe(z.string().max(254, 'data.errors.tooLong?max=254').regex(ADDRESS, 'data.errors.mail'));

/**
 * A name with a dot, in lower case, as it stands in certificates; null: it is none. An IP address has no certificate,
 * and the machine itself is no business of a municipality.
 */
export function hostOf(text: string): string | null {
  if (/[\s/@:?#%[\]\\]/.test(text) || !URL.canParse(`https://${text}`)) return null;
  const { hostname } = new URL(`https://${text}`);
  const isName = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/.test(hostname);
  return isName && !hostname.endsWith('.localhost') ? hostname : null;
}

export const relaySchema = z
  .object({
    absendername: neededLine(160, 'messageSettings.errors.fromName'),
    absender: addressField,
    antworten: z.union([z.literal('').transform(() => null), addressField], 'data.errors.mail').default(null),
    server: neededLine(253, 'messageSettings.errors.host').transform((text, context) => {
      const host = hostOf(text);
      if (host === null) context.addIssue('messageSettings.errors.hostForm');
      return host ?? z.NEVER;
    }),
    port: line(5).transform((text, context) => {
      const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
      if (port < 1 || port > 65_535) context.addIssue('data.errors.number?min=1&max=65535');
      return port;
    }),
    verschluesselung: z.enum(['tls', 'starttls'], 'messageSettings.errors.security'),
    benutzer: line(254).transform((text) => (text === '' ? null : text)),
  })
  .transform((fields): RelayValues => ({
    host: fields.server,
    port: fields.port,
    security: fields.verschluesselung,
    username: fields.benutzer,
    fromName: fields.absendername,
    fromAddress: fields.absender,
    replyTo: fields.antworten,
  }));

/** Values → texts: `relaySchema` reads them back as the same values. */
export function relayTexts(values: RelayValues): Record<(typeof RELAY_FIELDS)[number], string> {
  return {
    absendername: values.fromName,
    absender: values.fromAddress,
    antworten: values.replyTo ?? '',
    server: values.host,
    port: String(values.port),
    verschluesselung: values.security,
    benutzer: values.username ?? '',
  };
}

/** Most characters of a password: sealed it still fits its column. */
const LONGEST_PASSWORD = 200;

/**
 * What becomes of the password, or the key of the text that says why not. It is kept for the server and the user it was
 * typed for only: else whoever may change the server could have it sent to one of their own.
 */
export function passwordChange(
  typed: { password: string; clears: boolean },
  values: Pick<RelayValues, 'host' | 'username'>,
  stored: StoredRelay | null,
  keepsPasswords: boolean,
): PasswordChange | { kind: 'fault'; text: string } {
  const fault = (text: string) => ({ kind: 'fault', text }) as const;
  if (typed.clears) {
    return typed.password === '' ? { kind: 'clear' } : fault('messageSettings.errors.clearOrSet');
  }
  if (typed.password !== '') {
    if (values.username === null) return fault('messageSettings.errors.passwordAlone');
    if (!keepsPasswords) return fault('messageSettings.errors.noKey');
    return typed.password.length > LONGEST_PASSWORD
      ? fault(`data.errors.tooLong?max=${LONGEST_PASSWORD}`)
      : { kind: 'set', password: typed.password };
  }
  if (stored === null || stored.password === 'none' || values.username === null) return { kind: 'clear' };
  const isSame = stored.host === values.host && stored.username === values.username;
  return isSame ? { kind: 'keep' } : fault('messageSettings.errors.passwordAgain');
}

/** A mail server as the history shows it, in German; null: there is none. */
export function relayPicture(values: RelayValues | null, german: Translate): Record<string, string | null> {
  if (values === null) return {};
  const texts = relayTexts(values);
  return Object.fromEntries(
    RELAY_FIELDS.map((field) => [
      german(`messageSettings.relay.fields.${field}`),
      field === 'verschluesselung' ? german(`messageSettings.relay.security.${values.security}`) : texts[field],
    ]),
  );
}

export const RULES = ['bestaetigen', 'erinnern', 'sms'] as const;
export type RuleField = (typeof RULES)[number];

export const RULE_KEYS: Readonly<Record<RuleField, keyof RuleValues>> = {
  bestaetigen: 'confirmsEmail',
  erinnern: 'sendsReminders',
  sms: 'sendsSms',
};

export function rulesOf(fields: Readonly<Record<string, string>>): RuleValues {
  return {
    confirmsEmail: fields['bestaetigen'] === '1',
    sendsReminders: fields['erinnern'] === '1',
    sendsSms: fields['sms'] === '1',
  };
}

export function rulesPicture(rules: RuleValues, german: Translate): Record<string, string> {
  return Object.fromEntries(
    RULES.map((field) => [
      german(`messageSettings.rules.fields.${field}`),
      rules[RULE_KEYS[field]] ? german('data.yes') : german('data.no'),
    ]),
  );
}
