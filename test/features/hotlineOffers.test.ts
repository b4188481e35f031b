import { expect } from 'chai';
import fc from 'fast-check';
import { offeredStarts } from '../../server/domain/booking/slots.ts';
import { chooseTimes } from '../../server/domain/hotline/choose.ts';
import { distanceMetres } from '../../server/domain/geo.ts';
import { addDays, formatMinute, tickToMinute } from '../../server/domain/time.ts';
import { dayFor, earliestAt, ticksOf } from '../../server/domain/tours/offers.ts';
import type { StopWithCounters } from '../../server/domain/tours/stop.ts';
import { findOffers, type Offers } from '../../server/features/hotline/findOffers.ts';
import {
  callerOffice,
  callerQuery,
  CERTIFICATE,
  HERE,
  lines,
  NO_PASSPORTS,
  PASSPORT,
  SMALL_KIT,
  venueAt,
  visitOf,
} from '../support/callerOffice.ts';
import { OFFICE_ZONE } from '../support/officeFixture.ts';

/** "Ort 1 24. 9:20" */
const told = ({ offers }: Offers): string[] =>
  offers.map(({ venue, stop, tick }) => {
    return `${venue.locality} ${Number(stop.date.slice(-2))}. ${formatMinute(tickToMinute(tick))}`;
  });
const seen = ({ visits }: Offers): string[] =>
  visits.map(({ venue, stop, free }) => `${venue.locality} ${Number(stop.date.slice(-2))}. frei ${free}`);

const OWN = venueAt(1, 0.2);
const NEXT = venueAt(2, 2.1, { stepFree: false });
const TOWN = venueAt(3, 6, { municipalityId: 2 });
const VENUES = [OWN, NEXT, TOWN];

