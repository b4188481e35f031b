import { getHolidayByDate } from 'feiertagejs';
import type { LocalDate } from '../domain/time.ts';

/** The states after ISO 3166-2:DE. The library knows more "regions" (BUND, ALL, AUGSBURG), which are none. */
const REGIONS = [
  'BW',
  'BY',
  'BE',
  'BB',
  'HB',
  'HE',
  'HH',
  'MV',
  'NI',
  'NW',
  'RP',
  'SL',
  'SN',
  'ST',
  'SH',
  'TH',
] as const;
type Region = (typeof REGIONS)[number];

/**
 * Public holidays of the German federal states, also on a Sunday (Easter Sunday in Brandenburg). What holds only in
 * some municipalities of a state follows the library: Mariä Himmelfahrt counts as one in all of Bavaria, Fronleichnam
 * not in Saxony and Thuringia.
 */
export function createHolidays() {
  // The library works out a whole year for each question (0.6 ms); a month of many municipalities asks hundreds.
  const known = new Map<string, string | null>();
  return {
    /** Its German name, or null: no holiday, or no such state. */
    on: (date: LocalDate, region: string): string | null => {
      if (!isRegion(region)) return null;
      const key = `${date} ${region}`;
      let name = known.get(key);
      if (name === undefined) {
        const holiday = getHolidayByDate(date, region);
        name = holiday?.translate('de') ?? holiday?.name ?? null;
        if (known.size >= MOST_KNOWN) known.clear();
        known.set(key, name);
      }
      return name;
    },
  };
}

/** Days of all states that are remembered: more than anybody looks at, bounded all the same. */
const MOST_KNOWN = 20_000;

function isRegion(region: string): region is Region {
  return REGIONS.some((known) => known === region);
}
