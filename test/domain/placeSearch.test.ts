import { expect } from 'chai';
import fc from 'fast-check';
import { DEMO_PLACES } from '../../server/demo/placesData.ts';
import { foldName } from '../../server/domain/places/fold.ts';
import { buildPlaceIndex } from '../../server/domain/places/placeIndex.ts';
import { resolvePlace, suggestPlaces } from '../../server/domain/places/search.ts';
import type { Place } from '../../server/domain/places/placeIndex.ts';
import type { PlaceAnswer, PlaceHit } from '../../server/domain/places/search.ts';

const places: readonly Place[] = DEMO_PLACES.map((place, i) => ({ ...place, id: i + 1 }));
const index = buildPlaceIndex(places);

/** "Harthau (Oberwiera)" where the name alone would not say which. */
function label(place: Place): string {
  return place.name === 'Harthau' ? `${place.name} (${place.municipality})` : place.name;
}

function labels(hits: readonly PlaceHit[]): string[] {
  return hits.map((hit) => label(hit.place));
}

function placesIn(answer: PlaceAnswer): Place[] {
  switch (answer.kind) {
    case 'one':
      return [answer.place];
    case 'several':
    case 'near':
      return answer.hits.map((hit) => hit.place);
    case 'none':
    case 'empty':
      return [];
  }
}

