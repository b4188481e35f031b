/** What a crew packs: what the services that are booked need of the kit, and the paper forms for them. */

export interface PackedFor {
  services: readonly {
    persons: number;
    /** Capabilities of the kit. */
    needs: readonly string[];
    /** Names of paper forms. */
    forms: readonly string[];
  }[];
}

/** `item` is what `tour_packing` keeps. */
export type PackingItem =
  /** Something of the kit, for so many appointments. */
  | { kind: 'capability'; item: string; capability: string; appointments: number }
  /** A paper form, one for each of so many persons. */
  | { kind: 'form'; item: string; name: string; persons: number };

/** Longest name of an item, in characters. */
const LONGEST_ITEM = 80;
/** Longest name of a paper form that fits into one. */
export const LONGEST_FORM = LONGEST_ITEM - 'form:'.length;

/** What so many appointments need: first of the kit, then forms, each what is needed most first. */
export function packingList(appointments: readonly PackedFor[]): PackingItem[] {
  const capabilities = new Map<string, number>();
  const forms = new Map<string, number>();
  for (const { services } of appointments) {
    for (const capability of new Set(services.flatMap(({ needs }) => needs))) {
      capabilities.set(capability, (capabilities.get(capability) ?? 0) + 1);
    }
    for (const { persons, forms: own } of services) {
      for (const form of new Set(own)) forms.set(form, (forms.get(form) ?? 0) + persons);
    }
  }
  return [
    ...mostFirst(capabilities).map(([capability, count]): PackingItem => ({
      kind: 'capability',
      item: `capability:${capability}`.slice(0, LONGEST_ITEM),
      capability,
      appointments: count,
    })),
    ...mostFirst(forms).map(([name, persons]): PackingItem => ({
      kind: 'form',
      item: `form:${name}`.slice(0, LONGEST_ITEM),
      name,
      persons,
    })),
  ];
}

function mostFirst(counts: ReadonlyMap<string, number>): [name: string, count: number][] {
  return [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
}
