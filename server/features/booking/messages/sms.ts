import type { OutgoingMessage } from '../../../domain/messages/message.ts';
import { tickToMinute } from '../../../domain/time.ts';
import type { Locale } from '../../../domain/booking/office.ts';
import { dateLeaf, timeOfDay } from '../../../web/format.ts';
import { plain, type MessageFacts } from './facts.ts';
import { fitGsm } from './gsm.ts';

/**
 * A short message: one part of 160 characters where the address of the office is short enough, never more than two.
 * What a municipality worded itself is for mails: it has no room here.
 * @throws Error for `verify`: an e-mail address is confirmed by e-mail
 */
export function shortMessage(message: OutgoingMessage, facts: MessageFacts): string {
  const { kind, changedBy, time } = message;
  const { t, links, locale, values, venue } = facts;
  if (kind === 'verify') throw new Error('An e-mail address is not confirmed by short message');
  const when = shortWhen(time, locale);
  const key = kind === 'late' ? 'late' : kind === 'booked' || kind === 'reminder' ? kind : `${kind}.${changedBy}`;
  const words = (place: string): string => {
    const where = place === '' ? '' : `, ${place}`;
    return t(`messages.sms.${key}`, {
      when: when + where,
      before: message.before === null ? t('messages.sms.before') : shortWhen(message.before, locale),
      time: values['uhrzeit-neu'] ?? '',
      minutes: values.minuten ?? '',
    });
  };
  const link = kind === 'cancelled' ? links.visits : links.appointment;
  const locality = plain(venue?.locality ?? '');
  const name = plain(venue?.name ?? '');
  return fitGsm(
    [[locality, name].filter((part) => part !== '').join(', '), locality, ''].map((place) => plain(words(place))),
    link,
  );
}

/** "Di 8. Dez., 9:40 Uhr" */
function shortWhen({ date, startTick }: { date: string; startTick: number }, locale: Locale): string {
  const leaf = dateLeaf(date, locale);
  const day = locale === 'de' ? `${leaf.day}. ${leaf.month}` : `${leaf.day} ${leaf.month}`;
  return plain(`${leaf.weekday} ${day}, ${timeOfDay(tickToMinute(startTick), locale)}`);
}
