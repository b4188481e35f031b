import type { AddressHit, AddressSearch } from '../../../domain/addresses/address.ts';
import type { CallQuery, QueryPlace } from '../../../domain/hotline/query.ts';
import { foldName } from '../../../domain/places/fold.ts';

const MOST_CHOICES = 5;

/**
 * Takes words that mean nothing else for a street where there is one of exactly this name: "poststr meerane perso". A
 * family name that only begins like a street stays a name.
 */
export async function withStreet(query: CallQuery, addresses: AddressSearch): Promise<CallQuery> {
  if (query.reference !== null || !query.unknown.some((word) => /\p{L}{3}/u.test(word))) return query;

  const words = query.unknown.join(' ');
  const place = query.parts.find(({ kind }) => kind === 'place')?.typed ?? '';
  const answer = await addresses.resolve(`${words} ${place}`.trim(), query.place?.at);
  const hits = answer.kind === 'one' ? [answer.hit] : answer.kind === 'several' ? answer.hits : [];
  const streets = hits.filter((hit) => hit.street !== null && isCalled(words, hit.street)).slice(0, MOST_CHOICES);
  const [first, ...others] = streets;
  if (first === undefined) return query;

  const rest = without(query.text, query.unknown);
  const choiceText = without(rest, place === '' ? [] : [place]);
  return {
    ...query,
    place: { ...placeOf(first), certain: others.length === 0 },
    places: others.map((hit) => ({
      value: placeOf(hit),
      query: `${nameOf(hit)} ${choiceText}`.trim(),
    })),
    unknown: [],
    name: null,
    parts: [...query.parts, { kind: 'place', typed: words, rest }],
  };
}

function placeOf(hit: AddressHit): QueryPlace {
  return {
    name: nameOf(hit),
    detail: hit.postcode ?? '',
    at: { lat: hit.lat, lon: hit.lon },
    placeId: null,
    certain: true,
  };
}

/** "Dorfstraße, Köthel" */
function nameOf({ name, place, municipality }: AddressHit): string {
  return [name, place ?? municipality].filter((part) => part !== null && part !== '').join(', ');
}

/** "Poststr. 12" and "post straße" are called "Poststraße". */
function isCalled(words: string, street: string): boolean {
  const name = (text: string): string =>
    foldName(text)
      .replace(/\bstr\b|str(?=$|\s\d)/g, 'strasse')
      .replace(/\b\d+( ?[a-z])?\b/g, '')
      .replaceAll(' ', '');
  return name(words) === name(street);
}

/** Takes each word away once, and only where it stands by itself: "am" is a part of "Samstag". */
function without(text: string, words: readonly string[]): string {
  let rest = text;
  for (const word of words) {
    const literally = word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    rest = rest.replace(new RegExp(`(?<![\\p{L}\\p{N}])${literally}(?![\\p{L}\\p{N}])`, 'u'), ' ');
  }
  // What stood between them, too.
  return rest
    .replace(/(?<=^|\s)[^\p{L}\p{N}\s]+(?=\s|$)/gu, ' ')
    .replace(/[\s,]+/g, ' ')
    .trim();
}