describe('Times for a caller', () => {
  it('are two here and the next ones elsewhere, with the visits around', async () => {
    const { deps } = callerOffice(VENUES, [
      visitOf(1, '2026-11-25', { to: '12:00', taken: 20 }),
      visitOf(1, '2026-12-02'),
      visitOf(2, '2026-11-24'),
      visitOf(3, '2026-11-26', { taken: 60 }),
      visitOf(3, '2026-11-27'),
    ]);
    const found = await findOffers(deps, callerQuery());
    expect(told(found)).to.deep.equal(['Ort 1 25. 09:20', 'Ort 1 25. 11:00', 'Ort 2 24. 09:00']);
    expect(found.offers.map(({ soonest }) => soonest)).to.deep.equal([false, false, true]);
    expect(found.offers.map(({ metres }) => Math.round((metres ?? 0) / 100))).to.deep.equal([2, 2, 21]);
    expect(seen(found)).to.deep.equal(['Ort 1 25. frei 8', 'Ort 2 24. frei 3', 'Ort 3 26. frei 0']);
    expect([found.today, found.more, found.none]).to.deep.equal(['2026-11-22', true, null]);
  });

  it('say which is the last of a visit, and that there are no more', async () => {
    const { deps } = callerOffice(VENUES, [visitOf(1, '2026-11-25', { taken: 20 })]);
    const found = await findOffers(deps, callerQuery());
    expect(told(found)).to.deep.equal(['Ort 1 25. 09:20', 'Ort 1 25. 09:40']);
    expect(found.offers.map(({ lastOfVisit }) => lastOfVisit)).to.deep.equal([false, true]);
    expect(found.more).to.equal(false);
    const exact = await findOffers(deps, callerQuery({ count: 1 }));
    expect([exact.offers.length, exact.more]).to.deep.equal([1, true]);
  });

  it('are the soonest anywhere where no place is named', async () => {
    const { deps } = callerOffice(VENUES, [
      visitOf(1, '2026-11-25'),
      visitOf(2, '2026-11-24'),
      visitOf(3, '2026-11-23', { taken: 40 }),
    ]);
    const found = await findOffers(deps, callerQuery({ from: null }));
    expect(told(found)).to.deep.equal(['Ort 3 23. 09:40', 'Ort 2 24. 09:00', 'Ort 1 25. 09:00']);
    expect(found.offers.map(({ metres, soonest }) => [metres, soonest])).to.deep.equal([
      [null, true],
      [null, false],
      [null, false],
    ]);
    expect(seen(found)).to.deep.equal(['Ort 3 23. frei 1', 'Ort 2 24. frei 3', 'Ort 1 25. frei 3']);
  });

  it('are none without a service: only the visits are looked up', async () => {
    const { deps, queries } = callerOffice(VENUES, [visitOf(1, '2026-11-25'), visitOf(2, '2026-11-24', { taken: 50 })]);
    const found = await findOffers(deps, callerQuery({ lines: [] }));
    expect(found.offers).to.deep.equal([]);
    expect(found.none).to.equal(null);
    expect(seen(found)).to.deep.equal(['Ort 1 25. frei 6', 'Ort 2 24. frei 1']);
    expect(queries).to.deep.equal(['stops', 'counters of 2']);
  });

  it('come with the visits later or farther away where none is soon near the place', async () => {
    const later = callerOffice(VENUES, [visitOf(1, '2026-12-30'), visitOf(3, '2027-01-05')]);
    for (const query of [callerQuery(), callerQuery({ lines: [] })]) {
      const found = await findOffers(later.deps, query);
      expect(seen(found).map((visit) => visit.split(' frei')[0])).to.deep.equal(['Ort 1 30.', 'Ort 3 5.']);
      expect(found.none).to.equal(null);
    }
    const dates = { from: '2026-11-25', to: '2026-11-25' };
    expect((await findOffers(later.deps, callerQuery({ lines: [], dates }))).none).to.equal('notThen');

    const without = Array.from({ length: 17 }, (_, i) => venueAt(i + 1, 0.2 + i * 0.1));
    const farther = callerOffice([...without, venueAt(30, 12)], [visitOf(30, '2026-11-30')]);
    expect(seen(await findOffers(farther.deps, callerQuery({ lines: [] })))).to.deep.equal(['Ort 30 30. frei 6']);
  });

  it('are on the days and at the hours asked for, and only there', async () => {
    const { deps } = callerOffice(VENUES, [
      visitOf(1, '2026-11-25', { to: '12:00' }),
      visitOf(2, '2026-11-24', { from: '13:00', to: '16:00' }),
    ]);
    const then = (dates: [string, string] | null, minutes: [number, number] | null) =>
      findOffers(
        deps,
        callerQuery({
          dates: dates === null ? null : { from: dates[0], to: dates[1] },
          minutes: minutes === null ? null : { from: minutes[0], to: minutes[1] },
        }),
      );
    expect(told(await then(['2026-11-25', '2026-11-25'], null))).to.deep.equal([
      'Ort 1 25. 09:00',
      'Ort 1 25. 10:40',
      'Ort 1 25. 09:40',
    ]);
    expect(told(await then(null, [14 * 60, 24 * 60]))).to.deep.equal([
      'Ort 2 24. 14:00',
      'Ort 2 24. 15:40',
      'Ort 2 24. 14:40',
    ]);
    // From the first minute inclusive to the last exclusive.
    expect(told(await then(null, [11 * 60, 11 * 60 + 40]))).to.deep.equal(['Ort 1 25. 11:00', 'Ort 1 25. 11:20']);
    expect(seen(await then(['2026-11-24', '2026-11-24'], null))).to.deep.equal(['Ort 2 24. frei 9']);
    const nothing = await then(['2026-11-24', '2026-11-24'], [0, 720]);
    expect([nothing.offers.length, nothing.none]).to.deep.equal([0, 'notThen']);
    expect(seen(nothing)).to.deep.equal(['Ort 1 25. frei 9', 'Ort 2 24. frei 9']);
  });

  it('are at exactly the hour that is asked for where nothing else suits', async () => {
    // Times of 20 minutes are offered from both ends, 9:00, 9:20 …: 10:10 is not one of them, but can be had.
    const { deps } = callerOffice(VENUES, [visitOf(1, '2026-11-25', { to: '12:00' })]);
    expect(told(await findOffers(deps, callerQuery({ minutes: { from: 610, to: 615 } })))).to.deep.equal([
      'Ort 1 25. 10:10',
    ]);
  });

  it('are without steps where that is asked for, and only in the municipalities of the agent', async () => {
    const { deps } = callerOffice(VENUES, [
      visitOf(2, '2026-11-24'),
      visitOf(3, '2026-11-26', { to: '9:20' }),
      visitOf(1, '2026-11-27', { to: '9:20' }),
    ]);
    const walk = await findOffers(deps, callerQuery({ stepFree: true }));
    expect(told(walk)).to.deep.equal(['Ort 1 27. 09:00', 'Ort 3 26. 09:00']);
    expect(seen(walk)).to.deep.equal(['Ort 1 27. frei 1', 'Ort 3 26. frei 1']);
    const ours = await findOffers(deps, callerQuery({ scope: new Set([2]) }));
    expect(told(ours)).to.deep.equal(['Ort 3 26. 09:00']);
    expect(seen(ours)).to.deep.equal(['Ort 3 26. frei 1']);
    const nowhere = await findOffers(deps, callerQuery({ scope: new Set() }));
    expect([nowhere.offers, nowhere.visits, nowhere.none]).to.deep.equal([[], [], 'noVisit']);
  });

  it('are only at counters that can do everything, in what is announced', async () => {
    const { deps } = callerOffice(VENUES, [
      visitOf(1, '2026-11-24', { kit: SMALL_KIT }),
      visitOf(1, '2026-11-25', { clerk: NO_PASSPORTS }),
      visitOf(1, '2026-11-26', { announced: [CERTIFICATE.id] }),
      visitOf(1, '2026-11-27'),
    ]);
    expect(told(await findOffers(deps, callerQuery({ count: 1 })))).to.deep.equal(['Ort 1 27. 09:00']);
    expect(told(await findOffers(deps, callerQuery({ count: 1, lines: lines(CERTIFICATE) })))).to.deep.equal([
      'Ort 1 24. 09:00',
    ]);
    expect(told(await findOffers(deps, callerQuery({ count: 1, lines: lines(PASSPORT, CERTIFICATE) })))).to.deep.equal([
      'Ort 1 27. 09:00',
    ]);
    const [first] = (await findOffers(deps, callerQuery())).visits;
    expect([first?.stop.date, first?.free]).to.deep.equal(['2026-11-24', 0]);
  });

  it('run until they begin, also while the visit runs, and not beyond the horizon', async () => {
    const now = OFFICE_ZONE.instantAt('2026-11-25', 9 * 60 + 21);
    const stops = [visitOf(1, '2026-11-25', { to: '10:00' }), visitOf(1, addDays('2026-11-25', 61))];
    const { deps } = callerOffice(VENUES, stops, { now });
    expect(told(await findOffers(deps, callerQuery()))).to.deep.equal(['Ort 1 25. 09:25', 'Ort 1 25. 09:40']);
    const later = callerOffice(VENUES, stops, { now: now + 18 * 60_000 });
    expect(told(await findOffers(later.deps, callerQuery()))).to.deep.equal(['Ort 1 25. 09:40']);
    const begun = callerOffice(VENUES, stops, { now: now + 19 * 60_000 + 1 });
    expect((await findOffers(begun.deps, callerQuery())).none).to.equal('full');
    const slow = callerOffice(VENUES, stops, { now, rules: { hotlineLeadMinutes: 15 } });
    expect(told(await findOffers(slow.deps, callerQuery()))).to.deep.equal(['Ort 1 25. 09:40']);
  });

  it('are not where the appointment to be moved is now', async () => {
    const visit = visitOf(1, '2026-11-25');
    const { deps } = callerOffice(VENUES, [visit]);
    const move = callerQuery({ exceptAppointment: 7, exceptSlot: { stopId: visit.id, tick: 108 } });
    expect(told(await findOffers(deps, move))).to.deep.equal(['Ort 1 25. 09:20', 'Ort 1 25. 09:40']);
  });

  it('are the same on the days on which the clocks change', async () => {
    for (const [today, date] of [
      ['2026-10-24', '2026-10-25'],
      ['2027-03-27', '2027-03-28'],
    ] as const) {
      const now = OFFICE_ZONE.instantAt(today, 12 * 60);
      const { deps } = callerOffice(VENUES, [visitOf(1, date)], { now });
      const found = await findOffers(deps, callerQuery({ count: 1 }));
      expect(told(found), date).to.deep.equal([`Ort 1 ${date.slice(-2)}. 09:00`]);
      const running = callerOffice(VENUES, [visitOf(1, date)], { now: OFFICE_ZONE.instantAt(date, 9 * 60 + 1) });
      expect(told(await findOffers(running.deps, callerQuery({ count: 1 }))), date).to.deep.equal([
        `Ort 1 ${date.slice(-2)}. 09:05`,
      ]);
    }
  });
});

