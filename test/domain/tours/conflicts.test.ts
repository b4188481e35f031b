import { expect } from 'chai';
import { isPossible } from '../../../server/domain/tours/conflicts.ts';
import type { PlanningPicture } from '../../../server/domain/tours/picture.ts';
import {
  ANNA,
  BERND,
  changed,
  CLARA,
  clock,
  conflictsOf,
  DATE,
  DAVID,
  DEPOT,
  found,
  ID_CARD,
  KIT,
  KIT_WITHOUT_CAMERA,
  LIBRARY,
  MEERANE,
  REGISTRATION,
  SCHOENBERG,
  smallPicture,
  stop,
  TODAY,
  TOWN_HALL,
  VILLAGE,
  type Changes,
} from './picture.ts';

describe('A tour that can take place', () => {
  it('has nothing against it', () => {
    expect(conflictsOf({})).to.deep.equal([]);
  });

  it('may have warnings, and is possible with them', () => {
    const warned = conflictsOf({}, undefined, { holiday: 'Buß- und Bettag' });
    expect(warned).to.have.length(1);
    expect([isPossible([]), isPossible(warned), isPossible(conflictsOf({ kitId: null }))]).to.deep.equal([
      true,
      true,
      false,
    ]);
  });

  it('is told what is impossible before what is doubtful', () => {
    const severities = conflictsOf({ clerkIds: [] }, undefined, { holiday: 'Ostermontag' }).map((one) => one.severity);
    expect(severities).to.deep.equal(['impossible', 'warning']);
  });
});

describe('A tour that is not finished', () => {
  it('needs a stop', () => {
    expect(conflictsOf({ stops: [] })).to.deep.equal([{ severity: 'impossible', kind: 'noStops' }]);
  });

  it('needs a depot: that of its kit is named', () => {
    expect(found('noDepot', { depotId: null })).to.deep.equal([{ depotIds: [DEPOT] }]);
  });

  it('needs a kit: those are named that are free and good for what is announced', () => {
    expect(found('noKit', { kitId: null })).to.deep.equal([{ forAnnounced: true, freeKitIds: [KIT] }]);
    // With what is not announced, the second kit is as good; the one that can do more comes first.
    expect(found('noKit', { kitId: null, announced: null })).to.deep.equal([
      { forAnnounced: false, freeKitIds: [KIT, KIT_WITHOUT_CAMERA] },
    ]);
  });

  it('needs a crew: those are named who are free and may do what is announced', () => {
    expect(found('noCrew', { clerkIds: [] })).to.deep.equal([
      { forAnnounced: true, freeClerkIds: [ANNA, BERND, CLARA] },
    ]);
  });
});

describe('A date', () => {
  it('must not be over', () => {
    expect(found('dateInPast', { date: '2026-11-21' })).to.deep.equal([{ date: '2026-11-21', today: TODAY }]);
    expect(found('dateInPast', { date: TODAY })).to.deep.equal([]);
  });

  it('that is a public holiday is pointed out', () => {
    expect(found('holiday', {}, undefined, { holiday: 'Karfreitag' })).to.deep.equal([
      { date: DATE, name: 'Karfreitag' },
    ]);
    expect(found('holiday')).to.deep.equal([]);
  });

  it('that is a Sunday is pointed out, unless it is a holiday anyway', () => {
    const sunday = { date: '2026-12-13' };
    expect(found('sunday', sunday)).to.deep.equal([sunday]);
    expect(found('sunday', { date: '2026-12-12' })).to.deep.equal([]);
    expect(found('sunday', sunday, undefined, { holiday: 'Ostersonntag' })).to.deep.equal([]);
  });
});

describe('What the planner’s municipalities do not have', () => {
  it('cannot be planned with', () => {
    const unknown = (plan: Changes) => found('unknown', plan);
    expect(unknown({ municipalityId: 99 })).to.deep.equal([{ what: 'municipality', id: 99, stop: null }]);
    expect(unknown({ depotId: 99 })).to.deep.equal([{ what: 'depot', id: 99, stop: null }]);
    expect(unknown({ kitId: 99 })).to.deep.equal([{ what: 'kit', id: 99, stop: null }]);
    expect(unknown({ clerkIds: [ANNA, 99] })).to.deep.equal([{ what: 'clerk', id: 99, stop: null }]);
    expect(unknown({ announced: [99] })).to.deep.equal([{ what: 'service', id: 99, stop: null }]);
    expect(unknown({ stops: [stop(TOWN_HALL, '9:00', '10:00'), stop(99, '12:00', '13:00')] })).to.deep.equal([
      { what: 'venue', id: 99, stop: 1 },
    ]);
    expect(unknown({})).to.deep.equal([]);
  });

  it('is not what another of them has: Meerane’s kit may go to Schönberg', () => {
    const stops = [stop(VILLAGE, '9:00', '11:00')];
    expect(conflictsOf({ municipalityId: SCHOENBERG, stops })).to.deep.equal([]);
  });
});

