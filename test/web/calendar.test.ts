import { expect } from 'chai';
import ICAL from 'ical.js';
import nodeIcal from 'node-ical';
import { buildCalendar, uidOf, type Calendar, type CalendarEvent } from '../../server/web/calendar.ts';
import { readCalendarFile } from '../support/calendarStore.ts';
import { OFFICE_ZONE } from '../support/officeFixture.ts';

const event: CalendarEvent = {
  uid: 'stop-1@koffertour',
  sequence: 0,
  start: { date: '2026-12-08', minute: 9 * 60 },
  end: { date: '2026-12-08', minute: 12 * 60 },
  summary: 'Schönberg, Gemeindeamt · 6 Termine',
  description: 'Ankunft 8:40 Uhr\nAufbau 20 Minuten; Abbau bis 12:20 Uhr\nStand: 23. November 2026, 5:00 Uhr',
  location: 'Gemeindeamt, Am Anger 2, 08393 Schönberg',
  at: { lat: 50.8631, lon: 12.5151 },
  url: 'https://koffer.example/intern/touren/12',
  cancelled: false,
  organizer: null,
  alarms: [],
};

const feed: Calendar = {
  method: 'PUBLISH',
  timeZone: 'Europe/Berlin',
  now: Date.parse('2026-11-23T05:00:00Z'),
  events: [event],
  feed: {
    name: 'Touren von Clara Kern, Meerane; Süd',
    description: 'Alle Touren,\nimmer neu',
    refreshMinutes: 60,
    colour: 'teal',
    source: 'https://koffer.example/kalender/abcdefghijklmnopqrstuv.ics',
  },
};

const file: Calendar = { ...feed, feed: null };

/** The lines of a file, folded ones put together again (RFC 5545, 3.1). */
function linesOf(text: string): string[] {
  expect(text.endsWith('\r\n')).to.equal(true);
  return text.replace(/\r\n[ \t]/g, '').split('\r\n');
}

/** A year of tours: eight stops a day and the way to each of them, on both days when the clocks change too. */
function yearOfEvents(count: number): CalendarEvent[] {
  return Array.from({ length: count }, (_, index) => {
    const date = new Date(Date.UTC(2026, 0, 1) + (index % 365) * 86_400_000).toISOString().slice(0, 10);
    const minute = 7 * 60 + (index % 13) * 60;
    return {
      ...event,
      uid: uidOf('stop', `secret-${index}`),
      sequence: index % 5,
      start: { date, minute },
      end: { date, minute: minute + 45 },
      summary: `${index}. Halt: Schönberg, Gemeindeamt`,
      cancelled: index % 7 === 0,
      transparent: index % 2 === 0,
      location: index % 3 === 0 ? null : event.location,
    };
  });
}

