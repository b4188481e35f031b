import type { Appointment } from '../../../domain/booking/appointment.ts';
import type { Line, Venue } from '../../../domain/booking/office.ts';
import { costsOn } from '../../../domain/booking/office.ts';
import { formatReference } from '../../../domain/booking/reference.ts';
import type { QueryPart } from '../../../domain/hotline/query.ts';
import { tickToMinute } from '../../../domain/time.ts';
import { dayDate, distance, duration, shortDate, timeSpan } from '../../../web/format.ts';
import type { Offer, Offers } from '../findOffers.ts';
import { spokenBring, spokenCosts, spokenOffer, type SpokenVisit } from '../spoken.ts';
import type { CallContext } from './context.ts';
import { FEW_TIMES, MOST_TIMES, slotValue, type Search } from './forms.ts';
import type { Understood } from './understand.ts';

/** What is understood and what there is: the part of the screen that follows what is typed. */

export interface ChipView {
  kind: string;
  text: string;
  /** The search without it, or with another reading. */
  query: string;
}

export interface TimeView {
  /** The digit that presses it. */
  key: string;
  value: string;
  text: string;
  meta: readonly string[];
  /** This is the one that is held or chosen. */
  pressed: boolean;
  /** The first of those that were asked for in addition. */
  focus: boolean;
}

export interface ResultsView {
  /** What these are the results of. */
  query: string;
  /** For those who do not see them. */
  announce: string;
  chips: readonly ChipView[];
  choices: readonly ChipView[];
  /** "Nicht verstanden: …" */
  notes: readonly string[];
  /** Opens the one appointment with this reference. */
  reference: { value: string; text: string } | null;
  /** Looks for an appointment under this name on this day. */
  person: { name: string; date: string; text: string } | null;
  visits: readonly { where: string; when: string; detail: string; free: string; none: boolean }[];
  /** Where no service was understood: the usual ones. */
  services: readonly ChipView[];
  times: readonly TimeView[];
  more: boolean;
  /** As many as there are digits are shown already. */
  all: boolean;
  none: { title: string; text: string } | null;
  /** What else is to be said, sentence by sentence. */
  say: readonly string[];
}

/** Most usual first; more would only be in the way. */
const SERVICES_OFFERED = 8;

/** There are several of most names: farther away it is another place. In metres. */
const SAME_PLACE = 10_000;

/**
 * @param chosen the time that is held
 * @param isMoving an appointment gets another time: its services stay
 */
export function presentResults(
  context: CallContext,
  search: Search,
  understood: Understood,
  chosen: Appointment | null,
  isMoving: boolean,
): ResultsView {
  const { t } = context;
  const { query, offers, lines } = understood;
  const times = offers === null ? [] : presentTimes(context, search, understood, chosen);
  const person = isMoving ? null : presentPerson(context, understood);
  const none =
    isMoving && lines.length === 0
      ? { title: context.t('hotline.none.retired'), text: context.t('hotline.none.then.retired') }
      : offers === null || times.length > 0
        ? null
        : noneWords(context, offers, lines);
  return {
    query: search.text,
    announce: announceWords(context, times, none, query.text),
    chips: presentChips(context, understood),
    choices: [
      ...query.places.map(({ value, query: text }) => ({
        kind: t('hotline.part.place'),
        text: value.detail === '' ? value.name : `${value.name}, ${value.detail}`,
        query: text,
      })),
      ...(isMoving ? [] : query.services).flatMap(({ choices }) =>
        choices.map(({ value, query: text }) => ({
          kind: t('hotline.part.service'),
          text: value.texts[context.locale].name,
          query: text,
        })),
      ),
    ],
    notes: notesOf(context, understood, person !== null),
    reference:
      query.reference?.kind === 'ok'
        ? {
            value: query.reference.reference,
            text: t('hotline.results.openReference', { reference: formatReference(query.reference.reference) }),
          }
        : null,
    person,
    visits: (offers?.visits ?? []).map(({ stop, venue, metres, free }) => ({
      where: `${venue.locality}, ${venue.name}`,
      when: t('hotline.results.visit', {
        date: dayDate(stop.date, context.locale),
        span: timeSpan(stop.fromMinute, stop.toMinute, context.locale),
      }),
      detail: metres === null ? '' : distance(metres, context.locale),
      free: free === 0 ? t('hotline.results.full') : t('hotline.results.free', { count: free }),
      none: free === 0,
    })),
    services: isMoving || lines.length > 0 || query.reference !== null ? [] : usualServices(context, search.text),
    times,
    more: offers?.more === true && !search.more,
    all: search.more,
    none,
    say: isMoving || times.length === 0 ? [] : sayWords(context, offers, lines),
  };
}

function presentChips({ locale, t }: CallContext, { query }: Understood): ChipView[] {
  let service = 0;
  const textOf = (part: QueryPart): string => {
    switch (part.kind) {
      case 'place':
        return query.place === null
          ? part.typed
          : query.place.detail === ''
            ? query.place.name
            : `${query.place.name}, ${query.place.detail}`;
      case 'service': {
        const one = query.services[service++];
        if (one === undefined) return part.typed;
        const words = { name: one.service.texts[locale].name, count: one.persons };
        return `${one.persons === 1 ? words.name : t('hotline.results.serviceFor', words)}, ${duration(one.service.minutes * one.persons, locale)}`;
      }
      case 'date':
        return query.dates === null ? part.typed : spanOfDays(query.dates, locale);
      case 'persons':
      case 'time':
      case 'stepFree':
      case 'reference':
        return part.typed;
    }
  };
  return query.parts.map((part) => ({
    kind: t(`hotline.part.${part.kind}`),
    text: textOf(part),
    query: part.rest,
  }));
}