const FOUND_AT_ONCE: readonly [query: string, name: string, match: string][] = [
  ['Meerane', 'Meerane', 'exact'],
  ['meerane', 'Meerane', 'exact'],
  ['  MEERANE ', 'Meerane', 'exact'],
  ['Stadt Meerane', 'Meerane', 'exact'],
  ['08393 Meerane', 'Meerane', 'exact'],
  ['DE-08393 Meerane', 'Meerane', 'exact'],
  ['08393Meerane', 'Meerane', 'exact'],
  ['Meerane, Hauptstraße 5', 'Meerane', 'exact'],
  ['Hauptstraße 5, 08393 Meerane', 'Meerane', 'exact'],
  ['Meer', 'Meerane', 'prefix'],
  ['Schönberg', 'Schönberg', 'exact'],
  ['Schoenberg', 'Schönberg', 'exact'],
  ['Schonberg', 'Schönberg', 'exact'],
  ['SCHÖNBERG', 'Schönberg', 'exact'],
  ['Scho\u0308nberg', 'Schönberg', 'exact'],
  ['08393 Schönberg', 'Schönberg', 'exact'],
  ['Schönberg 08393', 'Schönberg', 'exact'],
  ['D-08393 Schönberg', 'Schönberg', 'exact'],
  ['in Schönberg', 'Schönberg', 'exact'],
  ['Gemeinde Schönberg', 'Schönberg', 'exact'],
  ['Schönberg (Sachsen)', 'Schönberg', 'exact'],
  ['Schönberg b. Meerane', 'Schönberg', 'exact'],
  ['Schönberg 12', 'Schönberg', 'exact'],
  ['Meerane Seiferitz', 'Seiferitz', 'exact'],
  ['Seiferitz, Meerane', 'Seiferitz', 'exact'],
  ['Seiferitz/Meerane', 'Seiferitz', 'exact'],
  ['Meerane OT Seiferitz', 'Seiferitz', 'exact'],
  ['Meerane-Seiferitz', 'Seiferitz', 'exact'],
  ['Meerane Sei', 'Seiferitz', 'word'],
  ['Köthel', 'Köthel', 'exact'],
  ['Koethel', 'Köthel', 'exact'],
  ['Waldsachsen', 'Waldsachsen', 'exact'],
  ['Gößnitz', 'Gößnitz', 'exact'],
  ['Goessnitz', 'Gößnitz', 'exact'],
  ['Gössnitz', 'Gößnitz', 'exact'],
  ['Tettau (Windmühle)', 'Tettau', 'exact'],
  ['Tettau', 'Tettau', 'exact'],
  ['St. Egidien', 'St. Egidien', 'exact'],
  ['Sankt Egidien', 'St. Egidien', 'exact'],
  ['St Egidien', 'St. Egidien', 'exact'],
  ['Linda b. Weida', 'Linda b. Weida', 'exact'],
  ['Linda bei Weida', 'Linda b. Weida', 'exact'],
  ['Linda', 'Linda b. Weida', 'exact'],
  ['Mülsen', 'Mülsen', 'exact'],
  ['Muelsen', 'Mülsen', 'exact'],
  ['Mülsen Mülsen', 'Mülsen', 'exact'],
  ['Mülsen Mülsen Sankt Jacob', 'Mülsen Sankt Jacob', 'exact'],
  ['Mülsen St. Jacob', 'Mülsen Sankt Jacob', 'exact'],
  ['Mülsen, St. Jacob', 'Mülsen Sankt Jacob', 'exact'],
  ['St. Jacob', 'Mülsen Sankt Jacob', 'word'],
  ['Thurm', 'Thurm', 'exact'],
  ['Mülsen Thurm', 'Thurm', 'exact'],
  ['Wulm', 'Wulm', 'exact'],
  ['Ortmannsdorf', 'Ortmannsdorf', 'exact'],
  ['Neukirchen', 'Neukirchen/Pleiße', 'exact'],
  ['Neukirchen/Pleiße', 'Neukirchen/Pleiße', 'exact'],
  ['Neukirchen Pleisse', 'Neukirchen/Pleiße', 'exact'],
  ['Lichtenstein', 'Lichtenstein/Sa.', 'exact'],
  ['Lichtenstein/Sa.', 'Lichtenstein/Sa.', 'exact'],
  ['Lichtenstein Sachsen', 'Lichtenstein/Sa.', 'exact'],
  ['Glauchau Sa.', 'Glauchau', 'exact'],
  ['Hohenstein', 'Hohenstein-Ernstthal', 'prefix'],
  ['Hohenstein Ernstthal', 'Hohenstein-Ernstthal', 'exact'],
  ['Hohensteinernstthal', 'Hohenstein-Ernstthal', 'exact'],
  ['Ernstthal', 'Hohenstein-Ernstthal', 'word'],
  ['Wilkau Hasslau', 'Wilkau-Haßlau', 'exact'],
  ['Niederhain', 'Langenleuba-Niederhain', 'word'],
  ['Harthau Oberwiera', 'Harthau (Oberwiera)', 'exact'],
  ['Harthau, Crimmitschau', 'Harthau (Crimmitschau)', 'exact'],
  ['08396 Harthau', 'Harthau (Oberwiera)', 'exact'],
  ['08451 Harthau', 'Harthau (Crimmitschau)', 'exact'],
  ['08066 Zwickau', 'Zwickau', 'exact'],
  ['08058 Zwickau', 'Zwickau', 'exact'],
  ['08056', 'Zwickau', 'postcode'],
  ['Bahnhof Meerane', 'Bahnhof Meerane', 'exact'],
  ['Meerane Bhf', 'Bahnhof Meerane', 'exact'],
  ['Zwickau Hbf', 'Hauptbahnhof Zwickau', 'exact'],
  ['Bahnhof Werdau', 'Bahnhof Werdau', 'exact'],
  ['Mosel', 'Bahnhof Mosel', 'exact'],
  ['Nöbdenitz', 'Nöbdenitz', 'exact'],
];

const SUPPOSED: readonly [query: string, firstName: string][] = [
  ['Meerahne', 'Meerane'],
  ['Meeranr', 'Meerane'],
  ['eerane', 'Meerane'],
  ['Neerane', 'Meerane'],
  ['08393 Meerahne', 'Meerane'],
  ['Schöberg', 'Schönberg'],
  ['Schömberg', 'Schönberg'],
  ['Gluachau', 'Glauchau'],
  ['Crimitschau', 'Crimmitschau'],
  ['Walddenburg', 'Waldenburg'],
  ['Zwikau', 'Zwickau'],
  ['Gosnitz', 'Gößnitz'],
  ['Pfafroda', 'Pfaffroda'],
  ['Remsee', 'Remse'],
  ['Oberschindmass', 'Oberschindmaas'],
  ['Meerane Seifertz', 'Seiferitz'],
  ['Sankt Jakob', 'Mülsen Sankt Jacob'],
  ['Ernsttal', 'Hohenstein-Ernstthal'],
  ['Bahnof Meerane', 'Bahnhof Meerane'],
  ['Bahnhof Schönberg', 'Schönberg'],
  ['Gartenstr 5 Meerane', 'Meerane'],
  ['ich wohne in Meerane am Markt', 'Meerane'],
  ['08393 Guteborn', 'Meerane'],
  ['08392', 'Meerane'],
];

