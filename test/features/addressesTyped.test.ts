import { expect } from 'chai';
import type { AddressAnswer, AddressHit, AddressSearch } from '../../server/domain/addresses/address.ts';
import type { CallQuery } from '../../server/domain/hotline/query.ts';
import { buildPlaceIndex } from '../../server/domain/places/placeIndex.ts';
import { resolvePlace, suggestPlaces } from '../../server/domain/places/search.ts';
import { presentAddresses } from '../../server/features/addresses/presenter.ts';
import {
  addressSuggestions,
  hasHouseNumber,
  roughly,
  whatIsMeant,
} from '../../server/features/booking/visits/addresses.ts';
import { withStreet } from '../../server/features/hotline/call/street.ts';

const place = (id: number, name: string) =>
  ({ id, name, municipality: name, kind: 'town', postcode: '08393', lat: 50.85, lon: 12.46, population: 100 }) as const;

const places = buildPlaceIndex([place(1, 'Meerane'), place(2, 'Schönberg'), place(3, 'Hauptmannsgrün')]);

function hit(name: string, more: Partial<AddressHit> = {}): AddressHit {
  return {
    id: 'h1',
    kind: 'house',
    name,
    detail: '08393 Meerane',
    street: name.replace(/ \d.*$/, ''),
    number: /\d.*$/.exec(name)?.[0] ?? null,
    postcode: '08393',
    place: null,
    municipality: 'Meerane',
    approximate: false,
    lat: 50.849_876,
    lon: 12.464_321,
    ...more,
  };
}

/** A search that knows one answer to everything, and what it was asked. */
function knowing(answer: AddressAnswer, offered: readonly AddressHit[] = []) {
  const asked: string[] = [];
  const search: AddressSearch = {
    suggest: (text) => (asked.push(text), Promise.resolve([...offered])),
    resolve: (text) => (asked.push(text), Promise.resolve(answer)),
    byId: () => Promise.resolve(null),
    isAvailable: () => Promise.resolve(true),
  };
  return { search, asked };
}

const none = knowing({ kind: 'none' }).search;

describe('What a citizen types to say where he lives', () => {
  it('is a place where it is called so, and no street is looked for', async () => {
    const { search, asked } = knowing({ kind: 'one', hit: hit('Meeraner Straße') });
    expect(await whatIsMeant('Meerane', resolvePlace(places, 'Meerane'), search)).to.deep.equal({
      kind: 'place',
      placeId: 1,
    });
    expect(asked).to.deep.equal([]);
  });

  it('is an address where a house number stands in it, though a place sounds like it', async () => {
    const { search } = knowing({ kind: 'one', hit: hit('Hauptstraße 5') });
    const meant = await whatIsMeant('Haupt 5', resolvePlace(places, 'Haupt 5'), search);
    expect(meant.kind).to.equal('position');
  });

  it('is the place where the address is not known', async () => {
    const meant = await whatIsMeant('Schönberg 5', resolvePlace(places, 'Schönberg 5'), none);
    expect(meant).to.deep.equal({ kind: 'place', placeId: 2 });
  });

  it('is asked back where a street is in several places', async () => {
    const hits = [hit('Dorfstraße 3', { id: 'h1' }), hit('Dorfstraße 3', { id: 'h2', detail: '08393 Schönberg' })];
    const { search } = knowing({ kind: 'several', hits });
    const meant = await whatIsMeant('Dorfstr. 3', resolvePlace(places, 'Dorfstr. 3'), search);
    expect(meant).to.deep.equal({ kind: 'several', places: [], addresses: hits });
  });

  it('is found as before where no extract was imported', async () => {
    const { search } = knowing({ kind: 'unavailable' });
    const meant = await whatIsMeant('Nirgendwo', resolvePlace(places, 'Nirgendwo'), search);
    expect(meant).to.deep.equal({ kind: 'none', places: [], addresses: [] });
  });

  it('never stands in a link: only about where it is', () => {
    expect(roughly(hit('Hauptstraße 5'))).to.deep.equal({ lat: '50.850', lon: '12.464' });
  });

  it('has a house number only where a number of one stands beside letters', () => {
    for (const text of ['Poststr. 12', 'Poststr. 12a', '5 Hauptstraße', 'Hauptstr 5, 08393 Meerane']) {
      expect(hasHouseNumber(text), text).to.equal(true);
    }
    for (const text of ['08393', '08393 Meerane', 'Meerane', '12', ''])
      expect(hasHouseNumber(text), text).to.equal(false);
  });

  it('is offered with places first, and streets after them', async () => {
    const { search } = knowing({ kind: 'none' }, [hit('Schönberger Straße'), hit('Schönberg', { kind: 'place' })]);
    const offered = await addressSuggestions('Schönb', suggestPlaces(places, 'Schönb', 8), search, 8);
    expect(offered.places.map((one) => one.place.name)).to.deep.equal(['Schönberg']);
    expect(offered.addresses.map(({ name }) => name)).to.deep.equal(['Schönberger Straße']);
  });

  it('is offered as an address only, once a house number is typed', async () => {
    const { search } = knowing({ kind: 'none' }, [hit('Schönberg 5')]);
    const offered = await addressSuggestions('Schönberg 5', suggestPlaces(places, 'Schönberg 5', 8), search, 8);
    expect(offered.places).to.deep.equal([]);
    expect(offered.addresses).to.have.length(1);
  });
});

