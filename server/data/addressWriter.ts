import type { AddressBook, KnownPlace, KnownStreet } from '../domain/addresses/address.ts';
import { formsOf, importWord, searchWords, wordsOf } from '../domain/addresses/words.ts';
import type { Database } from './knex.ts';

/** Rows in one statement, and statements in one unit: the only writer of SQLite is never held for long. */
const ROWS = 100;
const NAMES_IN_UNIT = 400;
const HOUSES_IN_UNIT = 2_000;
const WORDS_IN_UNIT = 2_000;
const DELETED_IN_UNIT = 2_000;

interface NameRow {
  import_id: number;
  kind: 'place' | 'street';
  name: string;
  place: string | null;
  municipality: string | null;
  ags: string | null;
  postcode: string | null;
  houses: number;
  lat: number;
  lon: number;
  words: string;
}

/** Writes the addresses of an import, and takes them away again; both in pieces, beside an office that is at work. */
export function createAddressWriter({
  kind,
  unit,
  reader,
  writer,
}: Pick<Database, 'kind' | 'unit' | 'reader' | 'writer'>) {
  async function write(
    importId: number,
    book: AddressBook,
    progress: { done(names: number): void },
    stopping: AbortSignal,
  ): Promise<void> {
    // The most important first: their ids are the lowest.
    const entries = [
      ...[...book.places]
        .sort((a, b) => (b.population ?? 0) - (a.population ?? 0) || RANKS[a.kind] - RANKS[b.kind])
        .map((place) => ({ row: placeRow(importId, place), houses: [] as KnownStreet['houses'] })),
      ...[...book.streets]
        .sort((a, b) => b.houses.length - a.houses.length || compare(a.name, b.name))
        .map((street) => ({ row: streetRow(importId, street), houses: street.houses })),
    ];
    let written = 0;
    for (const some of chunks(entries, NAMES_IN_UNIT)) {
      stopping.throwIfAborted();
      const ids = await unit(async (trx) => {
        const all: number[] = [];
        for (const rows of chunks(some, ROWS)) {
          const inserted = await trx('osm_names').insert(
            rows.map(({ row }) => row),
            ['id'],
          );
          all.push(...(inserted as { id: number }[]).map(({ id }) => id));
        }
        return all;
      });
      // Both databases number the rows of one statement in their order, and answer in it or sorted.
      ids.sort((a, b) => a - b);
      const houses = some.flatMap((entry, index) =>
        entry.houses.map(({ number, postcode, lat, lon }) => ({
          name_id: ids[index],
          number,
          base: Number.parseInt(number.replace(/^\D+/, ''), 10) || 0,
          postcode,
          lat,
          lon,
        })),
      );
      for (const part of chunks(houses, HOUSES_IN_UNIT)) {
        stopping.throwIfAborted();
        await unit(async (trx) => {
          for (const rows of chunks(part, ROWS)) await trx('osm_houses').insert(rows);
        });
      }
      progress.done((written += some.length));
    }

    const words = new Set(entries.flatMap(({ row }) => row.words.split(' ')));
    words.delete(importWord(importId));
    const forms = [...words].flatMap((word) => formsOf(word).map((form) => ({ import_id: importId, form, word })));
    for (const part of chunks(forms, WORDS_IN_UNIT)) {
      stopping.throwIfAborted();
      await unit(async (trx) => {
        for (const rows of chunks(part, ROWS * 2)) await trx('osm_words').insert(rows);
      });
    }
    // Else the first questions are planned for empty tables.
    if (kind === 'postgres') await writer.raw('analyze osm_names, osm_houses, osm_words');
  }

  /** Deletes all of an import's addresses. */
  async function forget(importId: number, stopping: AbortSignal): Promise<void> {
    for (;;) {
      stopping.throwIfAborted();
      const names = await reader('osm_names').where('import_id', importId).limit(200).pluck<number[]>('id');
      if (names.length === 0) break;
      await unit(async (trx) => {
        await trx('osm_houses').whereIn('name_id', names).delete();
        await trx('osm_names').whereIn('id', names).delete();
      });
    }
    for (;;) {
      stopping.throwIfAborted();
      const last = await reader('osm_words')
        .where('import_id', importId)
        .orderBy(['form', 'word'])
        .offset(DELETED_IN_UNIT)
        .first<{ form: string } | undefined>('form');
      await unit(async (trx) => {
        const rows = trx('osm_words').where('import_id', importId);
        await (last === undefined ? rows : rows.where('form', '<=', last.form)).delete();
      });
      if (last === undefined) break;
    }
  }

  return { write, forget };
}

const RANKS = { city: 0, town: 1, village: 2, suburb: 3, hamlet: 4 } as const;

function placeRow(importId: number, place: KnownPlace): NameRow {
  const { name, municipality, ags, postcode, lat, lon } = place;
  return {
    import_id: importId,
    kind: 'place',
    name,
    place: null,
    municipality,
    ags,
    postcode,
    houses: 0,
    lat,
    lon,
    words: indexed(importId, name, [municipality, postcode]),
  };
}

function streetRow(importId: number, street: KnownStreet): NameRow {
  const { name, place, municipality, ags, postcode, houses, lat, lon } = street;
  return {
    import_id: importId,
    kind: 'street',
    name,
    place,
    municipality,
    ags,
    postcode,
    houses: houses.length,
    lat,
    lon,
    words: indexed(importId, name, [place, municipality, postcode]),
  };
}

function indexed(importId: number, name: string, around: readonly (string | null)[]): string {
  const words = [...searchWords(name), ...around.flatMap((one) => wordsOf(one ?? ''))];
  return [importWord(importId), ...new Set(words)].join(' ');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function chunks<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  );
}
