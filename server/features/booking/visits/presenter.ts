import type { Directory, Service, Venue } from '../../../domain/booking/office.ts';
import { distanceMetres } from '../../../domain/geo.ts';
import type { Place, PlaceHit } from '../../../domain/places/search.ts';
import type { Stop } from '../../../domain/tours/stop.ts';
import { pathsFor, type Query } from '../../../paths.ts';
import { dayDate, distance, longDate, shortDate, timeSpan } from '../../../web/format.ts';
import { translator, type Locale } from '../../../web/locale.ts';
import type { MapSettings } from '../deps.ts';
import { originQuery, type Origin } from '../origin.ts';
import {
  directionsLink,
  distanceWords,
  originWords,
  presentLeaf,
  presentMap,
  presentVenue,
  type DateLeafView,
  type MapStop,
  type MapView,
} from '../presenter.ts';
import { drawTour, type TourDrawing } from './drawing.ts';
import type { ListedVisit, NextVisits, VenueVisits, Visit, VisitFilter, VisitsPage } from './findVisits.ts';
import { filterQuery, hasFilter, RADIUS_KM, serviceValue } from './forms.ts';

/** From this many free times down it is said that few are left. */
const FEW = 3;
/** A place of the same name farther from the venue than this is another one. In metres. */
const SAME_PLACE = 10_000;
/** Chips of places on the start page. */
const MOST_CHIPS = 9;

export interface LinkView {
  text: string;
  href: string;
}

export interface BadgeView {
  text: string;
  /** Kind of badge and its icon. */
  look: 'success' | 'warning' | 'neutral';
}

export interface CardView {
  /** On the map; null: the page has no numbered markers. */
  number: number | null;
  leaf: DateLeafView;
  /** The place; the day where the page is about one place. */
  title: string;
  /** What that page says once is left out: null. */
  venue: string | null;
  hours: string;
  distance: string | null;
  access: { text: string; stepFree: boolean } | null;
  badge: BadgeView;
  full: boolean;
  /** Null: the page is about the venue and there is nothing to book. */
  href: string | null;
  /** What follows the title for those who only hear the link. */
  hint: string;
  note: LinkView | null;
}

interface CardContext {
  locale: Locale;
  /** What goes along to the booking: place and service. */
  along: Query;
}

function presentCard(visit: ListedVisit | Visit, number: number | null, { locale, along }: CardContext): CardView {
  const t = translator(locale);
  const p = pathsFor(locale);
  const { stop } = visit;
  const venue = presentVenue(visit.venue, locale);
  const leaf = presentLeaf(stop.date, locale);
  const book = (id: number): string => p.services({ halt: id, ...along });
  return {
    number,
    leaf,
    title: venue.locality,
    venue: venue.line,
    hours: timeSpan(stop.fromMinute, stop.toMinute, locale),
    distance: distanceWords(visit.metres, locale),
    access: { text: venue.way, stepFree: venue.stepFree },
    badge: badgeOf(visit, locale),
    full: visit.state !== 'open',
    href: visit.state === 'open' ? book(stop.id) : p.venue(visit.venue.slug),
    hint: t(visit.state === 'open' ? 'visits.card.book' : 'visits.card.venue', { date: leaf.full }),
    note: noteOf(visit, book, locale),
  };
}

/** The same card on the page of its venue: the day is what tells the visits apart. */
function presentDay(visit: ListedVisit, locale: Locale): CardView {
  return {
    ...presentCard(visit, null, { locale, along: {} }),
    title: dayDate(visit.stop.date, locale),
    venue: null,
    distance: null,
    access: null,
    hint: translator(locale)('venue.book'),
    ...(visit.state === 'open' ? {} : { href: null }),
  };
}

function badgeOf({ state, free }: Visit, locale: Locale): BadgeView {
  const t = translator(locale);
  switch (state) {
    case 'open':
      return free <= FEW
        ? { text: t('visits.card.few', { count: free }), look: 'warning' }
        : { text: t('visits.card.free', { count: free }), look: 'success' };
    case 'phone':
      return { text: t('visits.card.phone'), look: 'neutral' };
    case 'full':
      return { text: t('visits.card.full'), look: 'neutral' };
  }
}

