import type { Appointment } from '../../../domain/booking/appointment.ts';
import {
  costsOn,
  feeOn,
  type Directory,
  type Line,
  type Locale,
  type ServiceCategory,
} from '../../../domain/booking/office.ts';
import type { PersonField, PersonProblem } from '../../../domain/booking/person.ts';
import { canExtendHold, type BookingRules } from '../../../domain/booking/rules.ts';
import { tickToMinute, type Instant, type LocalDate } from '../../../domain/time.ts';
import { pathsFor, type Query } from '../../../paths.ts';
import { dayDate, duration, longDate, timeOfDay } from '../../../web/format.ts';
import { translator } from '../../../web/locale.ts';
import { lineValues } from '../choice.ts';
import { originQuery, type Origin } from '../origin.ts';
import type { Zone } from '../ports.ts';
import { bringList, costWords, originWords, presentSum, presentVenue, timeLeft, whenWords } from '../presenter.ts';
import { contactNote } from './contactWords.ts';
import { aloneOnly, type ServicesProblem } from './forms.ts';
import type { ServicesHere } from './whereElse.ts';

/** A hold with where it is. */
export type HeldAppointment = Appointment & { venueId: number };

/** What the citizen has decided so far. */
export interface Journey {
  origin: Origin;
  /** The visit they came with. */
  stopId: number | null;
  lines: readonly Line[];
  /** The hold, once a time is chosen. */
  hold: HeldAppointment | null;
}

export type StepName = 'place' | 'services' | 'times' | 'details' | 'check';

const STEPS: readonly StepName[] = ['place', 'services', 'times', 'details', 'check'];

/** The query that says again what was chosen before a hold exists. */
export function journeyQuery(journey: Pick<Journey, 'origin' | 'stopId' | 'lines'>): Query {
  return { ...originQuery(journey.origin), halt: journey.stopId, leistung: lineValues(journey.lines) };
}

/** Addresses of the steps: before a time is held the choice is in the query, afterwards in the hold. */
export function stepLinks(journey: Journey, locale: Locale): Record<StepName, string> {
  const p = pathsFor(locale);
  const place = p.visits(originQuery(journey.origin));
  if (journey.hold === null) {
    const query = journeyQuery(journey);
    return { place, services: p.services(query), times: p.times(query), details: '', check: '' };
  }
  const { secret } = journey.hold;
  return {
    place,
    services: p.heldServices(secret),
    times: p.heldTimes(secret),
    details: p.details(secret),
    check: p.check(secret),
  };
}

export interface StepsView {
  now: string;
  steps: { label: string; href: string | null; current: boolean; done: boolean }[];
}

export function presentSteps(journey: Journey, current: StepName, locale: Locale): StepsView {
  const t = translator(locale);
  const links = stepLinks(journey, locale);
  const at = STEPS.indexOf(current);
  return {
    now: t('journey.stepOf', { step: at + 1, steps: STEPS.length }),
    steps: STEPS.map((step, index) => ({
      label: t(`journey.step.${step}`),
      href: index < at ? links[step] : null,
      current: index === at,
      done: index < at,
    })),
  };
}

export interface TripView {
  rows: { key: string; values: string[]; note: string | null; edit: string | null; state: 'done' | 'now' | 'open' }[];
}

/** "Ihr Termin bisher" beside the question. */
export function presentTrip(
  directory: Directory,
  journey: Journey,
  current: StepName,
  today: LocalDate,
  locale: Locale,
): TripView {
  const t = translator(locale);
  const links = stepLinks(journey, locale);
  const { hold, lines } = journey;
  const sum = presentSum(lines, hold?.date ?? today, locale);
  const venue = hold === null ? undefined : directory.venues.get(hold.venueId);
  const at = STEPS.indexOf(current);
  const row = (step: StepName, values: string[], note: string | null = null) => {
    const index = STEPS.indexOf(step);
    return {
      key: t(`journey.step.${step}`),
      values: index < at ? values : [index === at ? t('journey.trip.now') : t('journey.trip.later')],
      note: index < at ? note : null,
      edit: index < at ? links[step] : null,
      state: index < at ? ('done' as const) : index === at ? ('now' as const) : ('open' as const),
    };
  };
  return {
    rows: [
      row('place', [originWords(journey.origin, locale)]),
      row('services', sum.lines, t('journey.trip.sum', { duration: sum.duration, costs: sum.costs })),
      row(
        'times',
        hold === null ? [] : [whenWords(hold.date, hold.startTick, locale)],
        venue === undefined ? null : `${venue.locality}, ${venue.name}`,
      ),
    ],
  };
}

