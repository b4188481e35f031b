import { expect } from 'chai';
import fc from 'fast-check';
import ical from 'ical-generator';
import nodeIcal from 'node-ical';
import { buildCalendar, type Calendar, type CalendarEvent } from '../../server/web/calendar.ts';
import { quickly, withGenerator, type WriteEvent } from '../../server/web/calendar/events.ts';
import { finishLines, Lines } from '../../server/web/calendar/lines.ts';
import { readCalendarFile } from '../support/calendarStore.ts';

const NOW = Date.parse('2026-11-23T05:00:00Z');

const plain: CalendarEvent = {
  uid: 'a@koffertour',
  sequence: 0,
  start: { date: '2026-12-08', minute: 540 },
  end: { date: '2026-12-08', minute: 560 },
  summary: 'a',
  description: 'b',
  location: 'c',
  at: { lat: 50.8631, lon: 12.5151 },
  url: 'https://koffer.example/',
  cancelled: false,
  organizer: { name: 'Meerane', email: 'a@meerane.example' },
  alarms: [],
};

function calendarOf(events: CalendarEvent[], isFeed: boolean): Calendar {
  return {
    method: 'PUBLISH',
    timeZone: 'Europe/Berlin',
    now: NOW,
    events,
    feed: isFeed
      ? { name: 'Ä', description: '', refreshMinutes: 60, colour: 'teal', source: 'https://koffer.example/a.ics' }
      : null,
  };
}

/** What people write, what breaks formats, and anything at all. */
const anyText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...['ä', 'ß', '€', '„', '“', '😀', '👩🏽‍💻', 'e\u0301', ',', ';', '\\', '\\n', '\\,', ':', '"', '\n', '\r\n'],
        ...['\r', '\t', ' ', '  ', '\u00a0', '\u202f', '\u0000', '\u0007', '\u007f', '\u0085', '\u2028', '\u2029'],
        ...['\u000b', '\u000c', '\ufeff', '\ud83d', '\ude00', 'BEGIN:VEVENT', '\r\nEND:VCALENDAR\r\n', '=', '^'],
      ),
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.stringMatching(/^[A-Za-zÄÖÜäöüß ,.-]{0,90}$/),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''));

/** What a text is in a calendar: the same but for signs that must not be there. */
function expectedOf(text: string): string {
  return text
    .replace(/\r\n|[\r\v\f\u0085\u2028\u2029]/g, '\n')
    .replace(/[\u00a0\u202f]/g, ' ')
    .replace(/[\u0000-\u0008\u000e-\u001f\u007f-\u009f\ufeff]|\p{Cs}/gu, '');
}

function expectWellFolded(file: string): void {
  const octets = Buffer.from(file);
  expect(octets.toString(), 'UTF-8').to.equal(file);
  for (const line of file.split('\r\n')) {
    const bytes = Buffer.from(line);
    expect(bytes.length, line).to.be.at.most(75);
    // No sign is cut: each line is UTF-8 by itself.
    expect(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)).to.equal(line);
    expect(line).not.to.match(/[\r\n]/);
  }
}

describe('Texts in calendar files', () => {
  for (const [name, isFeed] of [
    ['of one event', false],
    ['of feeds', true],
  ] as const) {
    it(`come out as they went in, whatever they are, in lines of at most 75 octets (${name})`, () => {
      fc.assert(
        fc.property(anyText, anyText, anyText, (summary, description, location) => {
          const file = buildCalendar(calendarOf([{ ...plain, summary, description, location }], isFeed));
          expectWellFolded(file);

          const [read] = readCalendarFile(file).events;
          const wanted = [summary, description, location].map(expectedOf);
          expect([read?.summary, read?.description, read?.location]).to.deep.equal(wanted);

          // node-ical takes an escaped backslash before an n for a new line and quotes around a text for no part of it, so
          // it is not asked about these.
          const isMisread = wanted.map((text) => /\\[nN,;]|^"[^]*"$/.test(text));
          const other = nodeIcal.sync.parseICS(file)[plain.uid];
          if (other?.type !== 'VEVENT') throw new Error('node-ical does not see the event');
          [other.summary, other.description, other.location].forEach((text, index) => {
            if (!isMisread[index]) expect(text ?? '').to.equal(wanted[index]);
          });
        }),
        { numRuns: 300 },
      );
    });
  }

  it('keep blanks at the end, and at the fold, for those who count them', () => {
    for (let length = 50; length < 90; length++) {
      const summary = `${'x'.repeat(length)}   ä😀   `;
      const file = buildCalendar(calendarOf([{ ...plain, summary }], true));
      expectWellFolded(file);
      expect(readCalendarFile(file).events[0]?.summary).to.equal(summary);
    }
  });

  it('fill the lines: a line is cut only where the next sign would not fit', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const clean = expectedOf(text).replace(/\n/g, '');
        const folded = finishLines(`SUMMARY:${clean}\r\n`);
        const lines = folded.slice(0, -2).split('\r\n ');
        expect(lines.join('')).to.equal(`SUMMARY:${clean}`);
        lines.slice(0, -1).forEach((line, index) => {
          const next = [...(lines[index + 1] ?? '')][0] ?? '';
          const octets = Buffer.byteLength(line) + (index === 0 ? 0 : 1);
          expect(octets + Buffer.byteLength(next)).to.be.greaterThan(75);
        });
      }),
    );
  });

  it('in the name of an organizer leave nobody in doubt where it ends', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const name = `Amt ${text}`;
        for (const isFeed of [true, false]) {
          const file = buildCalendar(
            calendarOf([{ ...plain, organizer: { name, email: 'a@meerane.example' } }], isFeed),
          );
          expectWellFolded(file);
          const { events } = readCalendarFile(file);
          expect(events.length).to.equal(1);
          expect(events[0]?.organizer?.address).to.equal('a@meerane.example');
          expect(events[0]?.summary).to.equal('a');
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('The quick way to write events', () => {
  const anyEvent: fc.Arbitrary<CalendarEvent> = fc.record({
    uid: fc.stringMatching(/^[0-9a-f]{8,40}@koffertour$/),
    sequence: fc.nat(500),
    start: fc.record({ date: fc.constantFrom('2026-03-29', '2026-10-25', '2026-12-08'), minute: fc.nat(1_440) }),
    end: fc.record({ date: fc.constantFrom('2027-01-01', '2028-02-29'), minute: fc.nat(1_440) }),
    summary: anyText,
    description: anyText,
    location: fc.option(anyText),
    at: fc.option(
      fc.record({
        lat: fc.double({ min: 47, max: 55, noNaN: true }),
        lon: fc.double({ min: 6, max: 15, noNaN: true }),
      }),
    ),
    url: fc.option(fc.webUrl()),
    cancelled: fc.boolean(),
    organizer: fc.option(fc.record({ name: anyText, email: fc.emailAddress() })),
    alarms: fc.constant([]),
    transparent: fc.boolean(),
  });

  it('gives the same as ical-generator, sign by sign', () => {
    const slow = withGenerator(ical(), 'Europe/Berlin', NOW);
    const quick = quickly('Europe/Berlin', NOW);
    const written = (write: WriteEvent, event: CalendarEvent): string => {
      const lines = new Lines();
      write(event, lines);
      return lines.take().toString();
    };
    fc.assert(
      fc.property(anyEvent, (event) => {
        expect(written(quick, event)).to.equal(written(slow, event));
      }),
      { numRuns: 1_000 },
    );
  });
});
