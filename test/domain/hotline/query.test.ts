import { expect } from 'chai';
import { parseCallQuery, vocabularyOf } from '../../../server/domain/hotline/parseQuery.ts';
import { addDays } from '../../../server/domain/time.ts';
import { meaningOf, officeWith } from './queryFixture.ts';
import { PHRASES } from './queryPhrases.ts';

/** A Monday. */
const TODAY = '2026-11-23';
const vocabulary = vocabularyOf(officeWith());

const ON_OTHER_DAYS: readonly (readonly [today: string, typed: string, meaning: string])[] = [
  // Year ends: 28 December 2026 is the Monday of week 53.
  ['2026-12-27', 'nächste woche', '2026-12-28 to 2027-01-03'],
  ['2026-12-27', 'diese woche', '2026-12-27'],
  ['2026-12-27', 'kw 53', '2026-12-28 to 2027-01-03'],
  ['2026-12-27', 'kw 1', '2027-01-04 to 2027-01-10'],
  ['2027-01-02', 'kw 53', '2027-01-02 to 2027-01-03'],
  ['2026-12-31', 'morgen', '2027-01-01'],
  ['2026-12-31', '1.1.', '2027-01-01'],
  ['2026-12-31', '31.12.', '2026-12-31'],
  ['2026-12-31', '30.12.', '2027-12-30'],
  ['2026-12-15', 'anfang dezember', '2027-12-01 to 2027-12-10'],
  ['2026-12-15', 'dezember', '2026-12-15 to 2026-12-31'],
  ['2026-12-15', 'januar', '2027-01-01 to 2027-01-31'],
  ['2026-12-15', '28.12. bis 3.1.', '2026-12-28 to 2027-01-03'],
  ['2026-12-31', 'nächsten monat', '2027-01-01 to 2027-01-31'],
  // A weekday is never today.
  ['2026-11-27', 'freitag', '2026-12-04'],
  ['2026-11-27', 'heute', '2026-11-27'],
  ['2026-11-27', 'diesen freitag', '2026-11-27'],
  ['2026-11-27', 'nächsten freitag', '2026-12-04'],
  ['2026-11-28', 'wochenende', '2026-11-28 to 2026-11-29'],
  ['2026-11-29', 'wochenende', '2026-11-29'],
  ['2026-11-29', 'nächste woche', '2026-11-30 to 2026-12-06'],
];

describe('The search box of the hotline', () => {
  for (const [typed, meaning] of PHRASES) {
    it(`understands "${typed}" as "${meaning}"`, () => {
      expect(meaningOf(parseCallQuery(typed, vocabulary, { date: TODAY, minute: 600 }))).to.equal(meaning);
    });
  }

  for (const [today, typed, meaning] of ON_OTHER_DAYS) {
    it(`understands "${typed}" on ${today} as "${meaning}"`, () => {
      expect(meaningOf(parseCallQuery(typed, vocabulary, { date: today, minute: 600 }))).to.equal(meaning);
    });
  }

  it('knows every weekday from every day, and never takes it for today', () => {
    const names = ['montag', 'dienstag', 'mittwoch', 'donnerstag', 'freitag', 'samstag', 'sonntag'];
    for (let offset = 0; offset < 14; offset++) {
      const today = addDays(TODAY, offset);
      for (const [i, name] of names.entries()) {
        const { dates } = parseCallQuery(name, vocabulary, { date: today, minute: 0 });
        const ahead = (i - (offset % 7) + 7) % 7;
        expect(dates?.from, `${name} on ${today}`).to.equal(addDays(today, ahead === 0 ? 7 : ahead));
      }
    }
  });
});
