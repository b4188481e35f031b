import { expect } from 'chai';
import type { AppointmentState } from '../../../server/domain/booking/states.ts';
import { lateDay, type StopToCome } from '../../../server/domain/tours/late.ts';
import { mayPrepare, mayShowPeople, mayTick } from '../../../server/domain/tours/people.ts';
import type { TourTimes } from '../../../server/domain/tours/times.ts';

type Person = [id: number, fromMinute: number, minutes: number, state?: AppointmentState, counter?: number];

function stop(id: number, fromMinute: number, toMinute: number, people: readonly Person[]): StopToCome {
  return {
    id,
    fromMinute,
    toMinute,
    tearDownMinutes: 15,
    appointments: people.map(([person, from, minutes, state = 'confirmed', counter = 1]) => ({
      id: person,
      counter,
      fromMinute: from,
      minutes,
      state,
    })),
  };
}

/** Times of a tour of two stops of which only the waiting time at the second and the breaks matter here. */
function times(waitingMinutes: number, breaks: TourTimes['breaks'] = []): TourTimes {
  const leg = { minutes: 20, metres: 15_000, estimated: true };
  return {
    basis: '',
    departureMinute: 500,
    returnMinute: 1000,
    workingMinutes: 500,
    legs: [leg, leg, leg],
    stops: [
      { arrivalMinute: 520, waitingMinutes: 0 },
      { arrivalMinute: 755, waitingMinutes },
    ],
    breaks,
  };
}

const waits = (day: ReturnType<typeof lateDay>): [id: number, late: number][] =>
  day.stops.flatMap(({ appointments }) =>
    appointments.map(({ appointmentId, lateMinutes }): [number, number] => [appointmentId, lateMinutes]),
  );

