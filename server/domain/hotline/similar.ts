import { foldName } from '../places/fold.ts';
import { MILLISECONDS_PER_MINUTE, MINUTES_PER_DAY } from '../time.ts';
import type { SimilarAppointment } from './desk.ts';

/** So far ahead a caller's other appointments are looked for, in milliseconds. */
export const SIMILAR_WITHIN = 8 * 7 * MINUTES_PER_DAY * MILLISECONDS_PER_MINUTE;

const MOST_SIMILAR = 3;

/** What was typed of the caller, as it is compared. */
export interface Sought {
  firstName: string | null;
  serviceIds: readonly number[];
}

/** An open appointment that has the caller's contact or family name. */
export interface Candidate extends SimilarAppointment {
  startsAt: number;
}

/**
 * The appointments that the caller may have already: those with the same contact, and those with the same family name,
 * no other first name and a service in common. Same contact first, then the soonest; at most three.
 */
export function chooseSimilar(candidates: readonly Candidate[], sought: Sought): Candidate[] {
  const best = new Map<number, Candidate>();
  for (const candidate of candidates) {
    if (candidate.because === 'name' && !isSamePerson(candidate, sought)) continue;
    if (best.get(candidate.id)?.because !== 'contact') best.set(candidate.id, candidate);
  }
  return [...best.values()]
    .sort((a, b) => order(a) - order(b) || a.startsAt - b.startsAt || a.id - b.id)
    .slice(0, MOST_SIMILAR);
}

function order({ because }: Candidate): number {
  return because === 'contact' ? 0 : 1;
}

function isSamePerson(candidate: Candidate, { firstName, serviceIds }: Sought): boolean {
  const firstNames = [candidate.firstName, firstName].map((name) => (name === null ? '' : foldName(name)));
  const isOther = !firstNames.includes('') && firstNames[0] !== firstNames[1];
  return !isOther && candidate.serviceIds.some((id) => serviceIds.includes(id));
}
