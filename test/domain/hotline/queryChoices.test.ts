import { expect } from 'chai';
import fc from 'fast-check';
import { parseCallQuery, vocabularyOf } from '../../../server/domain/hotline/parseQuery.ts';
import type { CallQuery, QueryPart } from '../../../server/domain/hotline/query.ts';
import { meaningOf, officeWith, PLACES, SERVICES, venue, VENUES } from './queryFixture.ts';
import { PHRASES } from './queryPhrases.ts';

const NOW = { date: '2026-11-23', minute: 600 };
const vocabulary = vocabularyOf(officeWith());
const read = (text: string): CallQuery => parseCallQuery(text, vocabulary, NOW);

/** Texts as they come about: known words, halves of them, and anything. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 250 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc
    .array(fc.constantFrom(...PHRASES.flatMap(([typed]) => typed.split(' '))), { maxLength: 12 })
    .map((words) => words.join(' ')),
  fc
    .tuple(fc.constantFrom(...PHRASES.map(([typed]) => typed)), fc.nat(40))
    .map(([typed, length]) => typed.slice(0, length)),
  fc.string({ unit: fc.constantFrom(...'0123456789.-: /abmpu'), maxLength: 40 }),
);

describe('What else a search text could mean', () => {
  it('names the nearest Schönberg and offers the others, each by a text that means it', () => {
    const query = read('schönberg perso freitag');
    expect(query.place).to.include({ name: 'Schönberg', certain: false });
    expect(query.place?.at).to.deep.equal({ lat: 50.8672, lon: 12.49154 });
    expect(query.places.map(({ value }) => `${value.name} ${value.detail}`.trim())).to.have.members([
      'Schönberg bei Glauchau',
      'Schönberg Bad Brambach',
    ]);
    for (const { query: text } of query.places) expect(text).to.match(/ perso freitag$/);
  });

  it('means the Schönberg where the office has its venues', () => {
    const far = vocabularyOf(
      officeWith({ venues: [venue(1, 'Bad Brambach', 'Markt 1', 'Bad Brambach', 50.22, 12.32)] }),
    );
    expect(parseCallQuery('schönberg', far, NOW).place).to.include({ name: 'Schönberg', detail: 'Bad Brambach' });
  });

  it('offers what else "Ausweis" could be, the application first', () => {
    const [service] = read('ausweis').services;
    expect(service?.service.slug).to.equal('personalausweis');
    expect(service?.choices.map(({ value }) => value.slug)).to.include('ausweis-abholung');
  });

  it('offers the other place of a street', () => {
    const query = read('am sportplatz perso');
    expect(query.place).to.include({ placeId: null, certain: false });
    expect(query.places.map(({ value }) => value.name)).to.deep.equal(['Am Sportplatz, Pfaffroda']);
  });

  it('offers the places of a postcode', () => {
    expect(read('08396').places.map(({ value }) => value.name)).to.deep.equal(['Waldenburg', 'Oberwiera', 'Harthau']);
  });

  it('every choice, read again, means exactly that and leaves the rest as it was', () => {
    const facts = ({ dates, minutes, stepFree, reference }: CallQuery): unknown => ({
      dates,
      minutes,
      stepFree,
      reference,
    });
    fc.assert(
      fc.property(anyText, (text) => {
        const query = read(text);
        for (const { value, query: other } of query.places) {
          const again = read(other);
          expect(again.place, other).to.deep.equal(value);
          expect(again.places, other).to.deep.equal([]);
          expect(again.services.map(({ service }) => service.slug)).to.deep.equal(
            query.services.map(({ service }) => service.slug),
          );
          expect(facts(again), other).to.deep.equal(facts(query));
        }
        for (const [i, service] of query.services.entries()) {
          for (const { value, query: other } of service.choices) {
            const again = read(other);
            expect(
              again.services.map((one) => one.service.slug),
              other,
            ).to.deep.equal(query.services.map((one, n) => (n === i ? value.slug : one.service.slug)));
            expect(again.services[i]?.certain, other).to.equal(true);
            expect(again.place, other).to.deep.equal(query.place);
            expect(facts(again), other).to.deep.equal(facts(query));
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('The chips of a search text', () => {
  for (const [typed] of PHRASES) {
    it(`can each be taken away from "${typed}"`, () => {
      const query = read(typed);
      for (const part of query.parts) {
        const again = read(part.rest);
        expect(again.parts.map(describePart).sort(), part.rest).to.deep.equal(kept(query.parts, part));
      }
    });
  }

  it('name the words as they were typed, in their order', () => {
    expect(read('Freitag, 2x Perso in Schönberg').parts).to.deep.equal([
      { kind: 'date', typed: 'Freitag', rest: '2x Perso in Schönberg' },
      { kind: 'persons', typed: '2x', rest: 'Freitag, Perso in Schönberg' },
      { kind: 'service', typed: 'Perso', rest: 'Freitag, in Schönberg' },
      { kind: 'place', typed: 'in Schönberg', rest: 'Freitag, 2x Perso' },
    ]);
  });
});

function describePart({ kind, typed }: QueryPart): string {
  // What stood between two words of a part may be gone; "morgen" is written "morgens" without its day.
  return `${kind} ${typed.replace(/[\s.,-]+/g, '').replace(/^morgens$/, 'morgen')}`;
}

/** The other parts; the number of persons of a service goes with it ("zwei Ausweise"). */
function kept(parts: readonly QueryPart[], without: QueryPart): string[] {
  const at = parts.indexOf(without);
  const before = parts[at - 1];
  const goesWith =
    without.kind === 'service' && before?.kind === 'persons' && !before.typed.includes('person') ? before : null;
  return parts
    .filter((part) => part !== without && (part !== goesWith || without.rest.includes(part.typed)))
    .map(describePart)
    .sort();
}