const AMBIGUOUS: readonly [query: string, names: string[]][] = [
  ['Harthau', ['Harthau (Oberwiera)', 'Harthau (Crimmitschau)']],
  ['Harthau, Glauchau', ['Glauchau', 'Harthau (Oberwiera)', 'Harthau (Crimmitschau)']],
  ['Lichten', ['Lichtenstein/Sa.', 'Lichtentanne']],
  ['Mülsen S', ['Mülsen Sankt Jacob', 'Mülsen Sankt Micheln', 'Mülsen Sankt Niclas']],
  ['08451', ['Crimmitschau', 'Lauenhain', 'Harthau (Crimmitschau)', 'Frankenhausen']],
  ['0837', ['Glauchau', 'Niederlungwitz', 'Remse', 'Gesau']],
];

const UNKNOWN = ['Berlin', 'xyz', '99999', '12', '123456', '😀', '.*', '\\', '%', '()[]{', 'Київ', '\u0000'];

describe('Searching a place', () => {
  describe('when the form is sent', () => {
    for (const [query, name, match] of FOUND_AT_ONCE) {
      it(`understands "${query}" as ${name}`, () => {
        const answer = resolvePlace(index, query);
        expect(placesIn(answer).map(label)).to.deep.equal([name]);
        expect(answer).to.include({ kind: 'one', match });
      });
    }

    for (const [query, firstName] of SUPPOSED) {
      it(`asks whether "${query}" means ${firstName}`, () => {
        const answer = resolvePlace(index, query);
        expect(answer.kind).to.equal('near');
        expect(placesIn(answer)[0]?.name).to.equal(firstName);
        expect(placesIn(answer)).to.have.length.at.most(5);
      });
    }

    for (const [query, names] of AMBIGUOUS) {
      it(`lets the citizen choose for "${query}"`, () => {
        const answer = resolvePlace(index, query);
        expect(answer.kind).to.equal('several');
        expect(placesIn(answer).map(label)).to.deep.equal(names);
      });
    }

    for (const query of UNKNOWN) {
      it(`finds nothing for ${JSON.stringify(query)}`, () => {
        expect(resolvePlace(index, query)).to.deep.equal({ kind: 'none' });
      });
    }

    it('says that nothing was entered', () => {
      expect(resolvePlace(index, '')).to.deep.equal({ kind: 'empty' });
      expect(resolvePlace(index, ' \t\n')).to.deep.equal({ kind: 'empty' });
    });

    it('offers every settlement of a postcode, because 08393 is not Meerane alone', () => {
      for (const query of ['08393', 'D-08393', '08 393']) {
        const answer = resolvePlace(index, query);
        const names = placesIn(answer).map((place) => place.name);
        const settlements = places.filter((place) => place.postcode === '08393' && place.kind !== 'station');
        expect(answer.kind, query).to.equal('several');
        expect(names.slice(0, 3), query).to.deep.equal(['Meerane', 'Dennheritz', 'Schönberg']);
        expect([...names].sort(), query).to.deep.equal(settlements.map((place) => place.name).sort());
      }
    });

    it('lists villages of one postcode without known population from the centre outwards', () => {
      const names = placesIn(resolvePlace(index, '08393')).map((place) => place.name);
      expect(names.indexOf('Seiferitz')).to.be.lessThan(names.indexOf('Pfaffroda'));
      expect(names.indexOf('Pfaffroda')).to.be.lessThan(names.indexOf('Tettau'));
    });

    it('lists the stations when only a station is asked for', () => {
      const answer = resolvePlace(index, 'Bahnhof');
      expect(answer.kind).to.equal('several');
      expect(placesIn(answer).every((place) => place.kind === 'station')).to.equal(true);
    });

    it('asks back instead of deciding after one or two letters', () => {
      expect(resolvePlace(index, 'Kö').kind).to.equal('near');
    });
  });

  describe('while typing', () => {
    const first = (query: string, count: number): string[] => labels(suggestPlaces(index, query, count));

    it('shows the town before its station and before its villages', () => {
      expect(first('Meer', 3)).to.deep.equal(['Meerane', 'Bahnhof Meerane', 'Dittrich']);
      expect(first('Gößn', 5)).to.deep.equal(['Gößnitz', 'Bahnhof Gößnitz']);
    });

    it('orders equal beginnings by population, then by name', () => {
      expect(first('Lichten', 2)).to.deep.equal(['Lichtenstein/Sa.', 'Lichtentanne']);
      expect(first('Mülsen', 4)).to.deep.equal([
        'Mülsen',
        'Mülsen Sankt Jacob',
        'Mülsen Sankt Micheln',
        'Mülsen Sankt Niclas',
      ]);
    });

    it('does not take the beginning of a name for an abbreviation', () => {
      expect(first('St', 3)).to.deep.equal(['Starkenberg', 'Stangendorf', 'Steinpleis']);
      expect(first('Sa', 5)).to.include('Saara');
      expect(first('Linda b', 1)).to.deep.equal(['Linda b. Weida']);
    });

    it('narrows by the beginning of a postcode', () => {
      expect(first('083', 2)).to.deep.equal(['Glauchau', 'Meerane']);
      expect(first('0839', 2)).to.deep.equal(['Meerane', 'Waldenburg']);
      expect(first('08396 Har', 5)).to.deep.equal(['Harthau (Oberwiera)']);
    });

    it('keeps the town although a second postcode of it belongs to a station', () => {
      expect(first('08058 Zwickau', 1)).to.deep.equal(['Zwickau']);
    });

    it('forgives a typing error in an unfinished name', () => {
      expect(first('Crimits', 1)).to.deep.equal(['Crimmitschau']);
      expect(first('Glach', 1)).to.deep.equal(['Glauchau']);
      expect(first('Shcönb', 1)).to.deep.equal(['Schönberg']);
    });

    it('forgives no error in three letters', () => {
      expect(first('Mex', 5)).to.deep.equal([]);
    });

    it('offers both places of one name with their municipality', () => {
      expect(first('Harth', 5)).to.deep.equal(['Harthau (Oberwiera)', 'Harthau (Crimmitschau)']);
    });

    it('offers nothing for nothing', () => {
      expect(suggestPlaces(index, '', 5)).to.deep.equal([]);
      expect(suggestPlaces(index, 'Meerane', 0)).to.deep.equal([]);
      expect(suggestPlaces(index, 'Meerane', Number.NaN)).to.deep.equal([]);
    });
  });

  describe('for every place and every input', () => {
    const anyQuery = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 120 }),
      fc.string({ unit: 'grapheme', maxLength: 40 }),
      fc.constantFrom(...places.map((place) => place.name)).map((name) => name.slice(0, 6)),
      fc.constantFrom("'; DROP TABLE places; --", 'M'.repeat(10_000), '(('.repeat(5_000), '0'.repeat(10_000), '\ud83d'),
    );

    it('finds each place by its own name', () => {
      for (const place of places) {
        expect(placesIn(resolvePlace(index, place.name)), place.name).to.include(place);
        expect(
          suggestPlaces(index, place.name, 10).map((hit) => hit.place),
          place.name,
        ).to.include(place);
      }
    });

    it('finds each settlement by name with municipality or postcode', () => {
      for (const place of places.filter((candidate) => candidate.kind !== 'station')) {
        for (const query of [`${place.postcode} ${place.name}`, `${place.municipality ?? ''} ${place.name}`]) {
          expect(placesIn(resolvePlace(index, query)), query).to.include(place);
        }
      }
    });

    it('never offers more than asked for, nor one place twice, and never fails', () => {
      fc.assert(
        fc.property(anyQuery, fc.integer({ min: -1, max: 12 }), (query, limit) => {
          const hits = suggestPlaces(index, query, limit);
          expect(hits.length).to.be.at.most(Math.max(0, limit));
          expect(new Set(hits.map((hit) => hit.place.id)).size).to.equal(hits.length);
          const scores = hits.map((hit) => hit.score);
          expect(scores).to.deep.equal([...scores].sort((a, b) => b - a));
          const answer = resolvePlace(index, query);
          const answered = placesIn(answer);
          expect(new Set(answered).size).to.equal(answered.length);
          if (answer.kind === 'several') expect(answered.length).to.be.greaterThan(1);
        }),
        { numRuns: 400 },
      );
    });

    it('gives the same answer whatever the order of the places is', () => {
      const reversed = buildPlaceIndex([...places].reverse());
      fc.assert(
        fc.property(anyQuery, (query) => {
          expect(resolvePlace(reversed, query)).to.deep.equal(resolvePlace(index, query));
          expect(suggestPlaces(reversed, query, 8)).to.deep.equal(suggestPlaces(index, query, 8));
        }),
        { numRuns: 200 },
      );
    });

    it('folds a name once and for all', () => {
      fc.assert(
        fc.property(fc.oneof(anyQuery, fc.string({ unit: fc.constantFrom(...'aeouäöüß st.b-/') })), (text) => {
          const folded = foldName(text);
          expect(folded).to.match(/^([a-z0-9]+( [a-z0-9]+)*)?$/);
          expect(foldName(folded)).to.equal(folded);
        }),
        { numRuns: 2_000 },
      );
    });

    it('finds a name where a wrong letter looks like an umlaut', () => {
      expect(placesIn(resolvePlace(index, 'Maeerane')).map(({ name }) => name)).to.include('Meerane');
    });

    it('finds a name of seven letters or more in spite of one letter missing, added, wrong or exchanged', () => {
      const longNames = places.filter((place) => /^[a-z]{7,}$/.test(foldName(place.name)));
      const letter = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz');
      const mistakes = [
        (name: string, i: number) => name.slice(0, i) + name.slice(i + 1),
        (name: string, i: number, wrong: string) => name.slice(0, i) + wrong + name.slice(i),
        (name: string, i: number, wrong: string) => name.slice(0, i) + wrong + name.slice(i + 1),
        (name: string, i: number) =>
          name.slice(0, i) + name.slice(i + 1, i + 2) + name.slice(i, i + 1) + name.slice(i + 2),
      ];
      fc.assert(
        fc.property(
          fc.constantFrom(...longNames),
          fc.nat(),
          letter,
          fc.constantFrom(...mistakes),
          (place, position, wrong, mistake) => {
            const name = foldName(place.name);
            // The last letter is left alone: without it, the name is a beginning that others may share.
            const query = mistake(name, position % (name.length - 2), wrong);
            // One mistake can give the beginning of another name; then that one is answered.
            const answer = resolvePlace(index, query);
            if (answer.kind === 'near') expect(placesIn(answer)).to.include(place);
            else
              expect(placesIn(answer).some((found) => foldName(found.name).includes(foldName(query)))).to.equal(true);
          },
        ),
        { numRuns: 500 },
      );
    });
  });
});