function noteOf(visit: ListedVisit | Visit, book: (stopId: number) => string, locale: Locale): LinkView | null {
  const t = translator(locale);
  if (visit.state === 'phone') {
    return { text: t('visits.card.call'), href: 'tel:115' };
  }
  if (visit.state === 'full' && 'next' in visit && visit.next !== null) {
    return { text: t('visits.card.next', { date: dayDate(visit.next.date, locale) }), href: book(visit.next.id) };
  }
  return null;
}

/** "Schönberg, Gemeindeamt: Dienstag, 8. Dezember, 9 bis 12 Uhr" */
function visitWords(stop: Stop, venue: Venue, locale: Locale): string {
  const span = timeSpan(stop.fromMinute, stop.toMinute, locale);
  return `${venue.locality}, ${venue.name}: ${dayDate(stop.date, locale)}, ${span}`;
}

function markersOf(visits: readonly Visit[], locale: Locale): MapStop[] {
  return visits.map((visit, index) => ({
    at: [visit.venue.at.lat, visit.venue.at.lon],
    label: String(index + 1),
    name: visit.venue.locality,
    kind: visit.state === 'open' ? 'public' : 'full',
    title: `${index + 1}: ${visit.venue.locality}, ${longDate(visit.stop.date, locale)}, ${badgeOf(visit, locale).text}`,
    href: `#besuch-${index + 1}`,
  }));
}

// The start page

export interface SearchView {
  /** As typed. */
  value: string;
  /** The message beside the field; null: all is well. */
  error: string | null;
  /** Filters that stay when another place is searched. */
  keep: { name: string; value: string }[];
}

/** The form that asks for a place. */
export function presentSearch(value: string, error: string | null, filter: VisitFilter | null): SearchView {
  const query = filter === null ? {} : filterQuery(filter);
  return {
    value,
    error,
    keep: Object.entries(query).flatMap(([name, one]) => (typeof one === 'string' ? [{ name, value: one }] : [])),
  };
}

export interface StartView {
  /** Two examples of what can be typed. */
  hint: string;
  chips: LinkView[];
  cards: CardView[];
  drawing: TourDrawing | null;
}

export function presentStart(directory: Directory, next: NextVisits, locale: Locale): StartView {
  const t = translator(locale);
  const example = next.venues.find(({ locality, city }) => locality !== city) ?? next.venues[0];
  const [soonest] = next.visits;
  return {
    hint:
      example === undefined
        ? t('start.hintPlain')
        : t('start.hint', { place: example.locality, postcode: example.postcode }),
    chips: next.venues
      .slice(0, MOST_CHIPS)
      .map((venue) => ({ text: venue.locality, href: placeLink(directory, venue, locale) })),
    cards: next.visits.map((visit) => presentCard(visit, null, { locale, along: {} })),
    drawing: drawTour(
      next.venues.slice(0, MOST_CHIPS).map(({ locality, at }) => ({ name: locality, at })),
      soonest === undefined
        ? null
        : {
            name: soonest.venue.locality,
            line: `${presentLeaf(soonest.stop.date, locale).weekday}, ${timeSpan(soonest.stop.fromMinute, soonest.stop.toMinute, locale)}`,
          },
    ),
  };
}

/** The visits around the place a venue is in; the venue itself where that place is not on the list of places. */
function placeLink(directory: Directory, venue: Venue, locale: Locale): string {
  const place = directory.places.places.find(
    (one) => one.name === venue.locality && one.kind !== 'station' && distanceMetres(one, venue.at) < SAME_PLACE,
  );
  const p = pathsFor(locale);
  return place === undefined ? p.venue(venue.slug) : p.visits({ place: place.id });
}

// The list of visits

export interface OptionView {
  value: string;
  text: string;
  selected: boolean;
}

