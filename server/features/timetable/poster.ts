import type { Directory, Municipality, Venue } from '../../domain/booking/office.ts';
import { pathsFor } from '../../paths.ts';
import { dateLeaf, dayDate, longDate, shortDate } from '../../web/format.ts';
import { translator, type Locale } from '../../web/locale.ts';
import { servicesOffered, type Coming, type ComingVisit, type OfferedService } from './findComing.ts';
import { accessOf, hoursOf, placeOf, streetOf } from './presenter.ts';
import { drawQr, type QrDrawing } from '../../web/qr.ts';
import { bringHeight, fitting, roomForLists } from './sheet.ts';

/** The one sheet of A4 that hangs in the village. It must hold whatever the office enters: see sheet.ts. */

/** At most so many visits and services stand on the paper; of more visits the dates are told. */
const MOST_VISITS = 6;
const MOST_SERVICES = 9;
/** Up to so many visits stand below each other in large type, more in two columns. */
const FEW_VISITS = 3;
const MOST_FURTHER = 3;
/** Rather fewer visits than less room for what can be done, in millimetres. */
const LEAST_ROOM = 34;
/** A name longer than this is set smaller. */
const LONG_PLACE = 13;
/** The number of all public offices in Germany. */
const PUBLIC_OFFICES = '115';

export interface PosterVisitView {
  leaf: { weekday: string; day: string; month: string };
  /** For those who only hear the leaf. */
  date: string;
  /** What tells the visits apart: the day, or the place. */
  title: string;
  hours: string;
  /** "Gemeindeamt, Am Anger 2"; null where all visits are at the same place. */
  where: string | null;
}

export interface PosterView {
  /** Title of the window. */
  title: string;
  office: string;
  headline: string;
  place: string;
  longPlace: boolean;
  /** Where all visits are: "Gemeindeamt, Am Anger 2" and how to get in; null: told at each visit. */
  where: { line: string; access: string } | null;
  visits: PosterVisitView[];
  /** In two columns. */
  many: boolean;
  /** "Weitere Termine: 5. Januar und 19. Januar"; null: all are shown. */
  further: string | null;
  services: string[];
  bring: string[];
  qr: QrDrawing & { label: string };
  book: { host: string; search: string; phones: string };
  foot: string;
  back: { href: string; text: string };
}

export interface PosterContext {
  directory: Directory;
  /** Where citizens reach the office: scheme, host and port. */
  origin: string;
  locale: Locale;
}

/** The poster of one venue. */
export function presentVenuePoster(venue: Venue, coming: Coming, context: PosterContext): PosterView {
  const { locale, directory } = context;
  const t = translator(locale);
  return presentSheet(
    {
      municipality: directory.municipalities.get(venue.municipalityId),
      coming,
      headline: t('timetable.poster.venueHeadline'),
      place: venue.locality,
      where: { line: `${venue.name}, ${streetOf(venue)}`, access: accessOf(venue, locale) },
      address: pathsFor(locale).venue(venue.slug),
      code: t('timetable.poster.qrVenue', { place: placeOf(venue) }),
      windowTitle: t('timetable.poster.windowTitle', { place: placeOf(venue) }),
      back: placeOf(venue),
      titleOf: ({ stop }) => dayDate(stop.date, locale),
      whereOf: () => null,
      furtherOf: ({ stop }) => shortDate(stop.date, locale),
    },
    context,
  );
}

/** The poster of a municipality with the visits of all its venues. */
export function presentMunicipalityPoster(
  municipality: Municipality,
  coming: Coming,
  context: PosterContext,
): PosterView {
  const { locale } = context;
  const t = translator(locale);
  return presentSheet(
    {
      municipality,
      coming,
      headline: t('timetable.poster.municipalityHeadline'),
      place: municipality.name,
      where: null,
      address: pathsFor(locale).timetable(municipality.slug),
      code: t('timetable.poster.qrMunicipality', { place: municipality.name }),
      windowTitle: t('timetable.poster.windowTitle', { place: municipality.name }),
      back: t('timetable.title', { name: municipality.name }),
      titleOf: ({ venue }) => venue.locality,
      whereOf: ({ venue }) => `${venue.name}, ${streetOf(venue)}`,
      furtherOf: ({ stop, venue }) => `${shortDate(stop.date, locale)} (${venue.locality})`,
    },
    context,
  );
}