describe('A depot', () => {
  it('must be in use', () => {
    const picture = changed('depots', DEPOT, { retired: true });
    expect(found('depotRetired', {}, picture)).to.deep.equal([{ depotId: DEPOT, depotIds: [] }]);
    expect(found('depotRetired')).to.deep.equal([]);
  });
});

describe('What is announced', () => {
  it('must be in the offer', () => {
    const picture = changed('services', ID_CARD, { retired: true });
    expect(found('serviceRetired', {}, picture)).to.deep.equal([{ serviceIds: [ID_CARD] }]);
    expect(found('serviceRetired', { announced: [REGISTRATION] }, picture)).to.deep.equal([]);
  });

  it('must be allowed to somebody at a counter', () => {
    expect(found('crewNotQualified', { clerkIds: [DAVID] })).to.deep.equal([
      { serviceIds: [ID_CARD], forAnnounced: true, freeClerkIds: [ANNA, BERND, CLARA] },
    ]);
    expect(found('crewNotQualified', { clerkIds: [CLARA] })).to.deep.equal([]);
    expect(found('crewNotQualified', { clerkIds: [DAVID], announced: null })).to.deep.equal([]);
  });

  it('is not possible with somebody who comes along but has no counter', () => {
    const stops = (counters: number) => [stop(TOWN_HALL, '9:00', '11:00', { counters })];
    const clerkIds = [DAVID, ANNA];
    expect(found('crewNotQualified', { clerkIds, stops: stops(1) })[0]).to.deep.include({ serviceIds: [ID_CARD] });
    expect(found('crewNotQualified', { clerkIds, stops: stops(2) })).to.deep.equal([]);
  });

  it('may be possible at one stop and not at another', () => {
    const stops = [stop(TOWN_HALL, '9:00', '11:00', { counters: 2 }), stop(LIBRARY, '12:30', '14:00')];
    expect(found('serviceNotPossibleHere', { clerkIds: [DAVID, ANNA], stops })).to.deep.equal([
      { stop: 1, venueId: LIBRARY, serviceIds: [ID_CARD] },
    ]);
    expect(found('serviceNotPossibleHere', { clerkIds: [ANNA, DAVID], stops })).to.deep.equal([]);
  });

  it('may be possible at one counter and not at another', () => {
    const stops = [stop(TOWN_HALL, '9:00', '11:00', { counters: 2 })];
    expect(found('serviceNotPossibleAtCounter', { clerkIds: [ANNA, DAVID], stops })).to.deep.equal([
      { counter: 2, clerkId: DAVID, serviceIds: [ID_CARD] },
    ]);
    expect(found('serviceNotPossibleAtCounter', { clerkIds: [ANNA, CLARA], stops })).to.deep.equal([]);
    // Where nobody can, that is said already.
    expect(found('serviceNotPossibleAtCounter', { clerkIds: [DAVID] })).to.deep.equal([]);
  });

  it('may be nothing at all, if kit and crew can do something', () => {
    const nothing = (plan: Changes, picture?: PlanningPicture) =>
      found('nothingPossible', { announced: null, ...plan }, picture);
    // David may do registrations only, which need nothing.
    expect(nothing({ clerkIds: [DAVID], kitId: KIT_WITHOUT_CAMERA })).to.deep.equal([]);
    const registrationNeedsCamera = changed('services', REGISTRATION, { needs: ['camera'] });
    expect(nothing({ clerkIds: [DAVID], kitId: KIT_WITHOUT_CAMERA }, registrationNeedsCamera)).to.have.length(1);
    expect(nothing({ clerkIds: [DAVID] }, registrationNeedsCamera)).to.deep.equal([]);
    expect(nothing({}, changed('clerks', ANNA, { qualifiedFor: [] }))).to.have.length(1);
    expect(nothing({ announced: [] })).to.have.length(1);
    // As long as kit or crew are missing, that is what is said.
    expect(nothing({ kitId: null })).to.deep.equal([]);
    expect(nothing({ clerkIds: [] })).to.deep.equal([]);
  });
});