describe('The places of the demonstration', () => {
  it('have clean names, a postcode and coordinates around Meerane', () => {
    for (const place of DEMO_PLACES) {
      expect(place.name, place.name).to.not.match(/[(),]|Mülsen Mülsen/);
      expect(place.postcode, place.name).to.match(/^\d{5}$/);
      expect(place.lat, place.name).to.be.within(50.6, 51.1);
      expect(place.lon, place.name).to.be.within(12.1, 12.8);
      expect(place.population === null || place.population > 0, place.name).to.equal(true);
    }
  });

  it('list no settlement of a municipality twice', () => {
    const keys = DEMO_PLACES.map(
      (place) => `${foldName(place.name)}|${place.municipality}|${place.kind === 'station'}`,
    );
    expect(new Set(keys).size).to.equal(keys.length);
  });

  it('leave out the population that belongs to another Pfaffroda', () => {
    const pfaffroda = DEMO_PLACES.find((place) => place.name === 'Pfaffroda');
    expect(pfaffroda).to.include({ municipality: 'Schönberg', population: null });
  });

  it('call stations by their station name', () => {
    for (const place of DEMO_PLACES.filter((candidate) => candidate.kind === 'station')) {
      expect(place.name).to.match(/^(Bahnhof|Hauptbahnhof) \p{Lu}/u);
    }
  });
});
