import { expect } from 'chai';
import type { Directory, Locale, Municipality, Service, Venue } from '../../server/domain/booking/office.ts';
import {
  calendarEntryOf,
  type CalendarFacts,
  type CalendarSurroundings,
} from '../../server/features/booking/manage/calendarEntry.ts';
import { buildCalendar, calendarType, calendarUid } from '../../server/web/calendar.ts';
import { readCalendarFile, type ReadEvent } from '../support/calendarStore.ts';
import { OFFICE_ZONE } from '../support/officeFixture.ts';

const service = (id: number, name: string, english: string, documents: string[], cents: number | null): Service => ({
  id,
  slug: `s${id}`,
  category: 'identity',
  position: id,
  minutes: 15,
  maxPersons: 4,
  inPerson: true,
  combinable: true,
  needs: [],
  synonyms: [],
  fees: [{ validFrom: '2020-01-01', cents, legalBasis: '' }],
  texts: {
    de: { name, feeNote: null, note: null, documents },
    en: { name: english, feeNote: null, note: null, documents: documents.map((item) => `EN ${item}`) },
  },
});

const venue: Venue = {
  id: 7,
  slug: 'schoenberg',
  municipalityId: 3,
  name: 'Gemeindeamt',
  locality: 'Schönberg',
  street: 'Am Anger 2',
  postcode: '08393',
  city: 'Schönberg',
  at: { lat: 50.8631, lon: 12.5151 },
  stepFree: true,
  access: { de: 'Parkplatz am Haus', en: 'parking at the house' },
  retired: false,
};

const municipality = {
  id: 3,
  slug: 'meerane',
  name: 'Meerane',
  officeName: 'Stadt Meerane, "Bürgerbüro"',
  contactEmail: 'buergerbuero@meerane.example',
  contactPhone: '03764 540',
  cardOnly: true,
} as Municipality;

const idCard = service(1, 'Personalausweis beantragen', 'Apply for an identity card', ['alter Ausweis'], 4600);
const certificate = service(2, 'Führungszeugnis', 'Certificate', ['alter Ausweis', 'Schreiben; falls da'], 1300);

function directoryWith(more: Partial<Municipality> = {}): Directory {
  return {
    municipalities: new Map([[3, { ...municipality, ...more }]]),
    venues: new Map([[7, venue]]),
    servicesById: new Map([
      [1, idCard],
      [2, certificate],
    ]),
  } as unknown as Directory;
}

const facts: CalendarFacts = {
  appointment: {
    secret: 'abcdefghijklmnopqrstuv',
    reference: 'K7M4QX2FA',
    lines: [
      { serviceId: 1, persons: 2 },
      { serviceId: 2, persons: 1 },
    ],
  },
  time: {
    date: '2026-12-08',
    startTick: (9 * 60 + 40) / 5,
    ticks: 9,
    endsAt: OFFICE_ZONE.instantAt('2026-12-08', 10 * 60 + 25),
  },
  venue,
  sequence: 0,
  cancelled: false,
};

function surroundings(locale: Locale = 'de', more: Partial<Municipality> = {}): CalendarSurroundings {
  return {
    directory: directoryWith(more),
    locale,
    origin: 'https://koffer.example',
    zone: OFFICE_ZONE,
    now: Date.parse('2026-12-01T08:00:00Z'),
  };
}

function fileOf(more: Partial<CalendarFacts> = {}, around = surroundings()): string {
  return buildCalendar(calendarEntryOf({ ...facts, ...more }, around));
}

function eventOf(more: Partial<CalendarFacts> = {}, around = surroundings()): ReadEvent {
  const { events } = readCalendarFile(fileOf(more, around));
  expect(events.length).to.equal(1);
  return events[0]!;
}

