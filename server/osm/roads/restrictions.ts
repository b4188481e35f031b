import { MEMBER, type OsmData } from '../data.ts';
import type { Key } from '../keys.ts';

/** At a node, coming by one way: what is forbidden, or all that is allowed. Ways are positions in OsmData. */
export interface Restriction {
  via: number;
  from: number;
  to: number;
  /** only: all other turns are forbidden. */
  kind: 'no' | 'only';
  /** Along several ways: the last turn of it costs a penalty, as what came before is not known there. */
  isLong: boolean;
}

const VEHICLES = ['motorcar', 'motor_vehicle', 'vehicle'];

/** Turn restrictions for cars: https://wiki.openstreetmap.org/wiki/Relation:restriction. */
export function restrictionsOf(data: OsmData, faults: Map<string, number>): Restriction[] {
  const found: Restriction[] = [];
  const fault = (what: string): void => void faults.set(what, (faults.get(what) ?? 0) + 1);
  const { relations } = data;
  for (let relation = 0; relation < relations.count; relation++) {
    const tag = (key: Key): string | undefined => relations.tags.get(relation, key);
    if (tag('type') !== 'restriction') continue;
    const value = tag('restriction:motorcar') ?? tag('restriction:motor_vehicle') ?? tag('restriction');
    if (value === undefined) {
      fault(tag('restriction:conditional') === undefined ? 'restriction without a kind' : 'restriction at times only');
      continue;
    }
    const except = (tag('except') ?? '').split(';').map((one) => one.trim());
    if (VEHICLES.some((vehicle) => except.includes(vehicle))) continue;
    const kind = value.startsWith('no_') ? 'no' : value.startsWith('only_') ? 'only' : null;
    if (kind === null) {
      fault('restriction of an unknown kind');
      continue;
    }
    const members = membersOf(data, relation);
    if (members === null) {
      fault('restriction that is incomplete');
      continue;
    }
    const { froms, tos, nodes, ways } = members;
    const isLong = nodes.length === 0;
    if (isLong && kind === 'only') {
      fault('restriction along several ways that is not followed');
      continue;
    }
    for (const from of isLong ? [ways.at(-1) as number] : froms) {
      for (const to of tos) {
        for (const via of isLong ? sharedNodes(data, from, to) : nodes) found.push({ via, from, to, kind, isLong });
      }
    }
  }
  return found;
}

function membersOf({ relations }: OsmData, relation: number) {
  const members = { froms: [] as number[], tos: [] as number[], nodes: [] as number[], ways: [] as number[] };
  for (let m = relations.first[relation] ?? 0; m < (relations.first[relation + 1] ?? 0); m++) {
    const member = relations.members[m] as number;
    const isNode = relations.kinds[m] === MEMBER.node;
    const role = relations.role(m);
    const list = role === 'from' ? members.froms : role === 'to' ? members.tos : isNode ? members.nodes : members.ways;
    if (role !== 'from' && role !== 'to' && role !== 'via') continue;
    if (member === -1 || (isNode && role !== 'via')) return null;
    list.push(member);
  }
  const { froms, tos, nodes, ways } = members;
  return froms.length > 0 && tos.length > 0 && nodes.length + ways.length > 0 ? members : null;
}

/** Where one way goes on as the other. */
function sharedNodes({ ways }: OsmData, a: number, b: number): number[] {
  const other = new Set(ways.nodes.subarray(ways.first[b], ways.first[b + 1]));
  return [...new Set(ways.nodes.subarray(ways.first[a], ways.first[a + 1]))].filter(
    (node) => node !== -1 && other.has(node),
  );
}
