import { tzlib_get_ical_block } from 'timezones-ical-library';

const rules = new Map<string, string>();

/**
 * The rules of a time zone (VTIMEZONE) from the IANA data base, each line ends with CR LF. Calendars that do not know the
 * zone by name, Outlook among them, go by these.
 * @param name IANA name
 * @throws when there is no such zone
 */
export function zoneRules(name: string): string {
  const known = rules.get(name);
  if (known !== undefined) {
    return known;
  }
  const block = tzlib_get_ical_block(name)[0];
  if (block === undefined || !block.startsWith('BEGIN:VTIMEZONE')) {
    throw new Error(`no rules for the time zone ${name}`);
  }
  // A zone that is the same as another one comes under the name of that; but events refer to it by this name.
  const text = `${block
    .trim()
    .replace(/^TZID:.*$/m, `TZID:${name}`)
    .replace(/\r?\n/g, '\r\n')}\r\n`;
  rules.set(name, text);
  return text;
}
