import { expect } from 'chai';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import {
  buildCalendarFile,
  calendarMethod,
  calendarUid,
  type CalendarEntry,
} from '../../server/features/booking/manage/calendarFile.ts';

const entry: CalendarEntry = {
  secret: 'abcdefghijklmnopqrstuv',
  sequence: 0,
  cancelled: false,
  start: { date: '2026-12-08', minute: 9 * 60 + 40 },
  end: { date: '2026-12-08', minute: 10 * 60 + 10 },
  timeZone: 'Europe/Berlin',
  summary: 'Bürgerkoffer: Schönberg, Gemeindeamt',
  location: 'Gemeindeamt, Am Anger 2, 08393 Schönberg',
  at: { lat: 50.8631, lon: 12.5151 },
  description: 'Das bringen Sie mit\n- Ihren Ausweis; und, wenn nötig, mehr',
  url: 'https://koffer.example/termin/K7M4QX2FA-abcdefghijklmnopqrstuv',
  organizer: { name: 'Stadt Meerane, Bürgerbüro', email: 'buergerbuero@meerane.example' },
  now: Date.parse('2026-12-01T08:00:00Z'),
};

/** The lines of a file, folded ones put together again (RFC 5545, 3.1). */
function linesOf(file: string): string[] {
  return file.replace(/\r\n[ \t]/g, '').split('\r\n');
}

/** Offset of the zone from UTC, e.g. +0100, that the VTIMEZONE of the file gives to a wall-clock time. */
function offsetIn(file: string, local: string): string {
  const zone = file.slice(file.indexOf('BEGIN:VTIMEZONE'), file.indexOf('END:VTIMEZONE'));
  const lastSunday = (year: number, month: number): DateTime => {
    const end = DateTime.utc(year, month, 1).endOf('month');
    return end.minus({ days: end.weekday % 7 }).startOf('day');
  };
  const wall = DateTime.fromISO(local, { zone: 'utc' });
  const rules = (['DAYLIGHT', 'STANDARD'] as const).map((part) => {
    const block = zone.slice(zone.indexOf(`BEGIN:${part}`), zone.indexOf(`END:${part}`));
    const month = Number(/BYMONTH=(\d+);BYDAY=-1SU/.exec(block)?.[1]);
    const hour = Number(/DTSTART:\d{8}T(\d\d)/.exec(block)?.[1]);
    return { at: lastSunday(wall.year, month).set({ hour }), to: /TZOFFSETTO:([+-]\d{4})/.exec(block)?.[1] ?? '' };
  });
  const [summer, winter] = rules;
  return summer !== undefined && winter !== undefined && wall >= summer.at && wall < winter.at
    ? summer.to
    : (winter?.to ?? '');
}

describe('The calendar file of an appointment', () => {
  it('says when in wall-clock time, with the rules of the zone, and when it was made in UTC', () => {
    const lines = linesOf(buildCalendarFile(entry));
    expect(lines).to.include.members([
      'METHOD:PUBLISH',
      'BEGIN:VTIMEZONE',
      'TZID:Europe/Berlin',
      'DTSTAMP:20261201T080000Z',
      'DTSTART;TZID=Europe/Berlin:20261208T094000',
      'DTEND;TZID=Europe/Berlin:20261208T101000',
      'STATUS:CONFIRMED',
      'ORGANIZER;CN="Stadt Meerane, Bürgerbüro":mailto:buergerbuero@meerane.example',
    ]);
    // A zone of the whole calendar would shift DTSTAMP.
    expect(lines.filter((line) => line.startsWith('X-WR-TIMEZONE'))).to.deep.equal([]);
  });

  it('reminds a day and an hour before', () => {
    const lines = linesOf(buildCalendarFile(entry));
    expect(lines.filter((line) => line.startsWith('TRIGGER'))).to.deep.equal(['TRIGGER:-P1D', 'TRIGGER:-PT1H']);
  });

  it('says where, in words and as a point, and what to bring, without no-break spaces', () => {
    const nbsp = '\u00A0';
    const file = buildCalendarFile({ ...entry, location: `Am Anger${nbsp}2`, description: `um 9:40${nbsp}Uhr` });
    expect(file).not.to.contain(nbsp);
    expect(linesOf(file)).to.include.members(['LOCATION:Am Anger 2', 'DESCRIPTION:um 9:40 Uhr', 'GEO:50.8631;12.5151']);
    expect(linesOf(buildCalendarFile(entry))).to.include(
      'DESCRIPTION:Das bringen Sie mit\\n- Ihren Ausweis\\; und\\, wenn nötig\\, mehr',
    );
    expect(buildCalendarFile({ ...entry, location: null, at: null })).not.to.match(/^(LOCATION|GEO):/m);
  });

  it('takes a cancelled appointment out of the calendar and reminds of nothing', () => {
    const cancelled = { ...entry, cancelled: true, sequence: 3 };
    const lines = linesOf(buildCalendarFile(cancelled));
    expect(lines).to.include.members(['METHOD:CANCEL', 'STATUS:CANCELLED', 'SEQUENCE:3']);
    expect(lines).not.to.include('BEGIN:VALARM');
    expect(calendarMethod(cancelled)).to.equal('CANCEL');
  });

  it('keeps its identity through every change, and nobody can guess it or learn the secret from it', () => {
    const uid = (one: CalendarEntry) => linesOf(buildCalendarFile(one)).find((line) => line.startsWith('UID:'));
    expect(uid(entry)).to.equal(uid({ ...entry, sequence: 4, cancelled: true, summary: 'anders' }));
    expect(uid(entry)).not.to.equal(uid({ ...entry, secret: `${entry.secret}w` }));
    expect(calendarUid(entry.secret)).to.match(/^[0-9a-f]{40}@koffertour$/);
    expect(calendarUid(entry.secret)).not.to.contain(entry.secret);
  });

  it('has no line longer than 75 octets and ends every line as calendars expect', () => {
    const file = buildCalendarFile({ ...entry, description: 'Führungszeugnis für Ämter '.repeat(30) });
    for (const line of file.split('\r\n')) {
      expect(Buffer.byteLength(line), line).to.be.at.most(75);
      expect(line).not.to.match(/[\r\n]/);
    }
  });

  it('means the same instant as the clocks of the office, on every day of two years, change days included', () => {
    const file = buildCalendarFile(entry);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 730 }), fc.integer({ min: 7 * 12, max: 20 * 12 }), (day, tick) => {
        const date = DateTime.utc(2026, 1, 1).plus({ days: day }).toISODate() ?? '';
        const minute = tick * 5;
        const clock = `${String(Math.floor(minute / 60)).padStart(2, '0')}${String(minute % 60).padStart(2, '0')}00`;
        const own = buildCalendarFile({ ...entry, start: { date, minute }, end: { date, minute: minute + 20 } });
        expect(own).to.contain(`DTSTART;TZID=Europe/Berlin:${date.replaceAll('-', '')}T${clock}\r\n`);
        const local = `${date}T${clock.slice(0, 2)}:${clock.slice(2, 4)}:00`;
        const expected = DateTime.fromISO(local, { zone: 'Europe/Berlin' }).toFormat('ZZZ');
        expect(offsetIn(file, local)).to.equal(expected);
      }),
      {
        examples: [
          [297, 108],
          [451, 108],
        ],
      },
    );
  });
});