/** In what the two posters differ. */
interface Sheet extends Pick<PosterView, 'headline' | 'place' | 'where'> {
  municipality: Municipality | undefined;
  coming: Coming;
  /** Where the code leads. */
  address: string;
  /** What the code is called for those who do not see it. */
  code: string;
  windowTitle: string;
  back: string;
  titleOf: (visit: ComingVisit) => string;
  whereOf: (visit: ComingVisit) => string | null;
  furtherOf: (visit: ComingVisit) => string;
}

function presentSheet(sheet: Sheet, context: PosterContext): PosterView {
  const { municipality, place } = sheet;
  const { origin, locale } = context;
  const t = translator(locale);
  const phone = municipality?.contactPhone ?? PUBLIC_OFFICES;
  const whole = {
    title: sheet.windowTitle,
    office: municipality?.officeName ?? '',
    headline: sheet.headline,
    place,
    longPlace: place.length > LONG_PLACE,
    where: sheet.where,
    bring: [
      t('timetable.poster.bringId'),
      ...(municipality?.cardOnly === true ? [t('timetable.poster.bringCard')] : []),
      t('timetable.poster.bringPapers'),
    ],
    qr: { ...drawQr(new URL(sheet.address, origin).href), label: sheet.code },
    book: {
      host: new URL(origin).host,
      search: t('timetable.poster.search', { place }),
      phones:
        phone === PUBLIC_OFFICES
          ? PUBLIC_OFFICES
          : t('timetable.poster.phones', { first: PUBLIC_OFFICES, second: phone }),
    },
    foot: t('timetable.poster.foot', { date: longDate(sheet.coming.today, locale) }),
    back: { href: sheet.address, text: sheet.back },
  };
  const { visits } = sheet.coming;
  for (const { most, many } of layouts(Math.min(MOST_VISITS, visits.length))) {
    const variable = { many, ...presentVisits(sheet, most, locale) };
    const room = roomForLists({ ...whole, ...variable });
    if (most <= 1 || room >= Math.max(LEAST_ROOM, bringHeight(whole.bring))) {
      const offered = servicesOffered(context.directory, visits.slice(0, most));
      return { ...whole, ...variable, services: serviceLines(offered, room, locale) };
    }
  }
  throw new Error('One visit always has its place on a poster.');
}

/** The ways to show the visits, the best first: as many as possible, few of them in large type; one at least. */
function layouts(visits: number): { most: number; many: boolean }[] {
  return Array.from({ length: visits }, (_, index) => visits - index)
    .flatMap((most) => [
      ...(most > FEW_VISITS ? [] : [{ most, many: false }]),
      ...(most === 1 ? [] : [{ most, many: true }]),
    ])
    .concat(visits === 0 ? [{ most: 0, many: false }] : []);
}

/** The first visits, and the dates of the next ones. */
function presentVisits(sheet: Sheet, most: number, locale: Locale): Pick<PosterView, 'visits' | 'further'> {
  const t = translator(locale);
  const rest = sheet.coming.visits.slice(most);
  const dates = rest.slice(0, MOST_FURTHER).map((visit) => sheet.furtherOf(visit));
  const words = { count: dates.length, dates: dates.join(', ') };
  return {
    visits: sheet.coming.visits.slice(0, most).map((visit) => ({
      leaf: dateLeaf(visit.stop.date, locale),
      date: longDate(visit.stop.date, locale),
      title: sheet.titleOf(visit),
      hours: hoursOf(visit.stop, locale),
      where: sheet.whereOf(visit),
    })),
    further:
      rest.length === 0
        ? null
        : rest.length > MOST_FURTHER
          ? t('timetable.poster.furtherAndMore', words)
          : t('timetable.poster.further', words),
  };
}

/** Short names, as many as there is room for; the last line says when there are more. */
function serviceLines(offered: readonly OfferedService[], room: number, locale: Locale): string[] {
  const t = translator(locale);
  const lines = offered.map(({ service, always }) => {
    // "Kopie beglaubigen, bis zu fünf Dokumente": what follows the comma is told when booking.
    const [name = ''] = service.texts[locale].name.split(', ');
    return always ? name : t('timetable.poster.sometimes', { service: name });
  });
  const shown = fitting(lines.slice(0, MOST_SERVICES), room);
  return shown.length === lines.length ? shown : [...shown.slice(0, -1), t('timetable.poster.moreServices')];
}
