import { openDatabase, type Database, type DatabaseConfig } from '../../server/data/knex.ts';
import { createDeskRepository, createDeskUnit } from '../../server/data/deskRepository.ts';
import type { Agent } from '../../server/domain/hotline/desk.ts';
import { createDesk } from '../../server/features/booking/desk/desk.ts';
import { findTimes, nearestAlternatives } from '../../server/features/booking/findTimes.ts';
import type { Slot } from '../../server/features/booking/holdTime.ts';
import { findOffers } from '../../server/features/hotline/findOffers.ts';
import { bookSlot, lineOf, newSecret, raceDeps, type RaceDeps } from '../support/raceFixture.ts';

/*
 * Citizens and agents of the hotline in one process want the same time, all begun at once. Who does not get it is shown
 * the next ones and takes one of these, until there is one or nothing is left.
 */

/** What one of them went through. */
export interface Struggle {
  end: 'booked' | 'nothingLeft' | 'gaveUp';
  /** For each time that somebody else got: how many others were shown. */
  shown: number[];
  /** Of those shown how many had been booked in this process before they were read. */
  stale: number;
}

/** More rounds than a fair race can take. */
const MOST_ROUNDS = 80;

interface Input {
  config: DatabaseConfig;
  citizens: number;
  agents: readonly Agent[];
  wanted: Slot;
  counters: Readonly<Record<number, number>>;
}

const { config, citizens, agents, wanted, counters } = JSON.parse(process.argv[2] ?? '') as Input;

type Try = (slot: Slot) => Promise<string>;
type Look = (slot: Slot) => Promise<Slot[]>;

function asCitizen(deps: RaceDeps): [Try, Look] {
  return [
    async (slot) => (await bookSlot(deps, slot)).kind,
    async (slot) => {
      const lines = await lineOf(deps, 'personalausweis');
      const page = await findTimes(deps, { from: null, lines, stopId: slot.stopId, allTimes: false, offset: 0 });
      return nearestAlternatives(page, slot.tick).map(({ stop, start }) => ({ stopId: stop.id, tick: start.tick }));
    },
  ];
}

function asAgent(database: Database, deps: RaceDeps, agent: Agent): [Try, Look] {
  const desk = createDesk({
    ...deps,
    appointments: createDeskRepository(database.reader),
    unit: (work) => database.unit((trx) => work(createDeskUnit(trx))),
  });
  const secret = newSecret();
  const caller = {
    firstName: 'Karin',
    familyName: 'Vogel',
    contactKind: 'none',
    contact: null,
    address: null,
  } as const;
  return [
    async (slot) => {
      const lines = await lineOf(deps, 'personalausweis');
      const held = await desk.hold(agent, { secret, slot, lines, originPlaceId: null, locale: 'de' });
      return held.kind === 'held' ? (await desk.book(agent, secret, caller, true)).kind : held.kind;
    },
    async () => {
      const found = await findOffers(deps, {
        from: null,
        lines: await lineOf(deps, 'personalausweis'),
        dates: null,
        minutes: null,
        stepFree: false,
        scope: agent.scope,
        count: 3,
      });
      return found.offers.map(({ stop, tick }) => ({ stopId: stop.id, tick }));
    },
  ];
}

process.once('message', () => {
  const database = openDatabase(config);
  const deps = raceDeps(database, Date.now);
  const booked: Slot[] = [];

  /** True when as many in this process have booked a part of this time as there are counters. */
  const isGone = (known: readonly Slot[], { stopId, tick }: Slot): boolean =>
    known.filter((one) => one.stopId === stopId && Math.abs(one.tick - tick) < 4).length >= 2 * (counters[stopId] ?? 1);

  async function struggle([tryFor, look]: [Try, Look], index: number): Promise<Struggle> {
    const told: Struggle = { end: 'gaveUp', shown: [], stale: 0 };
    let slot = wanted;
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const kind = await tryFor(slot);
      if (kind === 'booked') {
        booked.push(slot);
        return { ...told, end: 'booked' };
      }
      if (kind !== 'slotTaken') throw new Error(`Unexpected: ${kind}`);
      const known = [...booked];
      const others = await look(slot);
      told.shown.push(others.length);
      told.stale += others.filter((other) => isGone(known, other)).length;
      const next = others[(index + round) % Math.max(1, others.length)];
      if (next === undefined) return { ...told, end: 'nothingLeft' };
      slot = next;
    }
    return told;
  }

  const people = [
    ...agents.map((agent) => asAgent(database, deps, agent)),
    ...Array.from({ length: citizens }, () => asCitizen(deps)),
  ];
  void Promise.all(people.map(struggle))
    .then(async (told) => {
      await database.close();
      process.send?.({ agents: told.slice(0, agents.length), citizens: told.slice(agents.length) });
    })
    .then(() => process.disconnect());
});
process.send?.('ready');
