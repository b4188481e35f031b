import type { Place } from '../../../domain/places/placeIndex.ts';
import type { PlaceHit } from '../../../domain/places/search.ts';
import { pathsFor } from '../../../paths.ts';
import { translator, type Locale } from '../../../web/locale.ts';
import type { VisitFilter } from './findVisits.ts';
import { filterQuery } from './forms.ts';
import { presentSearch, type SearchView } from './searchPresenter.ts';

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