// ── Services ────────────────────────────────────────────────────────────────────────────────────────────────────────

const CATEGORIES: readonly ServiceCategory[] = ['identity', 'residence', 'certificates'];

export interface ServicesView {
  groups: {
    legend: string;
    services: {
      slug: string;
      name: string;
      duration: string;
      fee: string;
      /** For one person; null: set by the municipal statute. */
      cents: number | null;
      minutes: number;
      feeNote: string | null;
      note: string | null;
      documents: readonly string[];
      checked: boolean;
      /** It is chosen together with others and can only be booked alone. */
      problem: string | null;
      persons: { value: number; selected: boolean }[];
      /** Set when it cannot be done at the chosen visit. */
      unavailable: { reason: string; link: { href: string; text: string } | null } | null;
    }[];
  }[];
  /** What is chosen so far, in words; null: nothing. */
  sum: { what: string; value: string } | null;
}

export function presentServices(
  directory: Directory,
  journey: Journey,
  here: ServicesHere,
  day: LocalDate,
  locale: Locale,
): ServicesView {
  const t = translator(locale);
  const chosen = new Map(journey.lines.map(({ service, persons }) => [service.id, persons]));
  const alone = new Set(aloneOnly(journey.lines).map(({ service }) => service.id));
  const groups = CATEGORIES.map((category) => ({
    legend: t(`journey.category.${category}`),
    services: directory.services
      .filter((service) => service.category === category)
      .map((service) => {
        const text = service.texts[locale];
        const fee = feeOn(service, day);
        const persons = chosen.get(service.id);
        return {
          slug: service.slug,
          name: text.name,
          duration: duration(service.minutes, locale),
          fee: costWords(fee?.cents ?? 0, fee === undefined || fee.cents === null, locale),
          feeNote: text.feeNote,
          note: text.note,
          documents: text.documents,
          minutes: service.minutes,
          cents: fee?.cents ?? null,
          checked: persons !== undefined,
          problem: alone.has(service.id) ? t('services.notCombinable', { service: text.name }) : null,
          persons: Array.from({ length: service.maxPersons }, (_, index) => ({
            value: index + 1,
            selected: index + 1 === (persons ?? 1),
          })),
          unavailable: presentUnavailable(here, journey, service.id, service.slug, locale),
        };
      }),
  })).filter(({ services }) => services.length > 0);
  if (journey.lines.length === 0) {
    return { groups, sum: null };
  }
  const sum = presentSum(journey.lines, day, locale);
  return {
    groups,
    sum: {
      what: t('journey.services.count', { count: journey.lines.length }),
      value: t('journey.services.sum', { duration: sum.duration, costs: sum.costs }),
    },
  };
}

function presentUnavailable(here: ServicesHere, journey: Journey, id: number, slug: string, locale: Locale) {
  const found = here.impossible.get(id);
  if (found === undefined) {
    return null;
  }
  const t = translator(locale);
  const reason = t(`journey.services.${found.reason.kind}`);
  if (found.elsewhere === null) {
    return { reason, link: null };
  }
  const { stop, venue } = found.elsewhere;
  return {
    reason,
    link: {
      href: pathsFor(locale).services({ ...originQuery(journey.origin), halt: stop.id, leistung: slug }),
      text: t('journey.services.elsewhere', {
        date: dayDate(stop.date, locale),
        place: `${venue.locality}, ${venue.name}`,
      }),
    },
  };
}

/** @param lines what was chosen */
export function servicesErrors(problem: ServicesProblem | 'notTogether', lines: readonly Line[], locale: Locale) {
  if (problem === 'notCombinable') {
    return aloneOnly(lines).map(({ service }) => ({
      href: `#${service.slug}`,
      text: translator(locale)('services.notCombinable', { service: service.texts[locale].name }),
    }));
  }
  return [{ href: '#leistungen', text: translator(locale)(`journey.services.error.${problem}`) }];
}

// ── Hold ────────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface HoldView {
  /** "10:24 Uhr" */
  until: string;
  untilIso: string;
  nowIso: string;
  /** "8:42" */
  left: string;
  secondsLeft: number;
  secondsMax: number;
  minutes: number;
  canExtend: boolean;
  /** The time has run out; it may still be free. */
  over: boolean;
  action: string;
  /** Which page to come back to. */
  from: string;
}

