import type { Directory, Service, Venue } from '../../../domain/booking/office.ts';
import { pathsFor } from '../../../paths.ts';
import { dayDate, distance, shortDate } from '../../../web/format.ts';
import { translator, type Locale } from '../../../web/locale.ts';
import type { MapSettings } from '../deps.ts';
import { directionsLink, presentMap, presentVenue, type MapView } from '../presenter.ts';
import { presentDay, visitWords, type CardView, type LinkView } from './cards.ts';
import type { VenueVisits, Visit } from './findVisits.ts';
import { serviceValue } from './forms.ts';
import { placeLink } from './placeLink.ts';

export interface VenuePageView {
  title: string;
  lead: string;
  address: string;
  access: string;
  stepFree: boolean;
  /** What is said of the way in beside "stufenfrei". */
  accessNote: string | null;
  directions: string;
  cards: CardView[];
  /** Possible at every visit. */
  services: string[];
  /** Possible at some: from when on. */
  sometimes: { title: string; services: string[] }[];
  elsewhere: { title: string; link: LinkView | null; services: string[] }[];
  /** Visits of other venues near this one. */
  around: string;
  /** The timetable of the municipality. */
  timetable: LinkView;
  poster: string;
  map: MapView;
}

export function presentVenuePage(
  directory: Directory,
  venue: Venue,
  found: VenueVisits,
  settings: MapSettings,
  locale: Locale,
): VenuePageView {
  const t = translator(locale);
  const view = presentVenue(venue, locale);
  const note = venue.access[locale];
  const last = found.visits.at(-1);
  return {
    title: `${view.locality}, ${view.name}`,
    lead:
      last === undefined
        ? t('venue.leadNone')
        : t('venue.lead', { count: found.visits.length, until: shortDate(last.stop.date, locale) }),
    address: view.address,
    stepFree: venue.stepFree,
    access: view.way,
    accessNote: venue.stepFree ? note : null,
    directions: directionsLink(venue),
    cards: found.visits.map((visit) => presentDay(visit, locale)),
    services: found.services.flatMap(({ service, onlyFrom }) =>
      onlyFrom === null ? [service.texts[locale].name] : [],
    ),
    sometimes: presentSometimes(found, locale),
    elsewhere: found.elsewhere.map((offer) => presentElsewhere(offer.services, offer.visit, locale)),
    around: placeLink(directory, venue, locale),
    timetable: timetableLink(directory, venue, locale),
    poster: pathsFor(locale).venuePoster(venue.slug),
    map: presentMap(
      settings,
      [{ at: [venue.at.lat, venue.at.lon], label: '', name: view.locality, kind: 'public', title: view.line }],
      null,
      t,
    ),
  };
}

function timetableLink(directory: Directory, venue: Venue, locale: Locale): LinkView {
  const municipality = directory.municipalities.get(venue.municipalityId);
  return {
    text: translator(locale)('timetable.municipalityLink', { name: municipality?.name ?? '' }),
    href: pathsFor(locale).timetable(municipality?.slug ?? ''),
  };
}

function presentSometimes({ services }: VenueVisits, locale: Locale): VenuePageView['sometimes'] {
  const t = translator(locale);
  const dates = [...new Set(services.flatMap(({ onlyFrom }) => onlyFrom ?? []))].sort();
  return dates.map((date) => ({
    title: t('venue.onlySome', { date: dayDate(date, locale) }),
    services: services.filter(({ onlyFrom }) => onlyFrom === date).map(({ service }) => service.texts[locale].name),
  }));
}

function presentElsewhere(
  services: readonly Service[],
  visit: Visit | null,
  locale: Locale,
): VenuePageView['elsewhere'][number] {
  const t = translator(locale);
  const names = services.map((service) => service.texts[locale].name);
  if (visit === null) {
    return { title: t('venue.nowhere'), link: null, services: names };
  }
  const away = visit.metres === null ? '' : ` (${distance(visit.metres, locale)})`;
  const [only] = services;
  const along = services.length === 1 && only !== undefined ? { leistung: serviceValue(only) } : {};
  const p = pathsFor(locale);
  return {
    title: t('venue.elsewhere'),
    link: {
      text: `${visitWords(visit.stop, visit.venue, locale)}${away}`,
      href: visit.state === 'open' ? p.services({ halt: visit.stop.id, ...along }) : p.venue(visit.venue.slug),
    },
    services: names,
  };
}