describe('A calendar to subscribe to', () => {
  it('says before all events what it is called, how often to ask for news, its colour and its zone', () => {
    const lines = linesOf(buildCalendar(feed));
    const head = lines.slice(0, lines.indexOf('BEGIN:VTIMEZONE'));
    expect(head).to.have.members([
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'PRODID:-//Koffertour//Koffertour//DE',
      'METHOD:PUBLISH',
      'NAME:Touren von Clara Kern\\, Meerane\\; Süd',
      'X-WR-CALNAME:Touren von Clara Kern\\, Meerane\\; Süd',
      'X-WR-CALDESC:Alle Touren\\,\\nimmer neu',
      'X-WR-TIMEZONE:Europe/Berlin',
      'REFRESH-INTERVAL;VALUE=DURATION:PT1H',
      'X-PUBLISHED-TTL:PT1H',
      'COLOR:teal',
      'X-APPLE-CALENDAR-COLOR:#008080',
      'SOURCE;VALUE=URI:https://koffer.example/kalender/abcdefghijklmnopqrstuv.ics',
    ]);
    const { component } = readCalendarFile(buildCalendar(feed));
    expect(String(component.getFirstPropertyValue('refresh-interval'))).to.equal('PT1H');
  });

  it('has none of that in the file of one event', () => {
    const text = buildCalendar(file);
    expect(text).not.to.match(/^(NAME|X-WR|X-PUBLISHED|REFRESH|COLOR|SOURCE|X-APPLE)/m);
    expect(linesOf(text).slice(0, 5)).to.deep.equal([
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'PRODID:-//Koffertour//Koffertour//DE',
      'METHOD:PUBLISH',
      'BEGIN:VTIMEZONE',
    ]);
  });

  it('leaves the colour to Apple where it has no name for it', () => {
    const text = buildCalendar({ ...feed, feed: { ...feed.feed!, colour: 'papayawhip' } });
    expect(text).to.contain('COLOR:papayawhip\r\n').and.not.to.contain('X-APPLE');
  });

  it('may be empty', () => {
    const { events, method } = readCalendarFile(buildCalendar({ ...feed, events: [] }));
    expect([method, events]).to.deep.equal(['PUBLISH', []]);
  });

  it('strikes what is off and keeps the time free where it is nobody’s', () => {
    const { events } = readCalendarFile(
      buildCalendar({ ...feed, events: [{ ...event, cancelled: true, transparent: true }] }),
    );
    expect(events[0]).to.include({ status: 'CANCELLED', transparency: 'TRANSPARENT' });
  });

  it('of 2,000 events reads the same in ical.js and node-ical as it was meant', () => {
    const meant = yearOfEvents(2_000);
    const text = buildCalendar({ ...feed, events: meant });
    expect(text.split('BEGIN:VTIMEZONE').length).to.equal(2);

    const { events } = readCalendarFile(text);
    expect(events.length).to.equal(2_000);
    expect(new Set(events.map(({ uid }) => uid)).size).to.equal(2_000);
    const other = nodeIcal.sync.parseICS(text);
    expect(Object.values(other).filter((part) => part?.type === 'VEVENT').length).to.equal(2_000);

    meant.forEach((wanted, index) => {
      const start = OFFICE_ZONE.instantAt(wanted.start.date, wanted.start.minute);
      const end = OFFICE_ZONE.instantAt(wanted.end.date, wanted.end.minute);
      expect(events[index]).to.deep.include({
        uid: wanted.uid,
        sequence: wanted.sequence,
        stamp: feed.now,
        start,
        end,
        zone: 'Europe/Berlin',
        summary: wanted.summary,
        description: wanted.description,
        location: wanted.location ?? '',
        status: wanted.cancelled ? 'CANCELLED' : 'CONFIRMED',
        transparency: wanted.transparent === true ? 'TRANSPARENT' : 'OPAQUE',
      });
      const read = other[wanted.uid];
      if (read?.type !== 'VEVENT') throw new Error(`node-ical does not see ${wanted.uid}`);
      expect([read.start.getTime(), read.end?.getTime(), read.dtstamp.getTime()]).to.deep.equal([start, end, feed.now]);
      expect([read.summary, read.description, read.status, Number(read.sequence)]).to.deep.equal([
        wanted.summary,
        wanted.description,
        wanted.cancelled ? 'CANCELLED' : 'CONFIRMED',
        wanted.sequence,
      ]);
    });
  });
});

