import { expect } from 'chai';
import { createHolidays } from '../../server/gateways/holidays.ts';

const STATES = ['BW', 'BY', 'BE', 'BB', 'HB', 'HE', 'HH', 'MV', 'NI', 'NW', 'RP', 'SL', 'SN', 'ST', 'SH', 'TH'];

describe('Public holidays', () => {
  const holidays = createHolidays();
  const statesWith = (date: string) => STATES.filter((state) => holidays.on(date, state) !== null);

  it('are those of Saxony in 2026', () => {
    // § 1 SächsSFG; Easter 2026 is on 5 April, Buß- und Bettag the Wednesday before 23 November.
    const expected: Record<string, string> = {
      '2026-01-01': 'Neujahrstag',
      '2026-04-03': 'Karfreitag',
      '2026-04-06': 'Ostermontag',
      '2026-05-01': 'Tag der Arbeit',
      '2026-05-14': 'Christi Himmelfahrt',
      '2026-05-25': 'Pfingstmontag',
      '2026-10-03': 'Tag der Deutschen Einheit',
      '2026-10-31': 'Reformationstag',
      '2026-11-18': 'Buß- und Bettag',
      '2026-12-25': '1. Weihnachtstag',
      '2026-12-26': '2. Weihnachtstag',
    };
    const found: Record<string, string> = {};
    for (let day = Date.UTC(2026, 0, 1); day <= Date.UTC(2026, 11, 31); day += 86_400_000) {
      const date = new Date(day).toISOString().slice(0, 10);
      const name = holidays.on(date, 'SN');
      if (name !== null) found[date] = name;
    }
    expect(found).to.deep.equal(expected);
  });

  it('differ between the states', () => {
    expect(statesWith('2026-11-18')).to.deep.equal(['SN']);
    expect(statesWith('2026-10-31')).to.deep.equal(['BB', 'HB', 'HH', 'MV', 'NI', 'SN', 'ST', 'SH', 'TH']);
    expect(statesWith('2026-06-04')).to.deep.equal(['BW', 'BY', 'HE', 'NW', 'RP', 'SL']);
    expect(statesWith('2026-01-06')).to.deep.equal(['BW', 'BY', 'ST']);
    expect(statesWith('2026-12-25')).to.deep.equal(STATES);
    expect(statesWith('2026-12-24')).to.deep.equal([]);
  });

  it('are none where no such state is known', () => {
    for (const region of ['', 'XX', 'sn', 'ALL', 'BUND', 'AUGSBURG']) {
      expect(holidays.on('2026-12-25', region), region).to.equal(null);
    }
  });
});
