import { expect } from 'chai';
import type { KnownStreet } from '../../server/domain/addresses/address.ts';
import { compareNumbers, extractAddresses } from '../../server/osm/addresses/extract.ts';
import { numbersOf } from '../../server/osm/addresses/houses.ts';
import { shortName } from '../../server/osm/addresses/where.ts';
import { SILENT } from '../../server/osm/progress.ts';
import { NO_EXTRACTS, read, realExtract, sketch } from '../support/extracts.ts';
import type { Encoded, EncodedNode, EncodedWay } from '../support/osmEncoder.ts';

const extracted = async (data: Encoded) => extractAddresses(await sketch(data), SILENT);

/** "Dorfstraße (Köthel, Schönberg 08393): 1, 2" */
const told = ({ name, place, municipality, postcode, houses }: KnownStreet): string =>
  `${name} (${[place, municipality, postcode].filter((one) => one !== null).join(', ')}): ${houses.map(({ number }) => number).join(', ')}`;

let nextId = 1;
const house = (
  lat: number,
  lon: number,
  street: string,
  number: string,
  more: Record<string, string> = {},
): EncodedNode => ({
  id: nextId++,
  lat,
  lon,
  tags: { 'addr:street': street, 'addr:housenumber': number, ...more },
});
const MEERANE = { 'addr:city': 'Meerane', 'addr:postcode': '08393' };

/** A square boundary around a position, with the ways and nodes it is made of. */
function boundary(id: number, lat: number, lon: number, half: number, tags: Record<string, string>) {
  const nodes = [
    [-half, -half],
    [-half, half],
    [half, half],
    [half, -half],
  ].map(([y = 0, x = 0], i) => ({ id: id * 10 + i, lat: lat + y, lon: lon + x }));
  const way: EncodedWay = { id, nodes: [...nodes, ...nodes.slice(0, 1)].map((node) => node.id) };
  return {
    nodes,
    way,
    relation: {
      id,
      members: [{ kind: 'way' as const, id, role: 'outer' }],
      tags: { type: 'boundary', boundary: 'administrative', ...tags },
    },
  };
}

