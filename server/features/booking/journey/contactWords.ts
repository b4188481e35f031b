import type { Appointment } from '../../../domain/booking/appointment.ts';
import { NO_MESSAGES, type Locale, type MessageRules } from '../../../domain/booking/office.ts';
import { waitsUntil } from '../../../domain/booking/pending.ts';
import { MILLISECONDS_PER_MINUTE, type Instant } from '../../../domain/time.ts';
import { duration } from '../../../web/format.ts';
import { translator } from '../../../web/locale.ts';

/** What each way of being reached means: only what will happen is promised. */
export function presentHints(messages: MessageRules | undefined, locale: Locale): { email: string; phone: string } {
  const t = translator(locale);
  const { sendsMail, sendsSms, confirmsEmail, reminderHours } = messages ?? NO_MESSAGES;
  const email = [
    t(confirmsEmail ? 'journey.details.emailConfirms' : 'journey.details.emailSends'),
    ...(reminderHours > 0 ? [t('journey.details.emailReminds')] : []),
  ];
  return {
    email: sendsMail ? email.join(' ') : t('journey.details.byEmailHint'),
    phone: t(sendsSms ? 'journey.details.bySms' : 'journey.details.byPhoneHint'),
  };
}

/** What comes to the contact after the booking; null: nothing. */
export function contactNote(
  hold: Pick<Appointment, 'contactKind' | 'startsAt'>,
  messages: MessageRules | undefined,
  now: Instant,
  locale: Locale,
): string | null {
  const t = translator(locale);
  if (hold.contactKind === 'none') return t('journey.check.noContactNote');
  if (hold.contactKind !== 'email' || messages?.sendsMail !== true) return null;
  const until = waitsUntil(hold, 'online', messages, now);
  return until === null
    ? t('journey.check.mails')
    : t('journey.check.confirms', { time: duration(Math.floor((until - now) / MILLISECONDS_PER_MINUTE), locale) });
}