describe('A caller for whom there is no time hears why:', () => {
  const why = async (stops: StopWithCounters[], more: Parameters<typeof callerQuery>[0] = {}) =>
    (await findOffers(callerOffice(VENUES, stops).deps, callerQuery(more))).none;
  const friday = { from: '2026-11-27', to: '2026-11-27' };

  it('no visit is planned', async () => {
    expect(await why([])).to.equal('noVisit');
    expect(await why([], { dates: friday, lines: [] })).to.equal('noVisit');
    expect(await why([visitOf(1, addDays('2026-11-22', 61))])).to.equal('noVisit');
    expect(await why([visitOf(1, '2026-11-22', { to: '10:00' })])).to.equal('noVisit');
  });

  it('everything is taken, on that day and on others', async () => {
    const full = [visitOf(1, '2026-11-25', { taken: 60 }), visitOf(1, '2026-11-27', { taken: 45 })];
    expect(await why(full)).to.equal('full');
    expect(await why(full, { dates: friday })).to.equal('full');
  });

  it('the visits cannot do it', async () => {
    const small = [visitOf(1, '2026-11-25', { kit: SMALL_KIT }), visitOf(1, '2026-11-27', { clerk: NO_PASSPORTS })];
    expect(await why(small)).to.equal('notThere');
    expect(await why(small, { dates: friday })).to.equal('notThere');
    // Too far ahead for what is read at first.
    expect(await why([visitOf(1, addDays('2026-11-22', 55), { kit: SMALL_KIT })])).to.equal('notThere');
    expect(await why([visitOf(1, addDays('2026-11-22', 55), { kit: SMALL_KIT })], { from: null })).to.equal('notThere');
    expect(await why([...small, visitOf(2, '2026-11-25', { taken: 60 })])).to.equal('full');
  });

  it('it would have to be on another day or at another hour', async () => {
    const free = [visitOf(1, '2026-11-25'), visitOf(1, '2026-11-27', { taken: 60 })];
    expect(await why(free, { dates: friday })).to.equal('notThen');
    expect(await why(free, { dates: friday, lines: [] })).to.equal(null);
    expect(await why(free, { minutes: { from: 780, to: 1440 } })).to.equal('notThen');
    expect(await why(free, { dates: { from: '2026-11-26', to: '2026-11-26' }, lines: [] })).to.equal('notThen');
    expect(await why(free, { dates: { from: '2026-01-01', to: '2026-11-21' } })).to.equal('notThen');
    expect(await why(free, { dates: { from: '2027-06-01', to: '2027-06-02' } })).to.equal('notThen');
  });
});

