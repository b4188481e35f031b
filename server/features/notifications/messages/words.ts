import { textKindOf, type ChangedBy, type MessageKind } from '../../../domain/messages/message.ts';
import { daysBetween, type Instant } from '../../../domain/time.ts';
import { dayDate, timeOfDay } from '../../../web/format.ts';
import type { Locale, Translate } from '../../../web/locale.ts';
import type { Zone } from '../ports.ts';

/** What the pages are worded with, seen from now. */
export interface Words {
  t: Translate;
  locale: Locale;
  zone: Zone;
  now: Instant;
}

/** "Erinnerung", "Absage durch das Amt" */
export function kindWords(message: { kind: MessageKind; changedBy: ChangedBy }, t: Translate): string {
  return t(`notifications.kinds.${textKindOf(message)}`);
}

/** "9:12 Uhr" of today, else "Montag, 30. November, 9:12 Uhr". */
export function whenWords(instant: Instant, { t, locale, zone, now }: Words): string {
  const { date, minute } = zone.local(instant);
  const time = timeOfDay(minute, locale);
  const days = daysBetween(date, zone.local(now).date);
  if (days === 0) return t('notifications.today', { time });
  if (days === 1) return t('notifications.yesterday', { time });
  return t('notifications.dayAndTime', { day: dayDate(date, locale), time });
}

/** Where it failed; it stands at the beginning of what the gateways report. */
const FAULTS = ['connection', 'tls', 'login', 'sender', 'recipient', 'message', 'program'] as const;

/** What the outbox writes before the last report when it gave a message up because its time was over. */
const TOO_LATE = 'zu spät';

/** Why a message did not leave, in words, and what the other side said in its own; null: nothing. */
export function reasonWords(error: string, t: Translate): { text: string; said: string | null } {
  const isLate = error.startsWith(TOO_LATE);
  const report = isLate ? error.slice(TOO_LATE.length).replace(/^: /, '') : error;
  const fault = FAULTS.find((one) => report.startsWith(`${one}:`));
  const said = fault === undefined ? report : report.slice(fault.length + 1).trim();
  const why = fault === undefined ? null : t(`notifications.faults.${fault}`);
  const late = isLate ? t('notifications.faults.late') : null;
  return {
    text: [late, why].filter((part) => part !== null).join(' ') || t('notifications.faults.message'),
    said: said === '' ? null : said,
  };
}