export function presentHold(
  hold: Appointment,
  rules: BookingRules,
  now: Instant,
  zone: Zone,
  from: string,
  locale: Locale,
): HoldView {
  const until = hold.holdUntil ?? now;
  const left = Math.max(0, until - now);
  return {
    until: timeOfDay(zone.local(until).minute, locale),
    untilIso: new Date(until).toISOString(),
    nowIso: new Date(now).toISOString(),
    left: timeLeft(left),
    secondsLeft: Math.ceil(left / 1000),
    secondsMax: rules.holdMinutes * 60,
    minutes: rules.holdMinutes,
    canExtend: canExtendHold(hold.holdExtensions, rules),
    over: left === 0,
    action: pathsFor(locale).holdExtension(hold.secret),
    from,
  };
}

// ── Details ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Which field of the form a problem belongs to. */
const FIELD_IDS: Readonly<Record<PersonField, string>> = {
  firstName: 'vorname',
  familyName: 'nachname',
  contactKind: 'weg-email',
  email: 'email',
  phone: 'telefon',
};

export interface FieldError {
  href: string;
  text: string;
}

export function presentProblems(problems: ReadonlyMap<PersonField, PersonProblem>, locale: Locale) {
  const t = translator(locale);
  const list: FieldError[] = [...problems].map(([field, problem]) => ({
    href: `#${FIELD_IDS[field]}`,
    text: t(`journey.details.error.${field}.${problem}`),
  }));
  const at = (field: PersonField): string | null =>
    problems.has(field) ? t(`journey.details.error.${field}.${problems.get(field) ?? ''}`) : null;
  return {
    list,
    fields: {
      vorname: at('firstName'),
      nachname: at('familyName'),
      weg: at('contactKind'),
      email: at('email'),
      telefon: at('phone'),
    },
  };
}

// ── Check ───────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface CheckView {
  rows: { key: string; values: string[]; note: string | null; edit: string }[];
  fees: { name: string; amount: string }[];
  total: string;
  feeNotes: string[];
  bring: string[];
  office: string;
}

export function presentCheck(
  directory: Directory,
  journey: Journey & { hold: HeldAppointment },
  now: Instant,
  locale: Locale,
): CheckView {
  const t = translator(locale);
  const { hold, lines } = journey;
  const links = stepLinks(journey, locale);
  const venue = directory.venues.get(hold.venueId);
  const office = venue === undefined ? undefined : directory.municipalities.get(venue.municipalityId);
  const place = venue === undefined ? null : presentVenue(venue, locale);
  const sum = presentSum(lines, hold.date, locale);
  const costs = costsOn(lines, hold.date);
  const contact = hold.contactKind === 'none' ? t('journey.check.noContact') : (hold.contact ?? '');
  return {
    rows: [
      {
        key: t('journey.check.when'),
        values: [`${longDate(hold.date, locale)}, ${timeOfDay(tickToMinute(hold.startTick), locale)}`],
        note: t('journey.check.about', { duration: sum.duration }),
        edit: links.times,
      },
      {
        key: t('journey.check.where'),
        values: place === null ? [] : [`${place.name}, ${place.locality}`],
        note: place === null ? null : `${place.address} · ${place.access}`,
        edit: links.times,
      },
      { key: t('journey.check.what'), values: sum.lines, note: null, edit: links.services },
      {
        key: t('journey.check.who'),
        values: [[hold.firstName, hold.familyName].filter((name) => name !== null).join(' ')],
        note: null,
        edit: links.details,
      },
      {
        key: t('journey.check.contact'),
        values: [contact],
        note: contactNote(hold, office?.messages, now, locale),
        edit: links.details,
      },
    ],
    fees: lines.map((line) => {
      const fee = feeOn(line.service, hold.date);
      return {
        name:
          line.persons === 1
            ? line.service.texts[locale].name
            : t('journey.check.feeTimes', { name: line.service.texts[locale].name, count: line.persons }),
        amount: costWords((fee?.cents ?? 0) * line.persons, fee === undefined || fee.cents === null, locale),
      };
    }),
    total: sum.costs,
    feeNotes: lines.flatMap(({ service }) => service.texts[locale].feeNote ?? []),
    bring: bringList(lines, office?.cardOnly ?? true, costs.cents + (costs.open ? 1 : 0), locale),
    office: office?.officeName ?? '',
  };
}
