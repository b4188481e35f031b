import type { AddressHit, AddressSearch } from '../../../domain/addresses/address.ts';
import type { Coordinates } from '../../../domain/geo.ts';
import type { PlaceAnswer, PlaceHit } from '../../../domain/places/search.ts';
import type { Query } from '../../../paths.ts';

/*
 * Citizens may type where they live instead of the name of their place. What they look from is then the position of the
 * house, rounded like that of a device: neither a link nor a log ever holds an address.
 */

/** What was typed is meant so, or has to be asked back. */
export type Meant =
  | { kind: 'place'; placeId: number }
  | { kind: 'position'; at: Coordinates }
  | { kind: 'several' | 'near' | 'none'; places: readonly PlaceHit[]; addresses: readonly AddressHit[] };

/** To about 100 m, as public/js/locate.js does it. */
export function roughly({ lat, lon }: Coordinates): Query {
  return { lat: lat.toFixed(3), lon: lon.toFixed(3) };
}

/**
 * A house number says that an address is meant; else places come first, as most people type one. Streets are looked for
 * only where no place was found.
 */
export async function whatIsMeant(typed: string, place: PlaceAnswer, addresses: AddressSearch): Promise<Meant> {
  const isAddress = hasHouseNumber(typed);
  if (place.kind === 'one' && !isAddress) return { kind: 'place', placeId: place.place.id };

  const answer = await addresses.resolve(typed);
  if (answer.kind === 'one') return { kind: 'position', at: answer.hit };
  if (place.kind === 'one') return { kind: 'place', placeId: place.place.id };

  const streets = answer.kind === 'several' || answer.kind === 'near' ? answer.hits : [];
  const places = place.kind === 'several' || place.kind === 'near' ? place.hits : [];
  if (answer.kind === 'several' && (isAddress || place.kind !== 'several')) {
    return { kind: 'several', places: [], addresses: streets };
  }
  if (place.kind === 'several') return { kind: 'several', places, addresses: [] };
  return streets.length + places.length > 0
    ? { kind: 'near', places, addresses: streets }
    : { kind: 'none', places: [], addresses: [] };
}

/**
 * What is offered while typing: places first, as long as no house number is typed; streets fill up what is left.
 */
export async function addressSuggestions(
  typed: string,
  places: readonly PlaceHit[],
  addresses: AddressSearch,
  limit: number,
): Promise<{ places: readonly PlaceHit[]; addresses: readonly AddressHit[] }> {
  const sure = places.filter(({ match }) => match !== 'fuzzy');
  if (sure.length >= limit) return { places: sure.slice(0, limit), addresses: [] };
  // A place is found by its name already.
  const hits = (await addresses.suggest(typed, limit)).filter(({ kind }) => kind !== 'place');
  const kept = hasHouseNumber(typed) && hits.length > 0 ? [] : hits.length > 0 ? sure : places;
  return { places: kept.slice(0, limit), addresses: hits.slice(0, Math.max(0, limit - kept.length)) };
}

/** "Poststr. 12", but not a postcode. */
export function hasHouseNumber(typed: string): boolean {
  return /(^|[^\d])\d{1,4}($|[^\d])/.test(typed) && /\p{L}/u.test(typed);
}