describe('The counters of a stop', () => {
  it('are not more than the crew', () => {
    const stops = [stop(TOWN_HALL, '9:00', '11:00', { counters: 2 })];
    expect(found('tooManyCounters', { stops })).to.deep.equal([
      { stop: 0, venueId: TOWN_HALL, counters: 2, clerks: 1 },
    ]);
    expect(found('tooManyCounters', { stops, clerkIds: [ANNA, BERND] })).to.deep.equal([]);
    expect(found('tooManyCounters', { stops, clerkIds: [] })).to.deep.equal([]);
  });
});

describe('A venue', () => {
  it('must be in use', () => {
    expect(found('venueRetired', {}, changed('venues', LIBRARY, { retired: true }))).to.deep.equal([
      { stop: 1, venueId: LIBRARY },
    ]);
    expect(found('venueRetired', {}, changed('venues', VILLAGE, { retired: true }))).to.deep.equal([]);
  });

  it('must not be closed, nor its whole municipality', () => {
    const closing = { municipalityId: MEERANE, venueId: LIBRARY, fromDate: DATE, toDate: DATE, reason: 'Umbau' };
    const closed = (more: Partial<typeof closing> | { venueId: null }) =>
      found('venueClosed', {}, { ...smallPicture(), closings: [{ ...closing, ...more }] });
    const data = { reason: 'Umbau', fromDate: DATE, toDate: DATE };
    expect(closed({})).to.deep.equal([{ stop: 1, venueId: LIBRARY, everywhere: false, ...data }]);
    expect(closed({ venueId: null })).to.deep.equal([
      { stop: 0, venueId: TOWN_HALL, everywhere: true, ...data },
      { stop: 1, venueId: LIBRARY, everywhere: true, ...data },
    ]);
    expect(closed({ venueId: VILLAGE })).to.deep.equal([]);
    expect(closed({ fromDate: '2026-12-09', toDate: '2026-12-09' })).to.deep.equal([]);
    expect(closed({ fromDate: '2026-12-07', toDate: '2026-12-07' })).to.deep.equal([]);
  });

  it('must be open while the stop is announced', () => {
    const window = (weekday: number, from: string, to: string) => ({
      weekday,
      fromMinute: clock(from),
      toMinute: clock(to),
    });
    const open = (...windows: ReturnType<typeof window>[]) =>
      found('outsideOpeningWindow', {}, changed('venues', LIBRARY, { windows }));
    // The stop is on a Tuesday from 12:30 to 14:00.
    const data = { stop: 1, venueId: LIBRARY, date: DATE, fromMinute: clock('12:30'), toMinute: clock('14:00') };
    expect(open(window(2, '9:00', '13:59'))).to.deep.equal([{ ...data, windows: [window(2, '9:00', '13:59')] }]);
    expect(open(window(2, '12:35', '18:00'))).to.have.length(1);
    expect(open(window(3, '9:00', '18:00'))).to.deep.equal([{ ...data, windows: [] }]);
    expect(open(window(2, '12:30', '14:00'))).to.deep.equal([]);
    expect(open(window(2, '13:00', '18:00'), window(2, '9:00', '13:00'))).to.deep.equal([]);
    expect(open()).to.deep.equal([]);
  });

  it('has no hours on a closing day', () => {
    const closings = [{ municipalityId: MEERANE, venueId: LIBRARY, fromDate: DATE, toDate: DATE, reason: '' }];
    const windows = [{ weekday: 3, fromMinute: 0, toMinute: 1440 }];
    const picture = { ...changed('venues', LIBRARY, { windows }), closings };
    expect(found('outsideOpeningWindow', {}, picture)).to.deep.equal([]);
    expect(found('venueClosed', {}, picture)).to.have.length(1);
  });

  it('that comes up twice is pointed out, unless one stop follows the other as with a break', () => {
    const there = stop(TOWN_HALL, '8:00', '9:00');
    const again = stop(TOWN_HALL, '12:00', '13:00');
    expect(found('sameVenueTwice', { stops: [there, stop(LIBRARY, '10:00', '11:00'), again] })).to.deep.equal([
      { stop: 2, firstStop: 0, venueId: TOWN_HALL },
    ]);
    expect(found('sameVenueTwice', { stops: [there, again] })).to.deep.equal([]);
  });
});
