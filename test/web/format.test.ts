import { expect } from 'chai';
import {
  clockTime,
  dateLeaf,
  dayDate,
  distance,
  duration,
  longDate,
  money,
  shortDate,
  timeOfDay,
  timeSpan,
} from '../../server/web/format.ts';

/** Shows no-break spaces as underscores. */
const seen = (text: string): string => text.replace(/\u00A0/g, '_');

describe('Words for dates, times and amounts', () => {
  it('keep together what belongs together', () => {
    expect(seen(longDate('2026-12-08', 'de'))).to.equal('Dienstag, 8._Dezember_2026');
    expect(seen(dayDate('2026-12-08', 'de'))).to.equal('Dienstag, 8._Dezember');
    expect(seen(shortDate('2026-12-08', 'de'))).to.equal('8._Dezember');
    expect(seen(timeOfDay(580, 'de'))).to.equal('9:40_Uhr');
    expect(seen(money(4600, 'de'))).to.equal('46,00_€');
    expect(seen(duration(30, 'de'))).to.equal('30_Minuten');
  });

  it('are English on English pages', () => {
    expect(seen(longDate('2026-12-08', 'en'))).to.equal('Tuesday, 8_December_2026');
    expect(seen(dayDate('2026-12-08', 'en'))).to.equal('Tuesday, 8_December');
    expect(timeOfDay(580, 'en')).to.equal('9:40');
    expect(money(4600, 'en')).to.equal('€46.00');
    expect(seen(duration(70, 'en'))).to.equal('1_hour 10_minutes');
  });

  it('leave out the minutes of a full hour in a span', () => {
    expect(seen(timeSpan(540, 720, 'de'))).to.equal('9_bis_12_Uhr');
    expect(seen(timeSpan(540, 750, 'de'))).to.equal('9_bis_12:30_Uhr');
    expect(seen(timeSpan(540, 720, 'en'))).to.equal('9:00_to_12:00');
  });

  it('show a calendar leaf', () => {
    expect(dateLeaf('2026-12-08', 'de')).to.deep.equal({ weekday: 'Di', day: '8', month: 'Dez' });
    expect(dateLeaf('2027-03-01', 'en')).to.deep.equal({ weekday: 'Mon', day: '1', month: 'Mar' });
  });

  it('write minutes below ten with a zero', () => {
    expect(clockTime(545)).to.equal('9:05');
    expect(clockTime(0)).to.equal('0:00');
  });

  it('round distances as far as a person wants to know', () => {
    expect(seen(distance(40, 'de'))).to.equal('100_m');
    expect(seen(distance(849, 'de'))).to.equal('800_m');
    expect(seen(distance(3_700, 'de'))).to.equal('3,5_km');
    expect(seen(distance(3_700, 'en'))).to.equal('3.5_km');
    expect(seen(distance(12_400, 'de'))).to.equal('12_km');
  });

  it('tell hours from one hour on', () => {
    expect(seen(duration(0, 'de'))).to.equal('0_Minuten');
    expect(seen(duration(1, 'de'))).to.equal('1_Minute');
    expect(seen(duration(61, 'en'))).to.equal('1_hour 1_minute');
    expect(seen(duration(60, 'de'))).to.equal('1_Stunde');
    expect(seen(duration(125, 'de'))).to.equal('2_Stunden 5_Minuten');
  });
});
