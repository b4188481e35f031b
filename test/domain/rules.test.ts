import { expect } from 'chai';
import fc from 'fast-check';
import {
  bookableWindow,
  canExtendHold,
  DEFAULT_RULES,
  earliestTick,
  holdUntil,
  isWithinHorizon,
  normaliseContact,
  reopenAt,
  totalMinutes,
} from '../../server/domain/booking/rules.ts';
import { addDays, daysBetween } from '../../server/domain/time.ts';

const NOW = 1_795_338_000_000;
const MINUTE = 60_000;
const TODAY = '2026-11-22';

describe('A held time', () => {
  it('is kept for ten minutes by default', () => {
    expect(holdUntil(NOW, DEFAULT_RULES)).to.equal(NOW + 10 * MINUTE);
  });

  it('can be extended ten times', () => {
    expect(canExtendHold(9, DEFAULT_RULES)).to.equal(true);
    expect(canExtendHold(10, DEFAULT_RULES)).to.equal(false);
  });

  it('can be extended ten times even where a municipality set less, and more often where it set more', () => {
    expect(canExtendHold(9, { holdExtensions: 2 })).to.equal(true);
    expect(canExtendHold(10, { holdExtensions: 2 })).to.equal(false);
    expect(canExtendHold(11, { holdExtensions: 12 })).to.equal(true);
  });
});

describe('A cancelled time', () => {
  it('opens again after one minute at the earliest and thirty at the latest', () => {
    expect(reopenAt(NOW, DEFAULT_RULES, () => 0)).to.equal(NOW + MINUTE);
    expect(reopenAt(NOW, DEFAULT_RULES, () => 1 - Number.EPSILON / 2)).to.equal(NOW + 30 * MINUTE);
    // One half of 29 minutes and a millisecond, rounded down, after the first minute.
    expect(reopenAt(NOW, DEFAULT_RULES, () => 0.5)).to.equal(NOW + MINUTE + 14.5 * MINUTE);
  });

  it('opens at a whole millisecond between the bounds, whatever chance says', () => {
    const bounds = fc.tuple(fc.nat({ max: 600 }), fc.nat({ max: 600 }));
    const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(bounds, chance, ([min, more], value) => {
        const at = reopenAt(NOW, { reopenMinMinutes: min, reopenMaxMinutes: min + more }, () => value);
        expect(Number.isInteger(at)).to.equal(true);
        expect(at).to.be.within(NOW + min * MINUTE, NOW + (min + more) * MINUTE);
      }),
    );
  });
});

