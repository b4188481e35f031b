import { MEMBER, type OsmData, type Tags } from '../data.ts';
import { assembleRings } from '../rings.ts';
import { middleOf } from './where.ts';

/** A house as the extract has it; positions in 1e-7 degrees. */
export interface RawHouse {
  /** Of the street, or of the place where streets have no names. */
  street: string;
  number: string;
  lat: number;
  lon: number;
  postcode: string | null;
  city: string | null;
  suburb: string | null;
}

const LONGEST_NUMBER = 20;
const MOST_INTERPOLATED = 100;

/** Every house with a number, and those between numbered ends of an interpolation. */
export function readHouses(data: OsmData, fault: (what: string) => void): RawHouse[] {
  const { nodes, ways, relations } = data;
  const streets = streetsOfRelations(data);
  const houses: RawHouse[] = [];

  function add(
    tags: Tags,
    position: number,
    at: { lat: number; lon: number } | null,
    related: string | undefined,
  ): void {
    const typed = tags.get(position, 'addr:housenumber');
    if (typed === undefined || at === null) return;
    const numbers = numbersOf(typed);
    if (numbers.length === 0) {
      fault('house number that is none');
      return;
    }
    const street = tags.get(position, 'addr:street') ?? related ?? tags.get(position, 'addr:place');
    if (street === undefined || street.trim() === '') {
      fault('house without a street');
      return;
    }
    const postcode = tags.get(position, 'addr:postcode')?.trim() ?? '';
    for (const number of numbers) {
      houses.push({
        street: tidy(street),
        number,
        ...at,
        postcode: /^\d{5}$/.test(postcode) ? postcode : null,
        city: tags.get(position, 'addr:city')?.trim() ?? null,
        suburb: tags.get(position, 'addr:suburb') ?? tags.get(position, 'addr:hamlet') ?? null,
      });
    }
  }

  for (const node of nodes.tagged) {
    const at = { lat: nodes.lat[node] as number, lon: nodes.lon[node] as number };
    add(nodes.tags, node, at, streets.nodes.get(node));
  }
  for (let way = 0; way < ways.count; way++) {
    if (ways.tags.get(way, 'addr:housenumber') !== undefined) {
      add(ways.tags, way, middleOf(data, way), streets.ways.get(way));
    }
    const step = ways.tags.get(way, 'addr:interpolation');
    if (step !== undefined) houses.push(...interpolated(data, way, step, fault));
  }
  for (let relation = 0; relation < relations.count; relation++) {
    if (relations.tags.get(relation, 'addr:housenumber') === undefined) continue;
    add(relations.tags, relation, middleOfArea(data, relation), undefined);
  }
  return houses;
}

export function tidy(name: string): string {
  return name.trim().replace(/\s+/g, ' ').slice(0, 160);
}

/** "10e" → "10 e", "1-4" → "1–4", "7;9" → two; nothing that has no digit. */
export function numbersOf(typed: string): string[] {
  return typed
    .split(/[;,]/)
    .map((one) =>
      one
        .trim()
        .replace(/\s*[-–—]\s*/g, '–')
        .replace(
          /(\d)\s*([a-zA-Z])(?![a-zA-Z])/g,
          (_, digit: string, letter: string) => `${digit} ${letter.toLowerCase()}`,
        )
        .replace(/\s+/g, ' '),
    )
    .filter((one) => /\d/.test(one) && one.length <= LONGEST_NUMBER);
}

/** Relations that say which street a house belongs to, where the house does not. */
function streetsOfRelations({ ways, relations }: OsmData) {
  const found = { nodes: new Map<number, string>(), ways: new Map<number, string>() };
  for (let relation = 0; relation < relations.count; relation++) {
    const type = relations.tags.get(relation, 'type');
    if (type !== 'associatedStreet' && type !== 'street') continue;
    const members = [];
    for (let m = relations.first[relation] ?? 0; m < (relations.first[relation + 1] ?? 0); m++) members.push(m);
    const street = members.find((m) => relations.role(m) === 'street' && (relations.members[m] as number) !== -1);
    const name =
      relations.tags.get(relation, 'name') ??
      (street === undefined ? undefined : ways.tags.get(relations.members[street] as number, 'name'));
    if (name === undefined) continue;
    for (const m of members) {
      const member = relations.members[m] as number;
      if (member === -1 || !['house', 'address', ''].includes(relations.role(m))) continue;
      if (relations.kinds[m] === MEMBER.node) found.nodes.set(member, name);
      else if (relations.kinds[m] === MEMBER.way) found.ways.set(member, name);
    }
  }
  return found;
}

function middleOfArea(data: OsmData, relation: number): { lat: number; lon: number } | null {
  const { lat, lon } = data.nodes;
  const [first] = assembleRings(data, relation).polygons;
  if (first === undefined) return null;
  const corners = first.outer.subarray(0, -1);
  const mean = (values: Int32Array): number =>
    Math.round(corners.reduce((sum, node) => sum + (values[node] as number), 0) / corners.length);
  return { lat: mean(lat), lon: mean(lon) };
}

const STEPS: ReadonlyMap<string, number> = new Map(Object.entries({ odd: 2, even: 2, all: 1, '1': 1, '2': 2 }));

/** Houses between numbered nodes of a way, evenly along the straight line; the ends are there themselves. */
function interpolated(data: OsmData, way: number, step: string, fault: (what: string) => void): RawHouse[] {
  const { nodes, ways } = data;
  const by = STEPS.get(step);
  if (by === undefined) {
    fault('interpolation of an unknown kind');
    return [];
  }
  const houses: RawHouse[] = [];
  let before: { node: number; number: number } | null = null;
  for (let i = ways.first[way] as number; i < (ways.first[way + 1] as number); i++) {
    const node = ways.nodes[i] as number;
    if (node === -1) continue;
    const number = Number(nodes.tags.get(node, 'addr:housenumber'));
    if (!Number.isInteger(number)) continue;
    if (before !== null) houses.push(...between(data, before, { node, number }, by));
    before = { node, number };
  }
  return houses;
}

function between({ nodes }: OsmData, a: { node: number; number: number }, b: typeof a, by: number): RawHouse[] {
  const tag = (key: 'addr:street' | 'addr:place' | 'addr:postcode' | 'addr:city' | 'addr:suburb'): string | undefined =>
    nodes.tags.get(a.node, key) ?? nodes.tags.get(b.node, key);
  const street = tag('addr:street') ?? tag('addr:place');
  const count = Math.abs(b.number - a.number) / by;
  if (street === undefined || !Number.isInteger(count) || count > MOST_INTERPOLATED) return [];
  const along = (values: Int32Array, part: number): number =>
    Math.round((values[a.node] as number) + ((values[b.node] as number) - (values[a.node] as number)) * part);
  return Array.from({ length: Math.max(0, count - 1) }, (_, i) => ({
    street: tidy(street),
    number: String(a.number + Math.sign(b.number - a.number) * by * (i + 1)),
    lat: along(nodes.lat, (i + 1) / count),
    lon: along(nodes.lon, (i + 1) / count),
    postcode: tag('addr:postcode') ?? null,
    city: tag('addr:city') ?? null,
    suburb: tag('addr:suburb') ?? null,
  }));
}
