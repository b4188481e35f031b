import type { Knex } from 'knex';
import type { AddressAnswer, AddressHit, AddressSearch } from '../domain/addresses/address.ts';
import { parseAddress, type TypedNumber } from '../domain/addresses/query.ts';
import { hitOf, rate, type Candidate, type CandidateHouse, type Rated } from '../domain/addresses/rank.ts';
import { formsOf, importWord, SHORTEST_FORGIVEN } from '../domain/addresses/words.ts';
import type { Coordinates } from '../domain/geo.ts';

/** So many of all that fits is rated: the most important, and those that have a word exactly. */
const MOST_CANDIDATES = 200;
/** Streets whose houses are looked up. */
const MOST_STREETS = 12;
/** Numbers that far from the typed one are looked at, to find the nearest. */
const REACH = 40;
const MOST_CORRECTIONS = 8;
/** Words that share a form with one of those typed: few of them are one error away. */
const MOST_SIMILAR = 500;
const MOST_ANSWERS = 8;
/** What it weighs that a street has the number that was typed: more than that its name is typed in full. */
const EXACT_NUMBER = 14;
/** Of two answers, the better one is meant when it fits that much better. */
const CLEARLY = 3;

/**
 * Search of the addresses of the import that is in use. The database finds what has the words; what fits how well is
 * decided in domain/addresses, so that both databases give the same answers (docs/adr/0020).
 */
