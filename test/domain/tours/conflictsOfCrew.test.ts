import { expect } from 'chai';
import type { PlanningPicture } from '../../../server/domain/tours/picture.ts';
import {
  ANNA,
  BERND,
  changed,
  CLARA,
  clock,
  DATE,
  DAVID,
  found,
  ID_CARD,
  KIT,
  KIT_WITHOUT_CAMERA,
  LIBRARY,
  PASSPORT,
  REGISTRATION,
  SCHOENBERG,
  smallPicture,
  stop,
  TOWN_HALL,
  type Changes,
} from './picture.ts';

/** Instead of Koffer 1 nothing has a camera; instead of Anna these may do what is announced. */
const OTHER_KITS = { forAnnounced: true, freeKitIds: [] };
const OTHER_CLERKS = { forAnnounced: true, freeClerkIds: [BERND, CLARA] };

describe('A kit', () => {
  const busy = (more: object): PlanningPicture => ({
    ...smallPicture(),
    busy: [{ date: DATE, what: 'kit', id: KIT, tourId: 7, visible: true, ...more }],
  });

  it('must not be retired', () => {
    const picture = changed('kits', KIT, { retired: true });
    expect(found('kitRetired', {}, picture)).to.deep.equal([{ kitId: KIT, ...OTHER_KITS }]);
    expect(found('kitRetired', {}, changed('kits', KIT_WITHOUT_CAMERA, { retired: true }))).to.deep.equal([]);
  });

  it('must not be defect', () => {
    const picture = changed('kits', KIT, { status: 'defect' });
    expect(found('kitDefect', {}, picture)).to.deep.equal([{ kitId: KIT, ...OTHER_KITS }]);
    expect(found('kitDefect', {}, changed('kits', KIT, { status: 'defect', retired: true }))).to.deep.equal([]);
    expect(found('kitDefect')).to.deep.equal([]);
  });

  it('must not be on another tour that day', () => {
    expect(found('kitTaken', {}, busy({}))).to.deep.equal([{ kitId: KIT, byTourId: 7, date: DATE, ...OTHER_KITS }]);
    expect(found('kitTaken', {}, busy({ date: '2026-12-09' }))).to.deep.equal([]);
    expect(found('kitTaken', {}, busy({ what: 'clerk' }))).to.deep.equal([]);
    expect(found('kitTaken', {}, busy({ id: KIT_WITHOUT_CAMERA }))).to.deep.equal([]);
  });

  it('is not taken by the tour itself', () => {
    expect(found('kitTaken', {}, busy({}), { tourId: 7 })).to.deep.equal([]);
    expect(found('kitTaken', {}, busy({}), { tourId: 8 })).to.have.length(1);
  });

  it('may be taken by a tour of which nothing more is told', () => {
    expect(found('kitTaken', {}, busy({ visible: false }))[0]).to.include({ byTourId: null });
  });

  it('is only proposed when it is ready, free, of these municipalities and has what is needed', () => {
    const free = (picture: PlanningPicture) => {
      const defect = changed('kits', KIT, { status: 'defect' }, picture);
      return found('kitDefect', { announced: [REGISTRATION] }, defect).flatMap((one) =>
        'freeKitIds' in one ? one.freeKitIds : [],
      );
    };
    expect(free(smallPicture())).to.deep.equal([KIT_WITHOUT_CAMERA]);
    expect(free(changed('kits', KIT_WITHOUT_CAMERA, { status: 'defect' }))).to.deep.equal([]);
    expect(free(changed('kits', KIT_WITHOUT_CAMERA, { retired: true }))).to.deep.equal([]);
    expect(free(changed('kits', KIT_WITHOUT_CAMERA, { municipalityId: SCHOENBERG }))).to.deep.equal([]);
    expect(free(busy({ id: KIT_WITHOUT_CAMERA }))).to.deep.equal([]);
  });

  it('must have what the announced services need', () => {
    const plan = { kitId: KIT_WITHOUT_CAMERA, announced: [ID_CARD, REGISTRATION, PASSPORT] };
    expect(found('kitLacks', plan)).to.deep.equal([
      {
        kitId: KIT_WITHOUT_CAMERA,
        serviceIds: [ID_CARD, PASSPORT],
        capabilities: ['camera'],
        forAnnounced: true,
        freeKitIds: [KIT],
      },
    ]);
    expect(found('kitLacks', { ...plan, announced: [REGISTRATION] })).to.deep.equal([]);
    expect(found('kitLacks', { ...plan, announced: null })).to.deep.equal([]);
  });
});