describe('A street that an agent types', () => {
  const query = (text: string, unknown: readonly string[], more: Partial<CallQuery> = {}): CallQuery => ({
    text,
    place: null,
    places: [],
    services: [],
    dates: null,
    minutes: null,
    stepFree: false,
    reference: null,
    name: unknown[0] ?? null,
    unknown,
    parts: [],
    ...more,
  });

  it('is where the caller lives, and a chip that can be taken away', async () => {
    const { search } = knowing({ kind: 'one', hit: hit('Poststraße', { kind: 'street', number: null }) });
    const read = await withStreet(query('poststr perso', ['poststr']), search);
    expect(read.place).to.deep.include({ name: 'Poststraße, Meerane', detail: '08393', certain: true });
    expect(read.parts).to.deep.equal([{ kind: 'place', typed: 'poststr', rest: 'perso' }]);
    expect(read.unknown).to.deep.equal([]);
    expect(read.name).to.equal(null);
  });

  it('takes nothing away from other words when it is taken away', async () => {
    const { search } = knowing({ kind: 'one', hit: hit('Am Markt', { kind: 'street', number: null }) });
    const read = await withStreet(query('samstag am markt. 3, perso', ['am', 'markt', '3']), search);
    expect(read.parts.map(({ rest }) => rest)).to.deep.equal(['samstag perso']);
  });

  it('is not what a family name only begins like', async () => {
    const { search } = knowing({ kind: 'one', hit: hit('Müllerstraße', { kind: 'street' }) });
    const asked = query('müller 8.12.', ['müller']);
    expect(await withStreet(asked, search)).to.equal(asked);
  });

  it('is offered in each place that has it', async () => {
    const hits = [hit('Dorfstraße', { place: 'Köthel' }), hit('Dorfstraße', { place: 'Tettau' })];
    const read = await withStreet(query('dorfstraße perso', ['dorfstraße']), knowing({ kind: 'several', hits }).search);
    expect(read.place?.certain).to.equal(false);
    expect(read.places.map((one) => one.query)).to.deep.equal(['Dorfstraße, Tettau perso']);
  });

  it('is looked for in the place that was typed too', async () => {
    const { search, asked } = knowing({ kind: 'none' });
    const parts = [{ kind: 'place', typed: 'meerane', rest: 'poststr' }] as const;
    await withStreet(query('poststr meerane', ['poststr'], { parts }), search);
    expect(asked).to.deep.equal(['poststr meerane']);
  });

  it('costs no question where every word was understood', async () => {
    const { search, asked } = knowing({ kind: 'none' });
    await withStreet(query('meerane perso 12', ['12']), search);
    expect(asked).to.deep.equal([]);
  });
});

describe('An address that is offered to a form', () => {
  it('fills its fields', () => {
    const [first] = presentAddresses([hit('Poststraße 12', { place: 'Seiferitz' })], 'de').suggestions;
    expect(first?.fill).to.deep.equal({
      street: 'Poststraße 12',
      postcode: '08393',
      place: 'Seiferitz',
      city: 'Meerane',
      lat: '50,84988',
      lon: '12,46432',
    });
  });

  it('says that it is only about there', () => {
    const { suggestions, status } = presentAddresses([hit('Poststraße 12', { approximate: true })], 'de');
    expect(suggestions[0]?.detail).to.equal('08393 Meerane, ungefähre Lage');
    expect(status).to.equal('1 Vorschlag');
  });
});