export function createAddressRepository(reader: Knex): AddressSearch {
  const isPostgres = (reader.client as { config: { client: unknown } }).config.client === 'pg';
  const columns = ['id', 'kind', 'name', 'place', 'municipality', 'postcode', 'houses', 'lat', 'lon'];

  async function activeImport(): Promise<number | null> {
    const row = await reader('osm_imports').where('state', 'active').first<{ id: number } | undefined>('id');
    return row?.id ?? null;
  }

  /** @param groups words of which each row has one of every group */
  async function candidates(
    importId: number,
    groups: readonly (readonly string[])[],
    isWhole: boolean,
  ): Promise<Candidate[]> {
    // Words are ASCII letters and digits only: nothing in them means something to the database.
    if (isPostgres) {
      const text = groups
        .map((group) => `(${group.map((word) => (isWhole ? word : `${word}:*`)).join(' | ')})`)
        .join(' & ');
      // Materialized: else the planner may walk along the ids, as they are to be in order.
      const { rows } = await reader.raw<{ rows: Candidate[] }>(
        `with found as materialized (
           select ${columns.join(', ')}, import_id from osm_names where search @@ to_tsquery('simple', ?)
         )
         select ${columns.join(', ')} from found where import_id = ? order by id limit ?`,
        [text, importId, MOST_CANDIDATES],
      );
      return rows;
    }
    const text = [[importWord(importId)], ...groups]
      .map((group, i) => `(${group.map((word) => (i === 0 || isWhole ? `"${word}"` : `"${word}"*`)).join(' OR ')})`)
      .join(' AND ');
    return reader.raw<Candidate[]>(
      `select ${columns.join(', ')} from osm_names
       where id in (select rowid from osm_names_search where osm_names_search match ? order by rowid limit ?)
       order by id`,
      [text, MOST_CANDIDATES],
    );
  }

  async function found(importId: number, groups: readonly (readonly string[])[]): Promise<Candidate[]> {
    const first = await candidates(importId, groups, false);
    if (first.length < MOST_CANDIDATES) return first;
    const exact = await candidates(importId, groups, true);
    const ids = new Set(first.map(({ id }) => id));
    return [...first, ...exact.filter(({ id }) => !ids.has(id))];
  }

  /** Words that differ by one typing error, by word. */
  async function correctionsOf(importId: number, words: readonly string[]): Promise<Map<string, string[]>> {
    const corrections = new Map<string, string[]>();
    const asked = words.filter((word) => word.length >= SHORTEST_FORGIVEN && !/^\d+$/.test(word));
    if (asked.length === 0) return corrections;
    const known = await reader<{ word: string }>('osm_words')
      .where('import_id', importId)
      .whereIn('form', [...new Set(asked.flatMap(formsOf))])
      .distinct('word')
      .orderBy('word')
      .limit(MOST_SIMILAR)
      .pluck<string[]>('word');
    for (const word of asked) {
      const near = known.filter((other) => other !== word && isOneErrorAway(word, other));
      if (near.length > 0) corrections.set(word, near.slice(0, MOST_CORRECTIONS));
    }
    return corrections;
  }

  async function search(
    text: string,
    near: Coordinates | undefined,
  ): Promise<{ importId: number | null; rated: Rated[] }> {
    const importId = await activeImport();
    const query = parseAddress(text);
    const words = query.words.filter((word) => word.length > 1);
    if (importId === null || words.length === 0) return { importId, rated: [] };

    const asTyped = { ...query, words };
    const rows = await found(
      importId,
      words.map((word) => [word]),
    );
    // A single letter is the beginning of a word, or says nothing.
    const strict = rate(rows, query, new Map(), near);
    const plain = strict.length > 0 ? strict : rate(rows, asTyped, new Map(), near);
    if (plain.length > 0) return { importId, rated: plain };
    const corrections = await correctionsOf(importId, words);
    if (corrections.size === 0) return { importId, rated: [] };
    const groups = words.map((word) => [word, ...(corrections.get(word) ?? [])]);
    return { importId, rated: rate(await found(importId, groups), asTyped, corrections, near) };
  }

  async function hitsOf(rated: readonly Rated[], limit: number): Promise<AddressHit[]> {
    const shown = rated.slice(0, Math.max(limit, MOST_STREETS));
    const asked = shown
      .filter(({ candidate, number }) => candidate.kind === 'street' && number !== null)
      .slice(0, MOST_STREETS);
    const bases = asked.map(({ number }) => number?.base ?? 0);
    const houses =
      asked.length === 0
        ? []
        : await reader('osm_houses')
            .whereIn(
              'name_id',
              asked.map(({ candidate }) => candidate.id),
            )
            .whereBetween('base', [Math.min(...bases) - REACH, Math.max(...bases) + REACH])
            .orderBy('id')
            .select<CandidateHouse[]>({ nameId: 'name_id' }, 'id', 'number', 'base', 'postcode', 'lat', 'lon');
    const byStreet = new Map<number, CandidateHouse[]>();
    for (const house of houses) byStreet.set(house.nameId, [...(byStreet.get(house.nameId) ?? []), house]);
    const hits = shown.map(({ candidate, number, score }) => ({
      hit: hitOf(candidate, number, byStreet.get(candidate.id) ?? []),
      score,
    }));
    // Where there is the number that was typed, it is meant.
    const weight = ({ hit, score }: (typeof hits)[number]): number =>
      score + (hit.kind === 'house' && !hit.approximate ? EXACT_NUMBER : 0);
    return hits
      .map((one, index) => ({ ...one, index }))
      .sort((a, b) => weight(b) - weight(a) || a.index - b.index)
      .slice(0, limit)
      .map(({ hit }) => hit);
  }

  return {
    isAvailable: async () => (await activeImport()) !== null,

    async suggest(text, limit, near) {
      const { rated } = await search(text, near);
      return hitsOf(rated, limit);
    },

    async resolve(text, near): Promise<AddressAnswer> {
      if (text.trim() === '') return { kind: 'empty' };
      const { importId, rated } = await search(text, near);
      if (importId === null) return { kind: 'unavailable' };
      const [first] = rated;
      if (first === undefined) return { kind: 'none' };
      const alike = rated.filter(({ score }) => score > first.score - CLEARLY);
      const hits = await hitsOf(alike, MOST_ANSWERS);
      const exact = hits.filter(({ kind, approximate }) => kind === 'house' && !approximate);
      const meant = exact.length > 0 ? exact : hits;
      const [only] = meant;
      if (only === undefined) return { kind: 'none' };
      if (first.isCorrected) return { kind: 'near', hits: meant };
      return meant.length === 1 ? { kind: 'one', hit: only } : { kind: 'several', hits: meant };
    },

    async byId(id) {
      const [, kind, number = '', base] = /^([hps])(\d{1,9})(?:\.(\d{1,4}))?$/.exec(id) ?? [];
      const importId = kind === undefined ? null : await activeImport();
      if (importId === null) return null;
      const house =
        kind === 'h'
          ? await reader('osm_houses')
              .where('id', Number(number))
              .first<CandidateHouse | undefined>(
                { nameId: 'name_id' },
                'id',
                'number',
                'base',
                'postcode',
                'lat',
                'lon',
              )
          : undefined;
      if (kind === 'h' && house === undefined) return null;
      const candidate = await reader('osm_names')
        .where({ id: house?.nameId ?? Number(number), import_id: importId })
        .first<Candidate | undefined>(columns);
      if (candidate === undefined || (kind === 'p') !== (candidate.kind === 'place')) return null;
      if (house !== undefined) return hitOf(candidate, { text: house.number, base: house.base }, [house]);
      const typed: TypedNumber | null = base === undefined ? null : { text: base, base: Number(base) };
      return (
        (await hitsOf([{ candidate, score: 0, isComplete: true, isCorrected: false, number: typed }], 1))[0] ?? null
      );
    },
  };
}

/** One letter too many, missing, wrong, or two neighbours exchanged. */
function isOneErrorAway(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let begin = 0;
  while (begin < a.length && begin < b.length && a[begin] === b[begin]) begin++;
  let end = 0;
  while (end < a.length - begin && end < b.length - begin && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const [inA, inB] = [a.length - begin - end, b.length - begin - end];
  if (inA <= 1 && inB <= 1) return true;
  return inA === 2 && inB === 2 && a[begin] === b[begin + 1] && a[begin + 1] === b[begin];
}
