import type { Directory } from '../../../domain/booking/office.ts';
import { pathsFor } from '../../../paths.ts';
import { distance, shortDate } from '../../../web/format.ts';
import { translator, type Locale } from '../../../web/locale.ts';
import type { MapSettings } from '../deps.ts';
import { originQuery, type Origin } from '../origin.ts';
import { originWords, presentMap, type MapView } from '../presenter.ts';
import { markersOf, presentCard, visitWords, type CardContext, type CardView, type LinkView } from './cards.ts';
import type { Visit, VisitFilter, VisitsPage } from './findVisits.ts';
import { filterQuery, hasFilter, RADIUS_KM, serviceValue } from './forms.ts';

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