describe('The lead time', () => {
  it('leaves a later day whole', () => {
    expect(earliestTick('2026-11-23', TODAY, 600, 120)).to.equal(0);
  });

  it('begins today two hours from now, rounded up to the grid', () => {
    // 09:00 + 2 h = 11:00 = minute 660 = tick 132; a minute later it is the next tick.
    expect(earliestTick(TODAY, TODAY, 540, 120)).to.equal(132);
    expect(earliestTick(TODAY, TODAY, 541, 120)).to.equal(133);
    expect(earliestTick(TODAY, TODAY, 545, 120)).to.equal(133);
  });

  it('reaches into the next day across midnight', () => {
    // 23:00 + 2 h = 01:00 of the next day = tick 12.
    expect(earliestTick('2026-11-23', TODAY, 1380, 120)).to.equal(12);
    expect(earliestTick(TODAY, TODAY, 1380, 120)).to.equal(null);
  });

  it('may be longer than a day', () => {
    // Sunday 12:00 + 48 h = Tuesday 12:00 = tick 144.
    expect(earliestTick('2026-11-23', TODAY, 720, 2880)).to.equal(null);
    expect(earliestTick('2026-11-24', TODAY, 720, 2880)).to.equal(144);
    expect(earliestTick('2026-11-25', TODAY, 720, 2880)).to.equal(0);
  });

  it('leaves nothing of a day that is over, nor of its last minutes', () => {
    expect(earliestTick('2026-11-21', TODAY, 0, 0)).to.equal(null);
    expect(earliestTick(TODAY, TODAY, 1435, 0)).to.equal(287);
    expect(earliestTick(TODAY, TODAY, 1436, 0)).to.equal(null);
  });

  it('allows a start exactly when it is far enough ahead on the clock', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -3, max: 5 }),
        fc.nat({ max: 1439 }),
        fc.nat({ max: 5000 }),
        fc.nat({ max: 287 }),
        (days, nowMinute, lead, tick) => {
          const first = earliestTick(addDays(TODAY, days), TODAY, nowMinute, lead);
          const minutesAhead = days * 1440 + tick * 5 - nowMinute;
          expect(first !== null && tick >= first).to.equal(minutesAhead >= lead);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('The days open for booking', () => {
  it('are today and the next sixty', () => {
    expect(isWithinHorizon(TODAY, TODAY, 60)).to.equal(true);
    expect(isWithinHorizon('2027-01-21', TODAY, 60)).to.equal(true);
    expect(isWithinHorizon('2027-01-22', TODAY, 60)).to.equal(false);
    expect(isWithinHorizon('2026-11-21', TODAY, 60)).to.equal(false);
  });

  it('begin with the lead time and end with the horizon', () => {
    expect(bookableWindow(TODAY, 540, DEFAULT_RULES)).to.deep.equal({
      firstDate: TODAY,
      firstTick: 132,
      lastDate: '2027-01-21',
    });
    expect(bookableWindow(TODAY, 1380, DEFAULT_RULES)).to.deep.equal({
      firstDate: '2026-11-23',
      firstTick: 12,
      lastDate: '2027-01-21',
    });
  });

  it('are none when the lead time reaches beyond the horizon', () => {
    expect(bookableWindow(TODAY, 1380, { leadMinutes: 120, horizonDays: 0 })).to.equal(null);
  });

  it('are the same whether asked for as a whole or day by day', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -3, max: 12 }),
        fc.nat({ max: 1439 }),
        fc.nat({ max: 6000 }),
        fc.nat({ max: 10 }),
        (days, nowMinute, leadMinutes, horizonDays) => {
          const date = addDays(TODAY, days);
          const window = bookableWindow(TODAY, nowMinute, { leadMinutes, horizonDays });
          const first = earliestTick(date, TODAY, nowMinute, leadMinutes);
          const open = isWithinHorizon(date, TODAY, horizonDays) && first !== null;
          expect(window !== null && date >= window.firstDate && date <= window.lastDate).to.equal(open);
          if (open && window) expect(first).to.equal(daysBetween(window.firstDate, date) > 0 ? 0 : window.firstTick);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('The same contact', () => {
  const phone = (value: string) => normaliseContact({ kind: 'phone', value });
  const email = (value: string) => normaliseContact({ kind: 'email', value });

  it('is recognised in every usual spelling of a German number', () => {
    const ways = [
      '03764 54-0',
      '03764/540',
      '(03764) 540',
      '+49 3764 540',
      '+49 (0)3764 540',
      '(+49) 3764 540',
      '0049 3764 540',
      '0049-(0)3764-540',
      '\uff10\uff13\uff17\uff16\uff14\uff15\uff14\uff10',
    ];
    for (const way of ways) expect(phone(way), way).to.equal('03764540');
  });

  it('is not mixed up with another or a foreign number', () => {
    expect(phone('03764 541')).to.not.equal(phone('03764 540'));
    expect(phone('+43 3764 540')).to.equal('00433764540');
    expect(phone('0043 3764 540')).to.equal('00433764540');
    expect(phone('4903764540')).to.equal('4903764540');
  });

  it('is empty when there is no digit in it', () => {
    for (const nothing of ['', '  ', '+', 'none']) expect(phone(nothing)).to.equal('');
  });

  it('is recognised in capitals and with spaces around an e-mail address, but no further', () => {
    expect(email('  Erika.Muster@Example.DE ')).to.equal('erika.muster@example.de');
    expect(email('erikamuster@example.de')).to.not.equal(email('erika.muster@example.de'));
  });

  it('keeps its key when the key is made a second time', () => {
    const texts = fc.oneof(fc.string(), fc.stringMatching(/^[+(]{0,2}[0-9 ()/-]{0,16}$/));
    fc.assert(
      fc.property(texts, fc.constantFrom('email' as const, 'phone' as const), (value, kind) => {
        const key = normaliseContact({ kind, value });
        expect(normaliseContact({ kind, value: key })).to.equal(key);
      }),
      { numRuns: 500 },
    );
  });
});

describe('The length of an appointment', () => {
  it('is the sum over services and persons, rounded up once', () => {
    // 12 · 2 + 7 = 31 → 35 minutes; rounded for each line it would be 25 + 10, for each person 15 + 15 + 10.
    expect(
      totalMinutes([
        { minutes: 12, persons: 2 },
        { minutes: 7, persons: 1 },
      ]),
    ).to.equal(35);
    expect(totalMinutes([{ minutes: 20, persons: 1 }])).to.equal(20);
    expect(totalMinutes([{ minutes: 6, persons: 3 }])).to.equal(20);
    expect(totalMinutes([])).to.equal(0);
  });
});

describe('The rules by default', () => {
  it('are those the office promises', () => {
    expect(DEFAULT_RULES).to.deep.equal({
      holdMinutes: 10,
      holdExtensions: 10,
      leadMinutes: 120,
      horizonDays: 60,
      maxOpenPerContact: 3,
      reopenMinMinutes: 1,
      reopenMaxMinutes: 30,
      retentionHours: 24,
      setUpMinutes: 20,
      tearDownMinutes: 15,
      hotlineLeadMinutes: 0,
      hotlineSharePercent: 0,
      hotlineShareDays: 0,
    });
  });
});
