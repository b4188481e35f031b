import type { Place } from '../../../domain/places/placeIndex.ts';
import type { AddressHit } from '../../../domain/addresses/address.ts';
import type { PlaceHit } from '../../../domain/places/search.ts';
import { pathsFor } from '../../../paths.ts';
import { translator, type Locale } from '../../../web/locale.ts';
import { roughly, type Meant } from './addresses.ts';
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

/** Asks back: several places or streets of that name, a typing error, or none. */
export function presentPlaceChoice(
  { kind, places, addresses }: Exclude<Meant, { kind: 'place' | 'position' }>,
  typed: string,
  { filter, knowsStreets }: { filter: VisitFilter; knowsStreets: boolean },
  locale: Locale,
): PlaceChoiceView {
  const t = translator(locale);
  const p = pathsFor(locale);
  const filters = filterQuery(filter);
  const choices = [
    ...places.map(({ place }) => ({
      name: place.name,
      detail: placeDetail(place, locale),
      href: p.visits({ place: place.id, ...filters }),
    })),
    ...addresses.map((hit) => ({
      name: hit.name,
      detail: hit.detail,
      href: p.visits({ ...roughly(hit), ...filters }),
    })),
  ];
  const isStreets = addresses.length > 0 && kind !== 'none';
  const texts = isStreets ? (`places.streets.${kind}` as const) : (`places.${kind}` as const);
  const words = { typed, count: choices.length, place: choices[0]?.name ?? '' };
  return {
    title: t(`${texts}.title`, words),
    lead: t(`${texts}.lead`, words),
    places: choices,
    search: presentSearch({ typed, filter, knowsStreets }, locale),
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
  suggestions: { label: string; detail: string; value: string; id: number | string; href: string }[];
  /** For screen readers: how many there are. */
  status: string;
}

/** What the search field offers while somebody is typing. */
export function presentSuggestions(
  { places, addresses }: { places: readonly PlaceHit[]; addresses: readonly AddressHit[] },
  locale: Locale,
): SuggestionsView {
  const t = translator(locale);
  const p = pathsFor(locale);
  const count = places.length + addresses.length;
  return {
    suggestions: [
      ...places.map(({ place }) => ({
        label: place.name,
        detail: placeDetail(place, locale),
        value: place.name,
        id: place.id,
        href: p.visits({ place: place.id }),
      })),
      ...addresses.map((hit) => ({
        label: hit.name,
        detail: hit.approximate ? t('places.nearby', { detail: hit.detail }) : hit.detail,
        value: [hit.name, hit.detail].filter((part) => part !== '').join(', '),
        id: hit.id,
        href: p.visits(roughly(hit)),
      })),
    ],
    status: count === 0 ? t('places.suggestions.none') : t('places.suggestions.some', { count }),
  };
}