describe('A crew that is late', () => {
  it('begins so much later at the next stop, until free time at the counter has made good for it', () => {
    // Open at 9:20 instead of 9:00: 1 is 20 late and ends at 9:40, 2 of 9:30 begins then, 3 of 10:00 is on time.
    const day = lateDay(
      [
        stop(1, 540, 720, [
          [1, 540, 20],
          [2, 570, 20],
          [3, 600, 20],
        ]),
      ],
      null,
      {
        saidAtMinute: 530,
        minutes: 20,
      },
    );
    expect(waits(day)).to.deep.equal([
      [1, 20],
      [2, 10],
      [3, 0],
    ]);
    expect(day.stops[0]).to.include({ lateMinutes: 20, leavesLateMinutes: 0 });
    expect(day.touched.map(({ appointmentId, expectedMinute }) => [appointmentId, expectedMinute])).to.deep.equal([
      [1, 560],
      [2, 580],
    ]);
    expect(day.returnsLateMinutes).to.equal(0);
  });

  it('that makes up for it before the first appointment keeps nobody waiting', () => {
    const day = lateDay([stop(1, 540, 720, [[1, 600, 20]])], null, { saidAtMinute: 530, minutes: 45 });
    expect(day.touched).to.deep.equal([]);
  });

  it('counts each counter by itself', () => {
    const people: Person[] = [
      [1, 540, 20],
      [2, 540, 40, 'confirmed', 2],
      [3, 560, 20],
      [4, 600, 20, 'confirmed', 2],
    ];
    const day = lateDay([stop(1, 540, 720, people)], null, { saidAtMinute: 530, minutes: 25 });
    // Counter 1: 9:25 and 9:45. Counter 2: 9:25 to 10:05, then 4 five minutes late.
    expect(waits(day)).to.deep.equal([
      [1, 25],
      [2, 25],
      [3, 25],
      [4, 5],
    ]);
  });

  it('at an open stop takes the word of the crew for who comes next', () => {
    // At 9:40, 20 minutes late: 1 of 9:20 is being served and ends at 10:00, 2 of 9:40 begins then.
    const people: Person[] = [
      [1, 560, 20, 'arrived'],
      [2, 580, 20],
      [3, 620, 20],
    ];
    const day = lateDay([stop(1, 540, 720, people)], null, { saidAtMinute: 580, minutes: 20 });
    expect(day.stops[0]!.lateMinutes).to.equal(0);
    expect(waits(day)).to.deep.equal([
      [1, 20],
      [2, 20],
      [3, 0],
    ]);
    expect(day.touched.map(({ appointmentId }) => appointmentId)).to.deep.equal([2]);
  });

  it('is not late for those who were served, stayed away or are there already', () => {
    const people: Person[] = [
      [1, 540, 20, 'served'],
      [2, 560, 20, 'missed'],
      [3, 580, 20, 'arrived'],
      [4, 600, 20, 'pending'],
    ];
    const day = lateDay([stop(1, 540, 720, people)], null, { saidAtMinute: 530, minutes: 90 });
    // Open at 10:30: 3 then, 4 after it at 10:50.
    expect(waits(day)).to.deep.equal([
      [3, 50],
      [4, 50],
    ]);
    expect(day.touched.map(({ appointmentId }) => appointmentId)).to.deep.equal([4]);
  });

  it('tells nobody of less than five minutes', () => {
    const late = (minutes: number) =>
      lateDay([stop(1, 540, 720, [[1, 540, 20]])], null, { saidAtMinute: 530, minutes }).touched.length;
    expect([late(0), late(4), late(5)]).to.deep.equal([0, 0, 1]);
  });

  describe('on the way to the next stop', () => {
    const first = (lastEnds: number) => stop(1, 540, 720, [[1, lastEnds - 40, 40]]);
    const second = stop(2, 810, 960, [
      [2, 810, 20],
      [3, 830, 20],
    ]);
    const atSecond = (lastEnds: number, minutes: number, timed: TourTimes | null) =>
      lateDay([first(lastEnds), second], timed, { saidAtMinute: 530 + 150, minutes }).stops[1]!.lateMinutes;

    it('has left no later than announced where its people were served in time', () => {
      // The last one of 11:00 to 11:40 ends at 12:00, when the stop closes.
      expect(atSecond(700, 20, null)).to.equal(0);
    });

    it('makes good by waiting less', () => {
      // The last one ends at 12:30 instead of 12:00; of these 30 minutes 20 are made up for.
      expect(atSecond(720, 30, times(20))).to.equal(10);
      expect(atSecond(720, 30, times(45))).to.equal(0);
    });

    it('keeps its break', () => {
      // Of 50 minutes 30 are the break.
      expect(atSecond(720, 30, times(50, [{ fromMinute: 760, toMinute: 790 }]))).to.equal(10);
      expect(atSecond(720, 30, times(50, [{ fromMinute: 970, toMinute: 1000 }]))).to.equal(0);
    });

    it('makes nothing good where the plan has no waiting time or nobody knows the times', () => {
      expect(atSecond(720, 30, times(-5))).to.equal(30);
      expect(atSecond(720, 30, null)).to.equal(30);
    });

    it('comes back late when those of the last stop wait to the end', () => {
      const full = stop(2, 810, 850, [
        [2, 810, 20],
        [3, 830, 20],
      ]);
      const day = lateDay([first(720), full], times(0), { saidAtMinute: 680, minutes: 30 });
      expect(day.returnsLateMinutes).to.equal(30);
      expect(day.touched.map(({ appointmentId, lateMinutes }) => [appointmentId, lateMinutes])).to.deep.equal([
        [1, 30],
        [2, 30],
        [3, 30],
      ]);
    });
  });

  it('is late at the next stop when it says so while it packs up, though all are served', () => {
    const stops = [stop(1, 540, 720, [[1, 700, 20, 'served']]), stop(2, 810, 960, [[2, 810, 20]])];
    const day = lateDay(stops, times(10), { saidAtMinute: 725, minutes: 30 });
    expect(day.stops.map(({ leavesLateMinutes }) => leavesLateMinutes)).to.deep.equal([30, 0]);
    expect(waits(day)).to.deep.equal([[2, 20]]);
  });

  it('comes back late when it says so on the way back', () => {
    const day = lateDay([stop(1, 540, 720, [])], null, { saidAtMinute: 740, minutes: 30 });
    expect(day.returnsLateMinutes).to.equal(30);
    expect(day.stops.map(({ lateMinutes }) => lateMinutes)).to.deep.equal([0]);
  });

  it('means the next stop once one is packed up, and no stop after the last', () => {
    const stops = [stop(1, 540, 720, [[1, 700, 20]]), stop(2, 810, 960, [[2, 810, 20]])];
    expect(waits(lateDay(stops, null, { saidAtMinute: 735, minutes: 10 }))).to.deep.equal([
      [1, 0],
      [2, 10],
    ]);
    expect(waits(lateDay(stops, null, { saidAtMinute: 975, minutes: 10 }))).to.deep.equal([
      [1, 0],
      [2, 0],
    ]);
    expect(lateDay([], null, { saidAtMinute: 0, minutes: 10 }).returnsLateMinutes).to.equal(0);
  });

  it('is on time again when it says so', () => {
    const day = lateDay(
      [
        stop(1, 540, 720, [
          [1, 540, 20],
          [2, 545, 20],
        ]),
      ],
      times(-10),
      {
        saidAtMinute: 530,
        minutes: 0,
      },
    );
    expect(waits(day)).to.deep.equal([
      [1, 0],
      [2, 0],
    ]);
  });
});

describe('The people of a tour', () => {
  const around = ['2026-11-28', '2026-11-29', '2026-11-30', '2026-12-01', '2026-12-02', '2026-12-03'];
  const days = (is: (date: string, today: string) => boolean) => around.filter((today) => is('2026-12-01', today));

  it('are shown the day before, on the day and the day after', () => {
    expect(days(mayShowPeople)).to.deep.equal(['2026-11-30', '2026-12-01', '2026-12-02']);
  });

  it('are ticked on the day and the day after', () => {
    expect(days(mayTick)).to.deep.equal(['2026-12-01', '2026-12-02']);
  });

  it('are prepared for at any time until the day after', () => {
    expect(days(mayPrepare)).to.deep.equal(around.slice(0, 5));
  });
});
