import { DEGREE, type OsmData } from '../data.ts';
import { growing } from '../growing.ts';
import { LAYERS, type LayerName } from './schema.ts';

export type Position = [lon: number, lat: number];

export type Geometry =
  | { type: 'Point'; coordinates: Position }
  | { type: 'LineString'; coordinates: Position[] }
  | { type: 'Polygon'; coordinates: Position[][] };

export type FeatureTags = Readonly<Record<string, string | number | boolean>>;

/** Something to be drawn. */
export interface MapFeature {
  layer: LayerName;
  /** The first zoom level on which it is drawn. */
  from: number;
  tags: FeatureTags;
  geometry: Geometry;
}

/** How the nodes of a feature are to be read: `middle` is the point in the middle of a ring. */
export const SHAPE = { point: 0, line: 1, polygon: 2, middle: 3 } as const;
export type Shape = keyof typeof SHAPE;

export interface FeatureTable {
  /** Features are numbered in the order of drawing. */
  count: number;
  /** The first zoom level on which it is drawn. */
  from(feature: number): number;
  /** Degrees: west, south, east, north. */
  box(feature: number): [number, number, number, number];
  get(feature: number): MapFeature;
}

const NAMES = Object.keys(LAYERS) as LayerName[];

/**
 * Collects features as positions of nodes in typed arrays: those of a district are more than a million, and as objects
 * with coordinates they take gigabytes. Geometries are made when they are asked for.
 */
export function createFeatures({ nodes }: OsmData) {
  const layers = growing(Uint8Array);
  const froms = growing(Uint8Array);
  const shapes = growing(Uint8Array);
  const orders = growing(Float64Array);
  const tagged = growing(Uint32Array);
  const partEnds = growing(Uint32Array);
  const nodeEnds = growing(Uint32Array);
  const refs = growing(Uint32Array);
  const tagList: FeatureTags[] = [];
  const tagNumbers = new Map<string, number>();

  /** Equal ones once. */
  function numberOf(tags: FeatureTags): number {
    const key = JSON.stringify(tags);
    let number = tagNumbers.get(key);
    if (number === undefined) {
      number = tagList.push(tags) - 1;
      tagNumbers.set(key, number);
    }
    return number;
  }

  return {
    /**
     * @param order of those of one layer, the lower ones are drawn first, and labelled first
     * @param parts positions of nodes: the rings of a polygon, else one list
     */
    add: (
      layer: LayerName,
      from: number,
      tags: FeatureTags,
      shape: Shape,
      parts: readonly ArrayLike<number>[],
      order = 0,
    ): void => {
      layers.push(NAMES.indexOf(layer));
      froms.push(from);
      shapes.push(SHAPE[shape]);
      orders.push(order);
      tagged.push(numberOf(tags));
      for (const part of parts) {
        for (let i = 0; i < part.length; i++) refs.push(part[i] as number);
        nodeEnds.push(refs.length());
      }
      partEnds.push(nodeEnds.length());
    },

    finish(): FeatureTable {
      const [layer, from, shape, tag] = [layers.done(), froms.done(), shapes.done(), tagged.done()];
      const [parts, ends, all, byOrder] = [partEnds.done(), nodeEnds.done(), refs.done(), orders.done()];
      const drawn = Uint32Array.from(layer, (_, i) => i).sort(
        (a, b) => (byOrder[a] as number) - (byOrder[b] as number) || a - b,
      );
      const before = (column: Uint32Array, i: number): number => (i === 0 ? 0 : (column[i - 1] as number));
      const at = (feature: number): number => drawn[feature] as number;
      const partsOf = (i: number): Uint32Array[] => {
        const list: Uint32Array[] = [];
        for (let part = before(parts, i); part < (parts[i] as number); part++) {
          list.push(all.subarray(before(ends, part), ends[part]));
        }
        return list;
      };
      const positionOf = (node: number): Position => [
        (nodes.lon[node] as number) / DEGREE,
        (nodes.lat[node] as number) / DEGREE,
      ];
      const lineOf = (list: Uint32Array): Position[] => Array.from(list, positionOf);
      const geometryOf = (i: number): Geometry => {
        const list = partsOf(i);
        const first = list[0] ?? new Uint32Array();
        const kind = shape[i];
        if (kind === SHAPE.polygon) return { type: 'Polygon', coordinates: list.map(lineOf) };
        if (kind === SHAPE.line) return { type: 'LineString', coordinates: lineOf(first) };
        if (kind === SHAPE.middle) return { type: 'Point', coordinates: middleOf(lineOf(first)) };
        return { type: 'Point', coordinates: positionOf(first[0] as number) };
      };
      return {
        count: drawn.length,
        from: (feature) => from[at(feature)] as number,
        box(feature) {
          const i = at(feature);
          let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
          for (let n = before(ends, before(parts, i)); n < before(ends, parts[i] as number); n++) {
            const [lon, lat] = [nodes.lon[all[n] as number] as number, nodes.lat[all[n] as number] as number];
            if (lon < west) west = lon;
            if (lon > east) east = lon;
            if (lat < south) south = lat;
            if (lat > north) north = lat;
          }
          return [west / DEGREE, south / DEGREE, east / DEGREE, north / DEGREE];
        },
        get(feature) {
          const i = at(feature);
          return {
            layer: NAMES[layer[i] as number] as LayerName,
            from: from[i] as number,
            tags: tagList[tag[i] as number] as FeatureTags,
            geometry: geometryOf(i),
          };
        },
      };
    },
  };
}

/** @param ring the first position again at the end */
function middleOf(ring: readonly Position[]): Position {
  const corners = ring.slice(1);
  const mean = (axis: 0 | 1): number => corners.reduce((sum, corner) => sum + corner[axis], 0) / corners.length;
  return [mean(0), mean(1)];
}