describe('Addresses of an extract', () => {
  it('are streets with houses in the order of their numbers, each house once', async () => {
    const { book, counts } = await extracted({
      nodes: [
        house(50, 12, 'Poststraße', '10', MEERANE),
        house(50, 12.0001, 'Poststraße', '2 a', MEERANE),
        house(50, 12.0002, 'Poststraße', '2', MEERANE),
        house(50, 12.0003, 'Poststraße', '2', MEERANE), // its entrance
      ],
    });
    expect(book.streets.map(told)).to.deep.equal(['Poststraße (Meerane, 08393): 2, 2 a, 10']);
    expect(counts).to.include({ houses: 3, streets: 1, 'houses twice': 1 });
  });

  it('have numbers as people write them', () => {
    expect(numbersOf('10e')).to.deep.equal(['10 e']);
    expect(numbersOf('1 - 4')).to.deep.equal(['1–4']);
    expect(numbersOf('7;9, 11')).to.deep.equal(['7', '9', '11']);
    expect(numbersOf('yes')).to.deep.equal([]);
    expect(['10', '2 b', '1', '2', '2 a'].sort(compareNumbers)).to.deep.equal(['1', '2', '2 a', '2 b', '10']);
  });

  it('are two streets where one name is in two places', async () => {
    const { book } = await extracted({
      nodes: [
        { id: 9_001, lat: 50, lon: 12, tags: { place: 'village', name: 'Köthel' } },
        { id: 9_002, lat: 50.05, lon: 12.05, tags: { place: 'village', name: 'Tettau' } },
        house(50, 12, 'Dorfstraße', '1'),
        house(50.001, 12, 'Dorfstraße', '2'),
        house(50.05, 12.05, 'Dorfstraße', '1'),
      ],
    });
    expect(book.streets.map(told)).to.have.members(['Dorfstraße (Köthel): 1, 2', 'Dorfstraße (Tettau): 1']);
    expect(book.places.map(({ name, kind }) => [name, kind])).to.deep.equal([
      ['Köthel', 'village'],
      ['Tettau', 'village'],
    ]);
  });

  it('belong where a boundary says so, whatever is nearer', async () => {
    const town = boundary(500, 50, 12, 0.02, {
      admin_level: '8',
      name: 'Schönberg',
      'de:amtlicher_gemeindeschluessel': '145240270270',
    });
    const part = boundary(600, 50.01, 12.01, 0.005, { admin_level: '10', name: 'Köthel' });
    const { book } = await extracted({
      nodes: [
        ...town.nodes,
        ...part.nodes,
        { id: 9_003, lat: 50.03, lon: 12.03, tags: { place: 'town', name: 'Glauchau' } },
        house(50.01, 12.01, 'Dorfstraße', '1', { 'addr:city': 'Glauchau' }),
        house(49.99, 11.99, 'Dorfstraße', '7'),
      ],
      ways: [town.way, part.way],
      relations: [town.relation, part.relation],
    });
    expect(book.streets.map(told)).to.have.members(['Dorfstraße (Köthel, Schönberg): 1', 'Dorfstraße (Schönberg): 7']);
    expect(book.streets[0]?.ags).to.equal('14524270');
  });

  it('are called as the town is, however houses write it', async () => {
    const town = { id: 9_004, lat: 50, lon: 12, tags: { place: 'town', name: 'Lauf an der Pegnitz' } };
    const { book } = await extracted({
      nodes: [
        town,
        house(50, 12, 'Marktplatz', '1', { 'addr:city': 'Lauf a.d.Pegnitz' }),
        house(50, 12.0002, 'Marktplatz', '2', { 'addr:city': 'Lauf (Pegnitz)' }),
        house(50, 12.0004, 'Marktplatz', '3', { 'addr:city': 'Lauf an der Pegnitz' }),
      ],
    });
    expect(book.streets.map(told)).to.deep.equal(['Marktplatz (Lauf an der Pegnitz): 1, 2, 3']);
    for (const name of ['Lauf a.d.Pegnitz', 'Lauf an der Pegnitz', 'Lauf (Pegnitz)', 'Lauf']) {
      expect(shortName(name), name).to.equal('Lauf');
    }
    expect(shortName('Hoyerswerda - Wojerecy')).to.equal('Hoyerswerda');
    expect(shortName('Bad Schandau')).to.equal('Bad Schandau');
  });

  it('are streets without houses too, and places instead of streets', async () => {
    const { book } = await extracted({
      nodes: [
        { id: 9_005, lat: 50, lon: 12 },
        { id: 9_006, lat: 50.001, lon: 12 },
        { id: 9_007, lat: 50, lon: 12, tags: { 'addr:place': 'Rainmühle', 'addr:housenumber': '3' } },
      ],
      ways: [
        { id: 1, nodes: [9_005, 9_006], tags: { highway: 'residential', name: 'Talstraße' } },
        { id: 2, nodes: [9_005, 9_006], tags: { highway: 'motorway', name: 'A 4' } },
        { id: 3, nodes: [9_005, 9_006], tags: { railway: 'rail', name: 'Bahn' } },
      ],
    });
    expect(book.streets.map(told)).to.have.members(['Talstraße (): ', 'Rainmühle (): 3']);
  });

  it('know the houses between two numbers, and those whose street a relation says', async () => {
    const { book, faults } = await extracted({
      nodes: [
        house(50, 12, 'Ring', '2'),
        { ...house(50, 12.004, 'Ring', '10'), id: 800 },
        { ...house(50, 12, 'Ring', '1'), id: 801 },
        { id: 802, lat: 50.001, lon: 12, tags: { 'addr:housenumber': '5' } },
        { id: 803, lat: 50.002, lon: 12, tags: { 'addr:housenumber': '77' } },
        { id: 804, lat: 50.002, lon: 12, tags: { 'addr:street': 'Ring', 'addr:housenumber': 'no' } },
      ],
      ways: [
        { id: 1, nodes: [801, 800], tags: { 'addr:interpolation': 'odd' } },
        { id: 2, nodes: [800, 801], tags: { 'addr:interpolation': 'all' } },
      ],
      relations: [
        {
          id: 1,
          members: [{ kind: 'node', id: 802, role: 'house' }],
          tags: { type: 'associatedStreet', name: 'Ring' },
        },
      ],
    });
    expect(book.streets[0]?.houses.map(({ number }) => number)).to.deep.equal([
      '1',
      '2',
      '3',
      '4',
      '5',
      '5',
      '6',
      '7',
      '8',
      '9',
      '10',
    ]);
    expect(faults).to.deep.equal({ 'house without a street': 1, 'house number that is none': 1 });
  });

  for (const [name, streets, houses, known] of [
    ['lauf-200115.osm.pbf', 300, 5_000, ['Marktplatz', 'Lauf an der Pegnitz', '91207']],
    ['Hoyerswerda.osm.pbf', 40, 190, ['Markt', 'Hoyerswerda', '02977']],
  ] as const) {
    it(`${name} gives its streets, each in one piece`, async function () {
      const file = realExtract(name);
      if (file === null) {
        console.log(`    ${NO_EXTRACTS}`);
        return this.skip();
      }
      const { book, counts } = extractAddresses(await read(file), SILENT);
      expect(counts['streets']).to.be.greaterThan(streets);
      expect(counts['houses']).to.be.greaterThan(houses);
      const [street, municipality, postcode] = known;
      const found = book.streets.filter((one) => one.name === street && one.houses.length > 0);
      expect(found).to.have.length(1);
      expect(found[0]).to.include({ municipality, postcode });
      const twice =
        book.streets.length - new Set(book.streets.map((one) => `${one.name}|${one.municipality}|${one.place}`)).size;
      expect(twice / book.streets.length).to.be.lessThan(0.05);
    });
  }
});