describe('A clerk', () => {
  const busy = (more: object): PlanningPicture => ({
    ...smallPicture(),
    busy: [{ date: DATE, what: 'clerk', id: ANNA, tourId: 7, visible: true, ...more }],
  });
  const WHO = { clerkId: ANNA, position: 0 };

  it('must not be retired', () => {
    expect(found('clerkRetired', {}, changed('clerks', ANNA, { retired: true }))).to.deep.equal([
      { ...WHO, ...OTHER_CLERKS },
    ]);
    expect(found('clerkRetired', {}, changed('clerks', BERND, { retired: true }))).to.deep.equal([]);
  });

  it('must not be in the crew twice', () => {
    expect(found('clerkTwice', { clerkIds: [ANNA, BERND, ANNA] })).to.deep.equal([
      { clerkId: ANNA, position: 2, forAnnounced: true, freeClerkIds: [CLARA] },
    ]);
    expect(found('clerkTwice', { clerkIds: [ANNA, BERND] })).to.deep.equal([]);
  });

  it('must not be absent, first and last day included', () => {
    const away = (fromDate: string, toDate: string) => {
      const absences = [{ fromDate, toDate, kind: 'training' as const }];
      return found('clerkAbsent', {}, changed('clerks', ANNA, { absences }));
    };
    expect(away('2026-12-01', DATE)).to.deep.equal([
      { ...WHO, absence: 'training', fromDate: '2026-12-01', toDate: DATE, ...OTHER_CLERKS },
    ]);
    expect(away(DATE, '2027-01-02')).to.have.length(1);
    expect(away('2026-12-01', '2026-12-07')).to.deep.equal([]);
    expect(away('2026-12-09', '2026-12-10')).to.deep.equal([]);
  });

  it('must not be on another tour that day', () => {
    expect(found('clerkTaken', {}, busy({}))).to.deep.equal([{ ...WHO, byTourId: 7, date: DATE, ...OTHER_CLERKS }]);
    expect(found('clerkTaken', {}, busy({ visible: false }))[0]).to.include({ byTourId: null });
    expect(found('clerkTaken', {}, busy({}), { tourId: 7 })).to.deep.equal([]);
    expect(found('clerkTaken', {}, busy({ date: '2026-12-07' }))).to.deep.equal([]);
    expect(found('clerkTaken', {}, busy({ id: BERND }))).to.deep.equal([]);
  });

  it('is only proposed when there, free, at work that day and qualified', () => {
    const free = (picture: PlanningPicture, plan: Changes = {}) =>
      found('noCrew', { clerkIds: [], announced: [PASSPORT], ...plan }, picture).flatMap((one) =>
        'freeClerkIds' in one ? one.freeClerkIds : [],
      );
    const absences = [{ fromDate: DATE, toDate: DATE, kind: 'vacation' as const }];
    const hours = (weekday: number) => [{ weekday, fromMinute: clock('8:00'), toMinute: clock('16:00') }];
    expect(free(smallPicture())).to.deep.equal([ANNA, BERND]);
    expect(free(smallPicture(), { announced: [REGISTRATION] })).to.deep.equal([ANNA, BERND, CLARA, DAVID]);
    expect(free(changed('clerks', BERND, { absences }))).to.deep.equal([ANNA]);
    expect(free(changed('clerks', BERND, { retired: true }))).to.deep.equal([ANNA]);
    expect(free(busy({ id: BERND }))).to.deep.equal([ANNA]);
    // The date is a Tuesday.
    expect(free(changed('clerks', BERND, { hours: hours(1) }))).to.deep.equal([ANNA]);
    expect(free(changed('clerks', BERND, { hours: hours(2) }))).to.deep.equal([ANNA, BERND]);
    expect(free(changed('clerks', BERND, { municipalityId: SCHOENBERG }))).to.deep.equal([ANNA]);
  });

  describe('whose tour is outside the working time', () => {
    // The tour takes from 8:30 to 14:25.
    const hours = (...spans: [weekday: number, from: string, to: string][]) =>
      changed('clerks', ANNA, {
        hours: spans.map(([weekday, from, to]) => ({ weekday, fromMinute: clock(from), toMinute: clock(to) })),
      });

    it('is pointed out with the minutes', () => {
      const picture = hours([2, '9:00', '14:00'], [3, '8:00', '16:00']);
      // 8:30 to 9:00 and 14:00 to 14:25: 30 + 25 min.
      expect(found('outsideWorkingTime', {}, picture)).to.deep.equal([
        {
          clerkId: ANNA,
          position: 0,
          date: DATE,
          departureMinute: clock('8:30'),
          returnMinute: clock('14:25'),
          hours: [{ weekday: 2, fromMinute: clock('9:00'), toMinute: clock('14:00') }],
          minutes: 55,
          ...OTHER_CLERKS,
        },
      ]);
    });

    it('is pointed out on a day without any', () => {
      // 8:30 to 14:25 = 355 min.
      expect(found('outsideWorkingTime', {}, hours([1, '8:00', '16:00']))[0]).to.deep.include({
        hours: [],
        minutes: 355,
      });
    });

    it('is not when it fits, also over two spans that touch', () => {
      expect(found('outsideWorkingTime', {}, hours([2, '8:30', '14:25']))).to.deep.equal([]);
      expect(found('outsideWorkingTime', {}, hours([2, '12:00', '15:00'], [2, '8:00', '12:00']))).to.deep.equal([]);
    });

    it('is not when nothing is known, and not in a break of the tour', () => {
      expect(found('outsideWorkingTime')).to.deep.equal([]);
      // One hour longer: back at 15:25, so there is a break from 11:40 to 12:10.
      const stops = [stop(TOWN_HALL, '9:00', '11:00'), stop(LIBRARY, '12:30', '15:00')];
      const lunch = hours([2, '8:00', '11:40'], [2, '12:10', '16:00']);
      expect(found('outsideWorkingTime', { stops }, lunch)).to.deep.equal([]);
    });

    it('is not named besides an absence', () => {
      const absences = [{ fromDate: DATE, toDate: DATE, kind: 'vacation' as const }];
      const picture = changed('clerks', ANNA, { absences }, hours([1, '8:00', '16:00']));
      expect(found('outsideWorkingTime', {}, picture)).to.deep.equal([]);
    });
  });
});
