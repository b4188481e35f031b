import type { Encoded } from './osmEncoder.ts';

/** A village with something of everything that is drawn: 8 × 8 nodes, 110 m apart. */
export function village(street: string): Encoded {
  const nodes = Array.from({ length: 64 }, (_, i) => ({
    id: i + 1,
    lat: 50.84 + Math.floor(i / 8) * 0.001,
    lon: 12.46 + (i % 8) * 0.0015,
  }));
  const block = (id: number, from: number, tags: Record<string, string>) => ({
    id,
    nodes: [from, from + 1, from + 9, from + 8, from],
    tags,
  });
  return {
    nodes: [
      ...nodes,
      { id: 100, lat: 50.8435, lon: 12.4652, tags: { place: 'village', name: 'Meerane', population: '900' } },
      {
        id: 101,
        lat: 50.8401,
        lon: 12.4605,
        tags: { 'addr:street': street, 'addr:housenumber': '7', 'addr:postcode': '08393', 'addr:city': 'Meerane' },
      },
    ],
    ways: [
      { id: 1, nodes: [1, 2, 3, 4, 5], tags: { highway: 'residential', name: street } },
      { id: 2, nodes: [5, 13, 21, 29], tags: { highway: 'primary', ref: 'B 93', bridge: 'yes', layer: '1' } },
      { id: 3, nodes: [1, 9, 17, 25, 29], tags: { highway: 'tertiary', name: 'Ring' } },
      { id: 4, nodes: [33, 34, 35], tags: { railway: 'rail', tunnel: 'yes' } },
      { id: 5, nodes: [41, 42, 43], tags: { waterway: 'stream', tunnel: 'culvert' } },
      block(6, 10, { building: 'yes', 'addr:housenumber': '3', 'addr:street': street }),
      block(7, 20, { landuse: 'forest' }),
      block(8, 50, { natural: 'water' }),
      block(9, 40, {}),
      { id: 10, nodes: [60, 61], tags: { highway: 'primary_link', oneway: 'yes' } },
    ],
    relations: [
      {
        id: 1,
        members: [{ kind: 'way', id: 9, role: 'outer' }],
        tags: { type: 'boundary', boundary: 'administrative', admin_level: '8', name: 'Meerane' },
      },
    ],
  };
}