describe('The calendar file of an appointment', () => {
  it('says what, when and where, and who to write to', () => {
    const event = eventOf();
    expect(event).to.deep.include({
      summary: 'Bürgerkoffer: Schönberg, Gemeindeamt',
      location: 'Gemeindeamt, Am Anger 2, 08393 Schönberg',
      geo: [50.8631, 12.5151],
      local: { start: '2026-12-08T09:40:00', end: '2026-12-08T10:25:00' },
      zone: 'Europe/Berlin',
      start: Date.parse('2026-12-08T08:40:00Z'),
      end: Date.parse('2026-12-08T09:25:00Z'),
      stamp: Date.parse('2026-12-01T08:00:00Z'),
      status: 'CONFIRMED',
      transparency: 'OPAQUE',
      url: 'https://koffer.example/termin/K7M4QX2FA-abcdefghijklmnopqrstuv',
    });
    // A double quote can't be written in a name.
    expect(event.organizer).to.deep.equal({
      name: "Stadt Meerane, 'Bürgerbüro'",
      address: 'buergerbuero@meerane.example',
    });
  });

  it('reminds a day and an hour before', () => {
    expect(eventOf().alarms).to.deep.equal([86_400, 3_600]);
    expect(fileOf()).to.contain('TRIGGER:-P1D\r\n').and.to.contain('TRIGGER:-PT1H\r\n');
  });

  it('says what is done, how long it takes, what it costs, what to bring, and how to change it', () => {
    expect(eventOf().description).to.equal(
      [
        'Personalausweis beantragen (2 Personen)',
        'Führungszeugnis',
        '45 Minuten, 105,00 € (mit Karte)',
        '',
        'Das bringen Sie mit:',
        '- alter Ausweis',
        '- Schreiben; falls da',
        '- Ihre Bankkarte, Bargeld nehmen wir nicht an',
        '',
        'Zugang: stufenfrei, Parkplatz am Haus',
        '',
        'Vorgangsnummer: K7M 4QX 2FA',
        'Verschieben oder absagen: https://koffer.example/termin/K7M4QX2FA-abcdefghijklmnopqrstuv',
        '',
        'Ohne Internet: Rufen Sie 115 an, Montag bis Freitag von 8 bis 18 Uhr.',
        'Stadt Meerane, "Bürgerbüro": 03764 540',
      ].join('\n'),
    );
  });

  it('leaves out what is not known or not so', () => {
    const { description, organizer } = eventOf(
      {},
      surroundings('de', { cardOnly: false, contactPhone: null, contactEmail: null }),
    );
    expect(description).not.to.contain('Karte').and.not.to.contain('03764');
    expect(organizer?.address).to.match(/\.invalid$/);
    const nowhere = eventOf({ venue: undefined });
    expect(nowhere).to.deep.include({ summary: 'Bürgerkoffer', location: '', geo: null });
    expect(eventOf({ venue: undefined, municipality }).organizer?.address).to.equal('buergerbuero@meerane.example');
    expect(fileOf({ venue: undefined })).not.to.match(/^(LOCATION|GEO)/m);
  });

  it('is in English for those who booked in English, and leads to English pages', () => {
    const event = eventOf({}, surroundings('en'));
    expect(event.summary).to.equal('Mobile citizens’ office: Schönberg, Gemeindeamt');
    expect(event.description)
      .to.contain('Apply for an identity card')
      .and.to.contain('- EN alter Ausweis')
      .and.to.contain('Access: step-free, parking at the house')
      .and.not.to.contain('Ausweis beantragen');
    expect(event.url).to.match(/^https:\/\/koffer\.example\/en\//);
    expect(eventOf({ cancelled: true }, surroundings('en')).summary).to.match(/^Cancelled: /);
  });

  it('has no no-break spaces and no personal data', () => {
    expect(fileOf()).not.to.match(/[\u00a0\u202f]/);
    // Facts have no name, address or number of the person; a compile error here says that this has changed.
    const known: Record<keyof CalendarFacts['appointment'], true> = { secret: true, reference: true, lines: true };
    expect(Object.keys(known)).to.have.length(3);
  });

  it('takes a cancelled appointment out of the calendar and reminds of nothing', () => {
    const file = fileOf({ cancelled: true, sequence: 3 });
    expect(readCalendarFile(file).method).to.equal('CANCEL');
    const event = eventOf({ cancelled: true, sequence: 3 });
    expect(event).to.deep.include({
      uid: eventOf().uid,
      sequence: 3,
      status: 'CANCELLED',
      alarms: [],
      summary: 'Abgesagt: Bürgerkoffer: Schönberg, Gemeindeamt',
      description: 'Dieser Termin ist abgesagt.\n\nVorgangsnummer: K7M 4QX 2FA',
    });
    expect(event.organizer).to.deep.equal(eventOf().organizer);
    expect(calendarType(calendarEntryOf({ ...facts, cancelled: true }, surroundings()))).to.equal(
      'text/calendar; charset=utf-8; method=CANCEL',
    );
  });

  it('keeps its identity through every change, and nobody can guess it or learn the secret from it', () => {
    const { secret } = facts.appointment;
    expect(eventOf().uid).to.equal(calendarUid(secret));
    // As it was in the files people have downloaded before.
    expect(calendarUid(secret)).to.equal('f69f9b70d1c9a5442258ca76f8b0a7a45fcb4e31@koffertour');
    expect(eventOf({ sequence: 4, cancelled: true, venue: undefined }).uid).to.equal(calendarUid(secret));
    const other = { ...facts.appointment, secret: `${secret}w` };
    expect(eventOf({ appointment: other }).uid).not.to.equal(calendarUid(secret));
    expect(calendarUid(secret)).not.to.contain(secret);
  });

  for (const [date, winter] of [
    ['2026-03-28', true],
    ['2026-03-29', false],
    ['2026-03-30', false],
    ['2026-10-24', false],
    ['2026-10-25', true],
    ['2026-10-26', true],
  ] as const) {
    it(`at 9:00 on ${date} is at 9:00, and that is the right instant`, () => {
      const event = eventOf({
        time: { date, startTick: (9 * 60) / 5, ticks: 4, endsAt: OFFICE_ZONE.instantAt(date, 9 * 60 + 20) },
      });
      expect(event.local).to.deep.equal({ start: `${date}T09:00:00`, end: `${date}T09:20:00` });
      expect(event.start).to.equal(Date.parse(`${date}T${winter ? '08' : '07'}:00:00Z`));
      expect(event.start).to.equal(OFFICE_ZONE.instantAt(date, 9 * 60));
      expect(event.end - event.start).to.equal(20 * 60_000);
    });
  }
});
