import type { Appointment } from '../../../domain/booking/appointment.ts';
import type { Directory } from '../../../domain/booking/office.ts';
import { checkAddress, checkCaller, personOf, tidyCaller } from '../../../domain/hotline/caller.ts';
import type { Agent, BookForCaller, CallerInput, SimilarAppointment } from '../../../domain/hotline/desk.ts';
import { chooseSimilar, SIMILAR_WITHIN } from '../../../domain/hotline/similar.ts';
import type { Instant } from '../../../domain/time.ts';
import { confirmHold } from '../bookAppointment.ts';
import { contactKeyOf, familyKeyOf } from '../saveDetails.ts';
import { appointmentEntry, lookUpEntry } from './history.ts';
import type { DeskDeps, DeskUnit, SimilarQuery } from './ports.ts';
import { findBySecret, unitFor } from './scope.ts';

/** Widths of the columns: what is not checked yet may be longer. */
const WIDEST_NAME = 100;
const WIDEST_CONTACT = 254;

const cut = (text: string | null, length: number): string | null => text?.slice(0, length) ?? null;

/**
 * Writes what was typed into the hold. An address that is not complete cannot be kept; then it counts as not chosen
 * yet how the caller hears of the appointment, so that nobody takes the letter for settled.
 */
export async function keepTyped(unit: DeskUnit, holdId: number, typed: CallerInput): Promise<void> {
  const caller = tidyCaller(typed);
  const { firstName, familyName, contactKind, contact } = personOf(caller);
  const address = caller.contactKind === 'letter' && checkAddress(caller.address).size === 0 ? caller.address : null;
  await unit.saveDetails(holdId, {
    firstName: cut(firstName, WIDEST_NAME),
    familyName: cut(familyName, WIDEST_NAME),
    familyKey: familyKeyOf(familyName),
    contactKind: caller.contactKind === 'letter' && address === null ? null : contactKind,
    contact: cut(contact, WIDEST_CONTACT),
  });
  await unit.saveAddress(holdId, address);
}

/** Where to look for what a caller has already. @param only just this one */
export function similarQuery(
  agent: Agent,
  caller: Pick<CallerInput, 'familyName'> & Parameters<typeof contactKeyOf>[0],
  hold: Appointment,
  now: Instant,
  only?: number,
): SimilarQuery {
  return {
    contactKey: contactKeyOf(caller),
    familyKey: familyKeyOf(caller.familyName),
    serviceIds: hold.lines.map(({ serviceId }) => serviceId),
    from: now,
    to: now + SIMILAR_WITHIN,
    scope: agent.scope,
    except: hold.id,
    ...(only === undefined ? {} : { only }),
  };
}

async function findSimilar(
  deps: DeskDeps,
  agent: Agent,
  secret: string,
  caller: CallerInput,
): Promise<SimilarAppointment[]> {
  const hold = await deps.appointments.bySecret(secret);
  if (hold?.state !== 'held') return [];
  const query = similarQuery(agent, { ...caller, ...personOf(caller) }, hold, deps.clock.now());
  return chooseSimilar(await deps.appointments.similar(query), {
    firstName: caller.firstName,
    serviceIds: query.serviceIds,
  });
}

/** Books what an agent holds for a caller; everything that belongs to it is durable when it answers `booked`. */
export async function bookForCaller(
  deps: DeskDeps,
  agent: Agent,
  secret: string,
  typed: CallerInput,
  despite: boolean,
): Promise<BookForCaller> {
  const caller = tidyCaller(typed);
  const problems = checkCaller(caller);
  if (problems.size > 0) {
    return refuse(deps, agent, secret, caller, { kind: 'incomplete', problems });
  }
  const similar = despite ? [] : await findSimilar(deps, agent, secret, caller);
  if (similar.length > 0) {
    return refuse(deps, agent, secret, caller, { kind: 'similar', appointments: similar });
  }
  const directory = await deps.directory();
  const outcome = await deps.unit((unit) => confirm(deps, agent, directory, unit, secret, caller));
  // The unit took everything back: what was typed is kept all the same.
  return outcome.kind === 'slotTaken' || outcome.kind === 'tooManyOpen'
    ? refuse(deps, agent, secret, caller, outcome)
    : outcome;
}

/** Inside the transaction: name, contact, address, lasting time, letter, history. */
async function confirm(
  deps: DeskDeps,
  agent: Agent,
  directory: Directory,
  unit: DeskUnit,
  secret: string,
  caller: CallerInput,
): Promise<BookForCaller> {
  const now = deps.clock.now();
  const found = await findBySecret(unit, agent, secret);
  if (found === undefined) return { kind: 'unknown' };
  if (found.appointment.state !== 'held') return { kind: 'booked', appointment: found.appointment };
  const hold = { ...found.appointment, ...personOf(caller) };
  await keepTyped(unit, hold.id, caller);
  const outcome = await confirmHold(directory, unitFor(agent, directory, unit), hold, now, 'hotline');
  if (outcome.kind !== 'confirmed') return outcome;
  await unit.queueLetter(hold.id, 'confirmed', now);
  await unit.audit(agent, now, appointmentEntry(found.municipalityId, 'booked', outcome.appointment));
  return { kind: 'booked', appointment: outcome.appointment };
}

/** Answers that nothing was booked, and keeps what was typed. Which appointments were shown is recorded. */
function refuse(
  deps: DeskDeps,
  agent: Agent,
  secret: string,
  caller: CallerInput,
  answer: BookForCaller,
): Promise<BookForCaller> {
  return deps.unit(async (unit): Promise<BookForCaller> => {
    const found = await findBySecret(unit, agent, secret);
    if (found === undefined) return { kind: 'unknown' };
    if (found.appointment.state !== 'held') return { kind: 'booked', appointment: found.appointment };
    await keepTyped(unit, found.appointment.id, caller);
    const now = deps.clock.now();
    for (const { id, stopId } of answer.kind === 'similar' ? answer.appointments : []) {
      const municipalityId = (await unit.municipalityOfStop(stopId)) ?? null;
      await unit.audit(agent, now, lookUpEntry('Möglicher doppelter Termin', 'gezeigt', { id, municipalityId }));
    }
    return answer;
  });
}

/** Keeps what was typed so far with the hold, unchecked. */
export async function saveCallerDraft(deps: DeskDeps, secret: string, caller: CallerInput): Promise<void> {
  await deps.unit(async (unit) => {
    const hold = await unit.bySecret(secret);
    if (hold?.state === 'held') await keepTyped(unit, hold.id, caller);
  });
}
