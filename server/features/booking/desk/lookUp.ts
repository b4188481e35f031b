import { parseReference } from '../../../domain/booking/reference.ts';
import type { Agent, LookUp, LookUpOutcome } from '../../../domain/hotline/desk.ts';
import { familyKeyOf } from '../saveDetails.ts';
import { askedBy, lookUpEntry } from './history.ts';
import type { DeskDeps, DeskUnit, LookedUp } from './ports.ts';

async function search(unit: DeskUnit, agent: Agent, asked: LookUp, reference: string | null): Promise<LookedUp[]> {
  if (asked.by === 'reference') return reference === null ? [] : unit.byReference(reference, agent.scope);
  const key = familyKeyOf(asked.familyName) ?? '';
  return key === '' ? [] : unit.byName(key, asked.date, agent.scope);
}

/**
 * Finds the one appointment with this reference, or with this family name on this day, in the agent's municipalities.
 * Each look-up is recorded, whatever it finds.
 */
export async function lookUp(deps: DeskDeps, agent: Agent, asked: LookUp): Promise<LookUpOutcome> {
  const parsed = asked.by === 'reference' ? parseReference(asked.reference) : null;
  const reference = parsed?.kind === 'ok' ? parsed.reference : null;
  return deps.unit(async (unit): Promise<LookUpOutcome> => {
    const [found, another] = await search(unit, agent, asked, reference);
    const label = askedBy(asked, reference);
    const record = (result: Parameters<typeof lookUpEntry>[1], one: LookedUp | null): Promise<void> =>
      unit.audit(agent, deps.clock.now(), lookUpEntry(label, result, one));
    if (found === undefined) {
      await record('nicht gefunden', null);
      return { kind: 'none' };
    }
    if (another !== undefined) {
      await record('mehrere', null);
      return { kind: 'several' };
    }
    await record('gefunden', found);
    return { kind: 'found', secret: found.secret };
  });
}