describe('Any text in the search box', () => {
  it('is read without failing, and always in the same way', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const query = read(text);
        expect(parseCallQuery(text, vocabularyOf(officeWith()), NOW)).to.deep.equal(query);
        expect(query.text.length).to.be.at.most(200);
        if (query.dates !== null) expect(query.dates.from <= query.dates.to).to.equal(true);
        if (query.minutes !== null) expect(query.minutes.from).to.be.lessThan(query.minutes.to);
        for (const { service, persons } of query.services) expect(persons).to.be.within(1, service.maxPersons);
        expect(new Set(query.services.map(({ service }) => service.id)).size).to.equal(query.services.length);
      }),
      { numRuns: 400 },
    );
  });

  it('is cut after 200 characters', () => {
    expect(read(`${'x'.repeat(199)} perso meerane`).services).to.deep.equal([]);
  });

  it('finds each place by its name and each service by its name, slug and synonyms', () => {
    for (const place of PLACES) expect(read(place.name).place?.name, place.name).to.equal(place.name);
    for (const service of SERVICES) {
      for (const text of [service.texts.de.name, service.texts.en.name, service.slug, ...service.synonyms]) {
        expect(
          read(text).services.map((one) => one.service.slug),
          text,
        ).to.deep.equal([service.slug]);
      }
    }
  });
});

describe('The words of the office', () => {
  it('are kept while nothing changes, with the services of the newest picture', () => {
    const services = SERVICES.map((service) => ({ ...service, maxPersons: 3 }));
    const first = vocabularyOf(officeWith());
    const second = vocabularyOf(officeWith({ services }));
    expect(second.streets).to.equal(first.streets);
    expect(parseCallQuery('5 personen perso', second, NOW).services[0]).to.include({ persons: 3, asked: 5 });
    expect(parseCallQuery('perso', second, NOW).services[0]?.service).to.equal(services[0]);
  });

  it('follow a new synonym and a new street', () => {
    const services = SERVICES.map((service) =>
      service.slug === 'reisepass' ? { ...service, synonyms: ['Pass', 'Reisedings'] } : service,
    );
    const venues = [...VENUES, venue(9, 'Dennheritz', 'Lindenallee 4', 'Dennheritz', 50.8155, 12.4609)];
    const changed = vocabularyOf(officeWith({ services, venues }));
    expect(meaningOf(parseCallQuery('reisedings lindenallee', changed, NOW))).to.equal(
      'in Lindenallee, Dennheritz (08393) · reisepass',
    );
  });
});
