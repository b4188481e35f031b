import { holdUntil, normaliseContact } from '../../domain/booking/rules.ts';
import { foldName } from '../../domain/places/fold.ts';
import type { PersonInput } from '../../domain/booking/person.ts';
import type { HoldDeps } from './holdTime.ts';
import { occupancyOf, rulesOf } from './keepHold.ts';
import type { Appointments } from './ports.ts';

export type DetailsOutcome =
  | { kind: 'saved' }
  /** Saved too, but the hold had ended and somebody else has the time. */
  | { kind: 'slotTaken' }
  | { kind: 'tooManyOpen'; max: number }
  | { kind: 'booked' }
  | { kind: 'unknown' };

/**
 * Keeps name and contact with the hold. What was typed is kept even when the time is gone, so that nobody has to type
 * it again; a hold that has ended is taken up again if its time is still free.
 */
export async function saveDetails(
  deps: HoldDeps & { appointments: Appointments },
  secret: string,
  details: PersonInput,
): Promise<DetailsOutcome> {
  const key = contactKeyOf(details);
  const directory = await deps.directory();
  const open = key === null ? 0 : await deps.appointments.openOfContact(key, deps.clock.now());
  return deps.unit(async (unit): Promise<DetailsOutcome> => {
    const now = deps.clock.now();
    const hold = await unit.bySecret(secret);
    if (hold === undefined) {
      return { kind: 'unknown' };
    }
    if (hold.state !== 'held') {
      return { kind: 'booked' };
    }
    const rules = (await rulesOf(directory, unit, hold))?.rules;
    await unit.saveDetails(hold.id, { ...details, familyKey: familyKeyOf(details.familyName) });
    if (rules === undefined) {
      return { kind: 'slotTaken' };
    }
    if (open >= rules.maxOpenPerContact) {
      return { kind: 'tooManyOpen', max: rules.maxOpenPerContact };
    }
    if (hold.holdUntil === null || hold.holdUntil <= now) {
      const until = holdUntil(now, rules);
      if (!(await unit.occupy(hold.id, occupancyOf(hold), until, now))) {
        // Part of it may still have been free: without the rest it is of no use, and others may have it.
        await unit.release(hold.id, null, null);
        return { kind: 'slotTaken' };
      }
      await unit.extendHold(hold.id, until, hold.holdExtensions);
    }
    return { kind: 'saved' };
  });
}

/** What counts as the same contact for the number of open appointments; null: no contact. */
export function contactKeyOf(details: Pick<PersonInput, 'contactKind' | 'contact'>): string | null {
  return details.contact === null || details.contactKind === null || details.contactKind === 'none'
    ? null
    : normaliseContact({ kind: details.contactKind, value: details.contact }).slice(0, 254);
}

/** The family name as it is compared: without umlauts, accents, case. */
export function familyKeyOf(familyName: string | null): string | null {
  return familyName === null ? null : foldName(familyName).slice(0, 100);
}

/** Keeps what was typed so far without checking it, while the hold is extended or another page is visited. */
export async function saveDraft(deps: Pick<HoldDeps, 'unit'>, secret: string, draft: PersonInput): Promise<void> {
  await deps.unit(async (unit) => {
    const hold = await unit.bySecret(secret);
    if (hold?.state === 'held') {
      await unit.saveDetails(hold.id, { ...draft, familyKey: familyKeyOf(draft.familyName) });
    }
  });
}