function spanOfDays({ from, to }: { from: string; to: string }, locale: CallContext['locale']): string {
  return from === to ? dayDate(from, locale) : `${shortDate(from, locale)} – ${shortDate(to, locale)}`;
}

function notesOf({ locale, t }: CallContext, { query, alone }: Understood, isPerson: boolean): string[] {
  // What somebody can be looked for by is understood.
  const name = new Set(isPerson ? query.name?.split(/\s+/) : []);
  const unknown = query.unknown.filter((word) => !name.has(word));
  return [
    ...(query.reference?.kind === 'mistyped' ? [t('hotline.results.mistyped', { typed: query.reference.typed })] : []),
    ...(unknown.length > 0 ? [t('hotline.results.unknown', { words: unknown.join(', ') })] : []),
    ...query.services
      .filter(({ asked, persons }) => asked > persons)
      .map(({ service, persons }) => t('hotline.results.most', { name: service.texts[locale].name, count: persons })),
    ...(alone === null ? [] : [t('hotline.results.alone', { service: alone.texts[locale].name })]),
  ];
}

/** Both parts are needed to look for somebody: a name and one day. Who names a service wants a new appointment. */
function presentPerson({ locale, t }: CallContext, { query }: Understood): ResultsView['person'] {
  const date = query.dates !== null && query.dates.from === query.dates.to ? query.dates.from : null;
  if (query.name === null || date === null || query.services.length > 0) return null;
  return {
    name: query.name,
    date,
    text: t('hotline.results.person', { name: query.name, date: dayDate(date, locale) }),
  };
}

function usualServices({ directory, locale, t }: CallContext, text: string): ChipView[] {
  return directory.services.slice(0, SERVICES_OFFERED).map((service) => ({
    kind: t('hotline.part.service'),
    text: service.texts[locale].name,
    query: `${text} ${service.texts.de.name}`.trim(),
  }));
}

/** Only what bears its name: next door may be another village, and a postcode has several. A street stands before it. */
function isInPlace({ metres, venue }: Offer, { place }: Understood['query']): boolean {
  if (place === null || metres === null || metres > SAME_PLACE) return false;
  return place.name === venue.locality || place.name.endsWith(`, ${venue.locality}`);
}

function presentTimes(
  context: CallContext,
  search: Search,
  { offers, query }: Understood,
  chosen: Appointment | null,
): TimeView[] {
  const { locale, t } = context;
  let before: SpokenVisit | undefined;
  return (offers?.offers ?? []).slice(0, MOST_TIMES).map((offer, index) => {
    const visit: SpokenVisit = { date: offer.stop.date, minute: tickToMinute(offer.tick), venue: offer.venue };
    const text = spokenOffer(
      {
        ...visit,
        metres: offer.metres,
        today: offers?.today ?? context.local.date,
        inPlace: isInPlace(offer, query),
        ...(before === undefined ? {} : { before }),
      },
      locale,
      t,
    );
    before = visit;
    const value = slotValue({ stopId: offer.stop.id, tick: offer.tick });
    const isHeld = chosen?.state === 'held' && chosen.stopId === offer.stop.id && chosen.startTick === offer.tick;
    return {
      key: String(index + 1),
      value,
      text: t('hotline.quote', { text }),
      meta: metaOf(context, offer, (offers?.offers ?? []).length > 1),
      pressed: isHeld || (search.slot !== null && slotValue(search.slot) === value),
      focus: search.more && search.slot === null && index === FEW_TIMES && chosen === null,
    };
  });
}

function metaOf({ t }: CallContext, { soonest, lastOfVisit, venue }: Offer, isChoice: boolean): string[] {
  return [
    ...(soonest && isChoice ? [t('hotline.results.soonest')] : []),
    ...(lastOfVisit ? [t('hotline.results.last')] : []),
    venue.stepFree ? t('hotline.results.stepFree') : t('hotline.results.steps'),
  ];
}

function noneWords({ t }: CallContext, offers: Offers, lines: readonly Line[]): ResultsView['none'] {
  if (lines.length === 0 || offers.none === null) {
    return offers.none === null || offers.visits.length > 0
      ? null
      : { title: t(`hotline.none.${offers.none}`), text: t('hotline.none.what') };
  }
  return { title: t(`hotline.none.${offers.none}`), text: t(`hotline.none.then.${offers.none}`) };
}

function announceWords(
  { t }: CallContext,
  times: readonly TimeView[],
  none: ResultsView['none'],
  text: string,
): string {
  if (text === '') return '';
  const [first] = times;
  if (first !== undefined) return t('hotline.results.announce', { count: times.length, first: first.text });
  return none === null ? t('hotline.results.announceOther') : none.title;
}

/** What to bring, what it costs and how it is paid: for the first time offered. */
function sayWords(context: CallContext, offers: Offers | null, lines: readonly Line[]): string[] {
  const first = offers?.offers[0];
  return first === undefined ? [] : sayFor(context, lines, first.stop.date, first.venue);
}

export function sayFor(
  { directory, locale, t }: CallContext,
  lines: readonly Line[],
  date: string,
  venue: Venue | undefined,
): string[] {
  if (lines.length === 0) return [];
  const municipality = venue === undefined ? undefined : directory.municipalities.get(venue.municipalityId);
  const notes = lines.flatMap(({ service }) => {
    const { note, feeNote } = service.texts[locale];
    return [feeNote, note].filter((one): one is string => one !== null && one !== '');
  });
  return [
    spokenBring(lines, locale, t),
    spokenCosts(costsOn(lines, date), municipality?.cardOnly ?? true, locale, t),
    ...new Set(notes),
  ];
}
