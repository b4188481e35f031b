/**
 * Which services can be done at a stop: the kit must have what the service needs, and the clerk at the counter must be
 * qualified for it. A counter without a clerk serves nothing, whatever the kit can do.
 */

/** A counter and who staffs it. */
export interface StaffedCounter {
  counter: number;
  /** Ids of the services the clerk is qualified for; null when nobody staffs the counter. */
  qualifiedFor: readonly number[] | null;
}

/** What each service needs, by the service's id. */
export type ServiceNeeds = ReadonlyMap<number, readonly string[]>;

/** Why a service cannot be done. What the kit lacks is named first: no other clerk would help. */
export type Impossible =
  /** `capabilities`: what is missing, in the order of the service's needs. */
  | { kind: 'kitLacks'; capabilities: string[] }
  | { kind: 'crewNotQualified' }
  /** The tour announces other services only. */
  | { kind: 'notAnnounced' };

/** Every service either in `possible` or, with the reason, in `impossible`. */
export interface ServicesAtStop {
  possible: Set<number>;
  impossible: Map<number, Impossible>;
}

/** The needs that are not among the capabilities, each once, in the order of the needs; empty = all are met. */
export function missingCapabilities(needs: readonly string[], capabilities: readonly string[]): string[] {
  return [...new Set(needs)].filter((need) => !capabilities.includes(need));
}

/**
 * The counters at which one clerk can do all services of an appointment with this kit, in the order given.
 * A service whose needs are not known can be done nowhere.
 */
export function countersFor(
  serviceIds: readonly number[],
  serviceNeeds: ServiceNeeds,
  kitCapabilities: readonly string[],
  counters: readonly StaffedCounter[],
): number[] {
  const kitSuffices = serviceIds.every((id) => {
    const needs = serviceNeeds.get(id);
    return needs !== undefined && missingCapabilities(needs, kitCapabilities).length === 0;
  });
  if (!kitSuffices) return [];

  return counters
    .filter(({ qualifiedFor }) => qualifiedFor !== null && serviceIds.every((id) => qualifiedFor.includes(id)))
    .map(({ counter }) => counter);
}

/**
 * Which of the services at least one counter can do, and why not the others.
 * Each service by itself: two possible services need not be possible in one appointment, see `countersFor`.
 * @param announced ids of services; null: whatever kit and crew can do
 */
export function servicesPossible(
  serviceNeeds: ServiceNeeds,
  kitCapabilities: readonly string[],
  counters: readonly StaffedCounter[],
  announced: readonly number[] | null = null,
): ServicesAtStop {
  const possible = new Set<number>();
  const impossible = new Map<number, Impossible>();
  for (const [id, needs] of serviceNeeds) {
    const missing = missingCapabilities(needs, kitCapabilities);
    if (announced !== null && !announced.includes(id)) impossible.set(id, { kind: 'notAnnounced' });
    else if (missing.length > 0) impossible.set(id, { kind: 'kitLacks', capabilities: missing });
    else if (counters.some(({ qualifiedFor }) => qualifiedFor?.includes(id))) possible.add(id);
    else impossible.set(id, { kind: 'crewNotQualified' });
  }
  return { possible, impossible };
}