describe('A search that stops as soon as enough is found', () => {
  const days = Array.from({ length: 60 }, (_, index) => addDays('2026-11-23', index));

  it('asks three times where times are free soon', async () => {
    const { deps, queries } = callerOffice(
      VENUES,
      days.flatMap((day) => [1, 2, 3].map((venueId) => visitOf(venueId, day))),
    );
    const found = await findOffers(deps, callerQuery({ count: 9 }));
    expect(found.offers.length).to.equal(9);
    // The soonest twelve; two more of the nearest venue are among them.
    expect(queries).to.deep.equal(['stops', 'stops', 'counters of 12']);
  });

  it('goes on in growing steps where much is full, to the one time that is left', async () => {
    const { deps, queries } = callerOffice(
      VENUES,
      days.map((day, index) => visitOf(1 + (index % 3), day, { taken: index === 58 ? 0 : 60 })),
    );
    expect(told(await findOffers(deps, callerQuery({ count: 1 })))).to.deep.equal(['Ort 2 20. 09:00']);
    expect(queries.length).to.be.at.most(8);
  });

  const stops = fc.array(
    fc.record({
      venueId: fc.integer({ min: 1, max: 20 }),
      day: fc.integer({ min: 1, max: 27 }),
      from: fc.constantFrom('8:00', '9:00', '13:00', '15:30'),
      taken: fc.constantFrom(0, 20, 40, 60, 60, 60, 60),
    }),
    { minLength: 1, maxLength: 150 },
  );
  const distances = fc.array(fc.integer({ min: 0, max: 140 }), { minLength: 20, maxLength: 20 });

  it('offers first what a search through everything would', async () => {
    await fc.assert(
      fc.asyncProperty(stops, distances, fc.boolean(), async (drawn, tenths, isPlaceKnown) => {
        const venues = tenths.map((km, index) => venueAt(index + 1, km / 10));
        const office = drawn.map(({ venueId, day, ...one }) => visitOf(venueId, addDays('2026-11-22', day), one));
        const { deps } = callerOffice(venues, office);
        const directory = await deps.directory();
        const from = isPlaceKnown ? HERE : null;
        const found = await findOffers(deps, callerQuery({ from }));

        const now = OFFICE_ZONE.local(deps.clock.now());
        const all = office.map((stop) => {
          const day = dayFor(directory, stop, lines(PASSPORT), { channel: 'hotline', today: now.date });
          const earliest = earliestAt(directory, stop, now, 'hotline');
          const ticks = offeredStarts(day, ticksOf(lines(PASSPORT)), earliest).map(({ tick }) => tick);
          const metres = from === null ? null : distanceMetres(from, venues[stop.venueId - 1]!.at);
          return { ...stop, metres, ticks: ticks.sort((a, b) => a - b) };
        });
        const best = chooseTimes(all, 3);
        // The caller's place is looked for among the nearest 16.
        const nearest = new Set([...venues].sort((a, b) => a.at.lat - b.at.lat || a.id - b.id).slice(0, 16).map(({ id }) => id)); // prettier-ignore
        fc.pre(!isPlaceKnown || best.every(({ visit }) => nearest.has(visit.venueId)));
        expect(found.offers.length).to.equal(best.length);
        for (const [index, { visit, tick }] of best.slice(0, isPlaceKnown ? 3 : 1).entries()) {
          const offer = found.offers[index]!;
          expect([offer.stop.date, offer.tick, offer.venue.id], `time ${index + 1}`).to.deep.equal([
            visit.date,
            tick,
            visit.venueId,
          ]);
        }
      }),
      { numRuns: 300 },
    );
  });
});
