import type { Appointment } from '../../../domain/booking/appointment.ts';
import { linesOf } from '../../../domain/booking/office.ts';
import { hasRunOut } from '../../../domain/booking/pending.ts';
import { formatReference } from '../../../domain/booking/reference.ts';
import { spell } from '../../../domain/booking/spelling.ts';
import { tickToMinute } from '../../../domain/time.ts';
import { dayDate, duration, longDate, shortDate, timeOfDay } from '../../../web/format.ts';
import type { AppointmentExtras, Zone } from '../ports.ts';
import { readBack, readBackParts, readState, spokenSpelling } from '../spoken.ts';
import type { CallContext } from './context.ts';
import { sayFor } from './resultsPresenter.ts';

/** One appointment on the screen: being booked, just booked, or looked up. */

export interface AppointmentView {
  when: string;
  where: string;
  street: string;
  services: readonly string[];
  name: string;
  contact: string;
  state: string;
  /** Null while it is only held. */
  reference: string | null;
  /** Group by group: 'K7M' and how it is spelled. */
  spelling: readonly { group: string; words: string }[];
  /** It is to take place: what is read aloud is to be confirmed. */
  open: boolean;
  /** "Ich wiederhole: …"; else only what it is or was. */
  readBack: string;
  /** The same around a name that is still being typed. */
  readBackParts: { lead: string; rest: string };
  say: readonly string[];
}

/** Venue and street of an appointment, whether or not its visit is still published. */
export interface AppointmentPlace {
  venueId: number | null;
}

/** Nothing is to be repeated for the caller to confirm. */
const OVER: readonly Appointment['state'][] = ['cancelled', 'served', 'missed'];

export function nameOf({ firstName, familyName }: Pick<Appointment, 'firstName' | 'familyName'>): string {
  return [firstName, familyName].filter((part) => part !== null && part !== '').join(' ');
}

export function presentAppointment(
  context: CallContext,
  appointment: Appointment,
  place: AppointmentPlace,
  extras: AppointmentExtras | null,
): AppointmentView {
  const { directory, locale, t } = context;
  const venue = directory.venues.get(place.venueId ?? 0);
  const lines = linesOf(directory, appointment);
  const minute = tickToMinute(appointment.startTick);
  const visit = {
    date: appointment.date,
    minute,
    venue: venue ?? { name: '', locality: '', street: '' },
    today: context.local.date,
    lines,
  };
  const name = nameOf(appointment);
  const isOver = hasRunOut(appointment, context.now);
  const isOpen = !isOver && !OVER.includes(appointment.state);
  const reference = appointment.state === 'held' ? null : appointment.reference;
  return {
    when: `${longDate(appointment.date, locale)}, ${timeOfDay(minute, locale)}`,
    where: venue === undefined ? '' : `${venue.locality}, ${venue.name}`,
    street: venue === undefined ? '' : `${venue.street}, ${venue.postcode} ${venue.city}`,
    services: lines.map(({ service, persons }) => {
      const words = service.texts[locale].name;
      const text = persons === 1 ? words : t('hotline.results.serviceFor', { name: words, count: persons });
      return `${text}, ${duration(service.minutes * persons, locale)}`;
    }),
    name: name === '' ? t('hotline.appointment.nameGone') : name,
    contact: contactWords(context, appointment, extras),
    state: t(`hotline.state.${isOver ? 'expired' : appointment.state}`),
    reference: reference === null ? null : formatReference(reference),
    spelling:
      reference === null
        ? []
        : spell(reference, locale).map((group) => ({
            group: group.map(({ symbol }) => symbol).join(''),
            words: spokenSpelling(group, t),
          })),
    open: isOpen,
    readBack: isOpen
      ? readBack({ ...visit, name: name === '' ? null : name }, locale, t)
      : readState({ ...visit, name: name === '' ? null : name }, appointment.state === 'cancelled', locale, t),
    readBackParts: readBackParts(visit, locale, t),
    say: sayFor(context, lines, appointment.date, venue),
  };
}

function contactWords(
  { t }: CallContext,
  { contactKind, contact }: Appointment,
  extras: AppointmentExtras | null,
): string {
  const address = extras?.address ?? null;
  if (address !== null) {
    const { extra, street, postcode, city } = address;
    return t('hotline.appointment.byLetter', {
      address: [extra, street, `${postcode} ${city}`].filter((part) => part !== '').join(', '),
    });
  }
  return contactKind === 'none' || contact === null ? t('hotline.appointment.noContact') : contact;
}

/** Notes and what became of the letter. */
export function presentExtras({ locale, t }: CallContext, zone: Zone, extras: AppointmentExtras) {
  const moment = (instant: number): string => {
    const { date, minute } = zone.local(instant);
    return `${shortDate(date, locale)}, ${timeOfDay(minute, locale)}`;
  };
  const { letter } = extras;
  return {
    channel: t(`hotline.channel.${extras.channel}`),
    notes: extras.notes.map(({ text, at, by }) => ({
      text,
      about: t('hotline.appointment.noteBy', { name: by ?? t('hotline.appointment.somebody'), at: moment(at) }),
    })),
    letter:
      letter === null
        ? null
        : letter.printedAt === null
          ? t('hotline.appointment.letterWaits', { at: moment(letter.createdAt) })
          : t('hotline.appointment.letterPrinted', { at: moment(letter.printedAt) }),
  };
}

/** A letter that the agent's own mail program can send, where the municipality sends no mail. */
export function confirmationMail({ locale, t }: CallContext, appointment: Appointment, view: AppointmentView): string {
  const subject = t('hotline.mail.subject', { date: dayDate(appointment.date, locale) });
  const body = t('hotline.mail.body', {
    when: view.when,
    where: view.where,
    street: view.street,
    services: view.services.join('\n'),
    reference: view.reference ?? '',
  });
  const query = `subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(body.replaceAll('\n', '\r\n'))}`;
  return `mailto:${encodeURIComponent(appointment.contact ?? '').replace('%40', '@')}?${query}`;
}
