import { expect } from 'chai';
import fc from 'fast-check';
import { keptForHotline, leadMinutesOf } from '../../server/domain/booking/channels.ts';
import { addDays } from '../../server/domain/time.ts';

const DATE = '2026-12-08';
/** 9 to 12 o'clock. */
const MORNING = { fromTick: 108, toTick: 144 };

const share = (hotlineSharePercent: number, hotlineShareDays = 0) => ({ hotlineSharePercent, hotlineShareDays });

describe('What is kept for the hotline', () => {
  it('is nothing unless the municipality says so', () => {
    expect(keptForHotline(share(0, 30), MORNING, DATE, '2026-11-01')).to.equal(null);
  });

  it('is the first share of the visit, rounded up to a quarter of an hour', () => {
    // 36 ticks of five minutes: 25 % are 9, 10 % are 3.6 and so 6, 1 % is 0.36 and so 3.
    expect(keptForHotline(share(25), MORNING, DATE, '2026-12-01')).to.deep.equal({ fromTick: 108, toTick: 117 });
    expect(keptForHotline(share(10), MORNING, DATE, '2026-12-01')).to.deep.equal({ fromTick: 108, toTick: 114 });
    expect(keptForHotline(share(1), MORNING, DATE, '2026-12-01')).to.deep.equal({ fromTick: 108, toTick: 111 });
    expect(keptForHotline(share(100), MORNING, DATE, '2026-12-01')).to.deep.equal(MORNING);
  });

  it('is kept until the day before the last days, and open to everybody from then on', () => {
    const today = (day: string) => keptForHotline(share(50, 3), MORNING, DATE, day) !== null;
    expect(['2026-12-03', '2026-12-04', '2026-12-05', '2026-12-08'].map(today)).to.deep.equal([
      true,
      true,
      false,
      false,
    ]);
  });

  it('is kept until the day before the visit when the number of days is 0', () => {
    expect(keptForHotline(share(50), MORNING, DATE, '2026-12-07')).not.to.equal(null);
    expect(keptForHotline(share(50), MORNING, DATE, DATE)).to.equal(null);
  });

  it('leaves a quarter of an hour of a short visit open, unless everything is kept', () => {
    const half = (toTick: number, percent: number) =>
      keptForHotline(share(percent), { fromTick: 108, toTick }, DATE, '2026-12-01');
    expect(half(114, 90)).to.deep.equal({ fromTick: 108, toTick: 111 });
    expect(half(111, 90)).to.equal(null);
    expect(half(110, 50)).to.equal(null);
    expect(half(110, 100)).to.deep.equal({ fromTick: 108, toTick: 110 });
    expect(half(108, 100)).to.equal(null);
  });

  it('and what is open are together the visit, whatever the numbers; every day the same, then nothing', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 287 }),
        fc.nat({ max: 288 }),
        fc.nat({ max: 100 }),
        fc.nat({ max: 400 }),
        fc.nat({ max: 800 }),
        // Days of a year, the two on which the clocks change among them.
        fc.nat({ max: 364 }),
        (fromTick, length, percent, days, ahead, day) => {
          const date = addDays('2026-01-01', day);
          const window = { fromTick, toTick: Math.min(288, fromTick + length) };
          const kept = keptForHotline(share(percent, days), window, date, addDays(date, -ahead));
          const size = window.toTick - window.fromTick;
          if (ahead <= days || percent === 0 || size === 0) {
            expect(kept).to.equal(null);
            return;
          }
          const ticks = kept === null ? 0 : kept.toTick - kept.fromTick;
          expect(ticks).to.be.within(0, size);
          if (kept !== null) {
            expect(kept.fromTick).to.equal(window.fromTick);
            expect(kept.toTick).to.be.greaterThan(window.fromTick);
            expect(ticks - (size * percent) / 100).to.be.lessThan(3);
          }
          // At least its share, unless the last quarter of an hour has to stay open.
          if (percent === 100) expect(ticks).to.equal(size);
          else expect(ticks).to.be.at.least(Math.min((size * percent) / 100, Math.max(0, size - 3)));
          if (percent < 100) expect(size - ticks).to.be.at.least(Math.min(size, 3));
        },
      ),
    );
  });
});

describe('Until when a time can be booked', () => {
  const lead = (leadMinutes: number, hotlineLeadMinutes: number) =>
    [
      leadMinutesOf({ leadMinutes, hotlineLeadMinutes }, 'online'),
      leadMinutesOf({ leadMinutes, hotlineLeadMinutes }, 'hotline'),
    ] as const;

  it('is set for citizens and for the hotline', () => {
    expect(lead(120, 30)).to.deep.equal([120, 30]);
  });

  it('is never earlier for the hotline than for citizens', () => {
    expect(lead(60, 240)).to.deep.equal([60, 60]);
  });

  it('is at the latest the minute before: what has begun cannot be booked', () => {
    expect(lead(0, 0)).to.deep.equal([1, 1]);
    expect(lead(120, 0)).to.deep.equal([120, 1]);
  });
});