export interface VisitsView {
  title: string;
  lead: string;
  filter: {
    /** Where the citizen looks from, as hidden fields. */
    keep: { name: string; value: string }[];
    services: OptionView[];
    stepFree: boolean;
    /** Null: no place named, so nothing is far. */
    near: { text: string; value: string; checked: boolean } | null;
    afternoon: boolean;
    free: boolean;
  };
  /** `sooner`: an earlier visit farther away, or that there is none earlier. */
  nearest: { title: string; card: CardView; sooner: LinkView | null } | null;
  cards: CardView[];
  /** What can be done when nothing was found. */
  empty: { title: string; text: string; actions: LinkView[] } | null;
  map: MapView;
  mapNote: string;
  earlier: string | null;
  later: string | null;
}

export function presentVisits(
  directory: Directory,
  page: VisitsPage,
  origin: Origin,
  filter: VisitFilter,
  settings: MapSettings,
  locale: Locale,
): VisitsView {
  const t = translator(locale);
  const p = pathsFor(locale);
  const from = originQuery(origin);
  const filters = filterQuery(filter);
  const context: CardContext = { locale, along: { ...from, leistung: serviceValue(filter.service) } };
  const at = (number: number): string => p.visits({ ...from, ...filters, seite: number === 1 ? null : number });
  const isNear = origin.kind !== 'anywhere';
  return {
    title: isNear ? t('visits.title', { where: originWords(origin, locale) }) : t('visits.titleAll'),
    lead: leadOf(page, filter, locale),
    filter: {
      keep: Object.entries(from).map(([name, value]) => ({ name, value: String(value) })),
      services: directory.services.map((service) => ({
        value: service.slug,
        text: service.texts[locale].name,
        selected: service.id === filter.service?.id,
      })),
      stepFree: filter.stepFree,
      near: isNear
        ? {
            text: t('visits.filter.near', { km: RADIUS_KM }),
            value: String(RADIUS_KM),
            checked: filter.within !== null,
          }
        : null,
      afternoon: filter.afternoon,
      free: filter.free,
    },
    nearest: page.page === 1 ? presentNearest(page, origin, context) : null,
    cards: page.visits.map((visit, index) => presentCard(visit, index + 1, context)),
    empty: page.total > 0 ? null : emptyOf(origin, filter, locale),
    map: presentMap(settings, markersOf(page.visits, locale), hereOf(origin, locale), t),
    mapNote: mapNoteOf(origin, locale),
    earlier: page.page > 1 ? at(page.page - 1) : null,
    later: page.page < page.pages ? at(page.page + 1) : null,
  };
}

function leadOf(page: VisitsPage, filter: VisitFilter, locale: Locale): string {
  const t = translator(locale);
  const until = page.lastDate === null ? '' : shortDate(page.lastDate, locale);
  const service = filter.service?.texts[locale].name;
  if (page.total === 0) {
    return service === undefined ? t('visits.lead.none') : t('visits.lead.noneFor', { service });
  }
  return service === undefined
    ? t('visits.lead.some', { count: page.total, until })
    : t('visits.lead.someFor', { count: page.total, until, service });
}

function presentNearest(page: VisitsPage, origin: Origin, context: CardContext): VisitsView['nearest'] {
  const { nearest, soonest } = page;
  if (nearest === null) {
    return null;
  }
  const { locale } = context;
  const t = translator(locale);
  const isSoonest = soonest === null || soonest.stop.id === nearest.stop.id;
  const where = origin.kind === 'place' ? 'visits.nearest.place' : 'visits.nearest.you';
  const title = t(isSoonest ? `${where}Soonest` : where, { place: origin.kind === 'place' ? origin.name : '' });
  return {
    title,
    card: presentCard(nearest, null, context),
    sooner: isSoonest ? null : soonerLink(soonest, context),
  };
}

function soonerLink(soonest: Visit, { locale, along }: CardContext): LinkView {
  const away = soonest.metres === null ? '' : `, ${distance(soonest.metres, locale)}`;
  return {
    text: `${visitWords(soonest.stop, soonest.venue, locale)}${away}`,
    href: pathsFor(locale).services({ halt: soonest.stop.id, ...along }),
  };
}