describe('Every calendar file', () => {
  const kinds: [string, Calendar][] = [
    ['one event', file],
    ['one that is off', { ...file, method: 'CANCEL', events: [{ ...event, cancelled: true }] }],
    ['with alarms', { ...file, events: [{ ...event, alarms: [86_400, 3_600] }] }],
    ['a feed', feed],
    ['a feed with alarms', { ...feed, events: [event, { ...event, uid: 'b@koffertour', alarms: [600] }] }],
  ];

  for (const [name, calendar] of kinds) {
    it(`has the parts in the order that RFC 5545 wants: ${name}`, () => {
      const [first, properties] = ICAL.parse(buildCalendar(calendar)) as unknown as [string, unknown[]];
      expect(first).to.equal('vcalendar');
      expect(properties.length).to.be.greaterThan(2);
      const lines = linesOf(buildCalendar(calendar));
      const stack: { name: string; inside: boolean }[] = [];
      for (const line of lines.filter((text) => text !== '')) {
        const part = /^(BEGIN|END):(.*)$/.exec(line);
        if (part?.[1] === 'BEGIN') {
          const outer = stack.at(-1);
          if (outer !== undefined) outer.inside = true;
          stack.push({ name: part[2] ?? '', inside: false });
        } else if (part !== null) {
          expect(stack.pop()?.name).to.equal(part[2]);
        } else {
          expect(stack.at(-1)?.inside, `${line} after a part of ${stack.at(-1)?.name}`).to.equal(false);
        }
      }
      expect(stack).to.deep.equal([]);
    });
  }

  it('says when to remind, and of what', () => {
    const { events, component } = readCalendarFile(
      buildCalendar({ ...file, events: [{ ...event, alarms: [86_400, 3_600] }] }),
    );
    expect(events[0]?.alarms).to.deep.equal([86_400, 3_600]);
    const alarm = component.getFirstSubcomponent('vevent')?.getFirstSubcomponent('valarm');
    expect(alarm?.getFirstPropertyValue('action')).to.equal('DISPLAY');
    expect(alarm?.getFirstPropertyValue('description')).to.equal(event.summary);
  });

  it('has the rules of its zone under the name by which events refer to it, whatever the zone', () => {
    for (const zone of ['Europe/Luxembourg', 'Europe/Vienna', 'UTC', 'America/St_Johns', 'Asia/Kolkata']) {
      for (const calendar of [feed, file]) {
        const { events } = readCalendarFile(buildCalendar({ ...calendar, timeZone: zone }));
        // ical.js shows UTC with its own sign.
        expect([events[0]?.zone, events[0]?.local.start.replace(/Z$/, '')]).to.deep.equal([
          zone,
          '2026-12-08T09:00:00',
        ]);
      }
    }
    expect(() => buildCalendar({ ...feed, timeZone: 'Europe/Nowhere' })).to.throw('Europe/Nowhere');
  });

  it('does not care for the clock of the machine, on which an hour may be missing', () => {
    const before = process.env['TZ'];
    try {
      // Clocks go forward from 2:00 to 3:00 and, in Havana, from 0:00 to 1:00.
      for (const [zone, date, minute] of [
        ['Europe/Berlin', '2026-03-29', 150],
        ['America/Havana', '2026-03-08', 30],
      ] as const) {
        process.env['TZ'] = zone;
        for (const calendar of [feed, file]) {
          const text = buildCalendar({
            ...calendar,
            timeZone: 'Asia/Tokyo',
            events: [{ ...event, start: { date, minute }, end: { date, minute: minute + 20 } }],
          });
          const digits = date.replaceAll('-', '');
          expect(text).to.contain(`DTSTART;TZID=Asia/Tokyo:${digits}T0${Math.floor(minute / 60)}3000\r\n`);
          expect(text).to.contain('DTSTAMP:20261123T050000Z\r\n');
        }
      }
    } finally {
      if (before === undefined) delete process.env['TZ'];
      else process.env['TZ'] = before;
    }
  });

  it('ends at midnight on the day after', () => {
    const events = [
      { ...event, end: { date: '2026-12-31', minute: 24 * 60 }, start: { date: '2026-12-31', minute: 1_200 } },
    ];
    for (const calendar of [feed, file]) {
      const [read] = readCalendarFile(buildCalendar({ ...calendar, events })).events;
      expect(read?.local.end).to.equal('2027-01-01T00:00:00');
    }
  });

  it('names an organizer in every event, and where there is none an address that leads nowhere', () => {
    for (const [, calendar] of kinds) {
      for (const { organizer } of readCalendarFile(buildCalendar(calendar)).events) {
        expect(organizer).to.deep.equal({ name: 'Koffertour', address: 'keine-antwort@koffertour.invalid' });
      }
    }
  });

  it('gives the same thing the same identity, and different things different ones', () => {
    expect(uidOf('stop', 'a')).to.equal(uidOf('stop', 'a'));
    expect(new Set([uidOf('stop', 'a'), uidOf('leg', 'a'), uidOf('stop', 'b'), uidOf('sto', 'p:a')]).size).to.equal(4);
    expect(uidOf('stop', 'a')).to.match(/^[0-9a-f]{40}@koffertour$/);
  });
});