function emptyOf(origin: Origin, filter: VisitFilter, locale: Locale): VisitsView['empty'] {
  const t = translator(locale);
  const p = pathsFor(locale);
  const from = originQuery(origin);
  const isFiltered = hasFilter(filter);
  const withoutRadius = p.visits({ ...from, ...filterQuery({ ...filter, within: null }) });
  return {
    title: t('visits.empty.title'),
    text: t(
      isFiltered ? 'visits.empty.filtered' : origin.kind === 'anywhere' ? 'visits.empty.nothing' : 'visits.empty.far',
    ),
    actions: [
      ...(filter.within === null ? [] : [{ text: t('visits.empty.wider'), href: withoutRadius }]),
      ...(isFiltered ? [{ text: t('visits.empty.unfiltered'), href: p.visits(from) }] : []),
      ...(origin.kind === 'anywhere'
        ? []
        : [{ text: t('visits.empty.all'), href: p.visits(filterQuery({ ...filter, within: null })) }]),
      { text: t('visits.empty.call'), href: 'tel:115' },
    ],
  };
}

function hereOf(origin: Origin, locale: Locale): { at: [number, number]; title: string } | null {
  const t = translator(locale);
  switch (origin.kind) {
    case 'place':
      return { at: [origin.at.lat, origin.at.lon], title: t('visits.map.herePlace', { place: origin.name }) };
    case 'position':
      return { at: [origin.at.lat, origin.at.lon], title: t('visits.map.hereYou') };
    case 'anywhere':
      return null;
  }
}

function mapNoteOf(origin: Origin, locale: Locale): string {
  const t = translator(locale);
  switch (origin.kind) {
    case 'place':
      return t('visits.map.notePlace', { place: origin.name });
    case 'position':
      return t('visits.map.noteYou');
    case 'anywhere':
      return t('visits.map.note');
  }
}

// Which place is meant

export interface PlaceChoiceView {
  title: string;
  lead: string;
  places: { name: string; detail: string; href: string }[];
  search: SearchView;
  allVisits: string;
}

/** Asks back: several places of that name, a typing error, or none. */
export function presentPlaceChoice(
  kind: 'several' | 'near' | 'none',
  hits: readonly PlaceHit[],
  typed: string,
  filter: VisitFilter,
  locale: Locale,
): PlaceChoiceView {
  const t = translator(locale);
  const p = pathsFor(locale);
  const filters = filterQuery(filter);
  const words = { typed, count: hits.length, place: hits[0]?.place.name ?? '' };
  return {
    title: t(`places.${kind}.title`, words),
    lead: t(`places.${kind}.lead`, words),
    places: hits.map(({ place }) => ({
      name: place.name,
      detail: placeDetail(place, locale),
      href: p.visits({ place: place.id, ...filters }),
    })),
    search: presentSearch(typed, null, filter),
    allVisits: p.visits(filters),
  };
}

/** "Gemeinde Schönberg, 08393" */
export function placeDetail(place: Place, locale: Locale): string {
  const t = translator(locale);
  const kind =
    place.kind === 'station'
      ? t('places.station')
      : place.municipality === null
        ? null
        : place.municipality === place.name
          ? t(place.kind === 'town' ? 'places.town' : 'places.municipality')
          : t('places.part', { municipality: place.municipality });
  return kind === null ? place.postcode : `${kind}, ${place.postcode}`;
}

export interface SuggestionsView {
  suggestions: { label: string; detail: string; value: string; id: number; href: string }[];
  /** For screen readers: how many there are. */
  status: string;
}

/** What the search field offers while somebody is typing. */
export function presentSuggestions(hits: readonly PlaceHit[], locale: Locale): SuggestionsView {
  const t = translator(locale);
  const p = pathsFor(locale);
  return {
    suggestions: hits.map(({ place }) => ({
      label: place.name,
      detail: placeDetail(place, locale),
      value: place.name,
      id: place.id,
      href: p.visits({ place: place.id }),
    })),
    status: hits.length === 0 ? t('places.suggestions.none') : t('places.suggestions.some', { count: hits.length }),
  };
}

// One venue

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
