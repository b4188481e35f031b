import { expect } from 'chai';
import type { TourTimes } from '../../server/domain/tours/times.ts';
import type { CrewAppointment, CrewStop, CrewTour, TourAction } from '../../server/features/myDay/ports.ts';
import { parseWeek } from '../../server/features/myDay/pages/calendar.ts';
import { dayOf, type Day } from '../../server/features/myDay/pages/day.ts';
import { presentNow, type NowView } from '../../server/features/myDay/pages/nowPresenter.ts';
import { stepsOf } from '../../server/features/myDay/pages/steps.ts';
import { presentTimeline } from '../../server/features/myDay/pages/timelinePresenter.ts';
import { phoneLink, presentPlace } from '../../server/features/myDay/pages/words.ts';
import { pathsFor } from '../../server/paths.ts';
import { translator } from '../../server/web/locale.ts';
import { OFFICE_ZONE } from '../support/officeFixture.ts';

const DATE = '2026-12-08';
const at = (hour: number, minute = 0): number => hour * 60 + minute;

function appointment(id: number, fromMinute: number, more: Partial<CrewAppointment> = {}): CrewAppointment {
  return {
    id,
    counter: 1,
    fromMinute,
    minutes: 20,
    startsAt: OFFICE_ZONE.instantAt(DATE, fromMinute),
    endsAt: OFFICE_ZONE.instantAt(DATE, fromMinute + 20),
    state: 'confirmed',
    channel: 'online',
    person: {
      reference: `REF ${id}`,
      name: `Person ${id}`,
      contactKind: 'none',
      contact: null,
      locale: 'de',
      notes: [],
    },
    services: [
      {
        serviceId: 1,
        names: { de: 'Personalausweis', en: 'Identity card' },
        persons: 1,
        feeCents: 4600,
        documents: { de: ['alter Ausweis'], en: ['old card'] },
        needs: [],
        forms: [],
      },
    ],
    ...more,
  };
}

function stop(id: number, locality: string, from: number, to: number, more: Partial<CrewStop> = {}): CrewStop {
  return {
    id,
    venue: {
      name: 'Gemeindeamt',
      locality,
      street: 'Am Anger 2',
      postcode: '08393',
      city: 'Schönberg',
      at: { lat: 50.8631, lon: 12.5151 },
      contact: null,
      phone: null,
      access: { de: null, en: null },
    },
    fromMinute: from,
    toMinute: to,
    startsAt: OFFICE_ZONE.instantAt(DATE, from),
    endsAt: OFFICE_ZONE.instantAt(DATE, to),
    setUpMinutes: 20,
    tearDownMinutes: 15,
    counters: [{ counter: 1, clerkId: 1, clerkName: 'Sabine Lorenz', isMe: true }],
    appointments: [],
    ...more,
  };
}

const leg = (minutes: number) => ({ minutes, metres: minutes * 500, estimated: true });

/** Leaves at 8:32, Schönberg 9 to 12, break from 12:35 to 13:05, Köthel 13:30 to 16, back at 16:25. */
const TIMES: TourTimes = {
  basis: 'x',
  departureMinute: at(8, 32),
  returnMinute: at(16, 25),
  workingMinutes: 443,
  legs: [leg(8), leg(5), leg(10)],
  stops: [
    { arrivalMinute: at(8, 40), waitingMinutes: 0 },
    { arrivalMinute: at(12, 20), waitingMinutes: 50 },
  ],
  breaks: [{ fromMinute: at(12, 35), toMinute: at(13, 5) }],
};

function tour(more: Partial<CrewTour> = {}): CrewTour {
  return {
    id: 203,
    date: DATE,
    municipality: { id: 1, name: 'Meerane' },
    kit: { id: 1, name: 'Koffer 1', capabilities: [] },
    depot: { name: 'Rathaus Meerane', at: { lat: 50.8469, lon: 12.4647 } },
    note: null,
    crew: [{ clerkId: 1, name: 'Sabine Lorenz', isMe: true }],
    stops: [
      stop(1, 'Schönberg', at(9), at(12), { appointments: [appointment(5, at(9)), appointment(6, at(9, 40))] }),
      stop(2, 'Köthel', at(13, 30), at(16), { appointments: [appointment(7, at(14))] }),
    ],
    times: TIMES,
    actions: [],
    packed: [],
    ...more,
  };
}

function dayAt(minute: number, of: CrewTour = tour(), today = DATE): Day {
  const now = OFFICE_ZONE.instantAt(today, minute);
  const asker = { locale: 'de' as const, t: translator('de'), p: pathsFor('de'), zone: OFFICE_ZONE, now, today };
  return dayOf(asker, of, of.times, () => 'key');
}

const nowAt = (minute: number, of?: CrewTour, today?: string): NowView => presentNow(dayAt(minute, of, today));

/** Numbers and their units are kept on one line by no-break spaces. */
const plain = (text: string): string => text.replaceAll('\u00A0', ' ');

const late = (minutes: number, minute: number): TourAction => ({
  key: 'late-1',
  kind: 'late',
  appointmentId: null,
  minutes,
  text: null,
  at: OFFICE_ZONE.instantAt(DATE, minute),
  by: null,
});

describe('What is next in the day of a clerk', () => {
  it('is to leave, with the way and how long it is until then', () => {
    const now = nowAt(at(7, 50));
    expect(plain(now.title)).to.equal('8:32 Uhr abfahren');
    expect(now.kicker).to.equal('Heute, Rathaus Meerane');
    expect(now.lines.map(plain)).to.deep.equal([
      'Noch 42 Minuten.',
      'Fahrt nach Schönberg: 8 Minuten, 4 km (geschätzt).',
      'Aufbau ab 8:40, offen ab 9:00.',
    ]);
    expect(now.isBefore).to.equal(true);
  });

  it('is said for tomorrow, too, and then nothing can be ticked', () => {
    const now = nowAt(at(18), tour(), '2026-12-07');
    expect(now.kicker).to.equal('Morgen, Rathaus Meerane');
    expect([now.delay, now.walkIn]).to.deep.equal([null, null]);
    expect(presentTimeline(dayAt(at(18), tour(), '2026-12-07'), []).some(({ stop }) => stop?.walkIn)).to.equal(false);
  });

  it('is the way and where it leads', () => {
    const now = nowAt(at(8, 35));
    expect(now.title).to.equal('Fahrt nach Schönberg');
    expect(plain(now.lines[0] ?? '')).to.equal('Ankunft etwa 8:40, Fahrt 8 Minuten, 4 km (geschätzt).');
    expect(now.place?.address).to.equal('Am Anger 2, 08393 Schönberg');
  });

  it('is to set up, with the first person, who may come early', () => {
    const now = nowAt(at(8, 45));
    expect(now.title).to.equal('Aufbau bis 9:00');
    expect(now.appointment?.who).to.equal('9:00 Person 5');
    expect(now.walkIn).to.equal('/intern/halte/1/ohne-termin');
  });

  it('is the person whose time has come, then who is here, and who was not ticked is named', () => {
    expect(nowAt(at(9, 5)).title).to.equal('Jetzt: 9:00 Person 5');
    const later = nowAt(at(9, 45));
    expect(later.title).to.equal('Jetzt: 9:40 Person 6');
    expect(later.open).to.deep.equal([{ text: '9:00 Person 5', href: '#termin-5' }]);

    const [first, second] = tour().stops;
    const appointments = [appointment(5, at(9), { state: 'arrived' }), appointment(6, at(9, 40))];
    const here = tour({ stops: [{ ...first!, appointments }, second!] });
    expect(nowAt(at(9, 45), here).title).to.equal('Jetzt: 9:00 Person 5');
  });

  it('is the next person, or that nobody comes any more', () => {
    const [first, second] = tour().stops;
    const served = (appointments: CrewAppointment[]): CrewTour =>
      tour({ stops: [{ ...first!, appointments }, second!] });
    const one = appointment(5, at(9), { state: 'served' });
    expect(nowAt(at(9, 15), served([one, appointment(6, at(9, 40))])).title).to.equal('Als Nächstes: 9:40 Person 6');
    const nobody = nowAt(at(11), served([one]));
    expect(nobody.title).to.equal('Keine weiteren Termine');
    expect(nobody.lines[0]).to.match(/^Offen bis 12:00/);
  });

  it('is at the own counter first; the others stand below', () => {
    const [first] = tour().stops;
    const counters = [
      { counter: 1, clerkId: 1, clerkName: 'Marie Ahnert', isMe: false },
      { counter: 2, clerkId: 2, clerkName: 'Sabine Lorenz', isMe: true },
    ];
    const appointments = [appointment(5, at(9)), appointment(6, at(9), { counter: 2 })];
    const now = nowAt(at(9, 5), tour({ stops: [{ ...first!, counters, appointments }] }));
    expect(now.kicker).to.equal('Schönberg, Schalter 2');
    expect(now.title).to.equal('Jetzt: 9:00 Person 6');
    expect(now.others).to.deep.equal([{ text: 'Schalter 1, Marie Ahnert: Jetzt: 9:00 Person 5', href: '#termin-5' }]);
  });

  it('is to tear down, unless somebody is still being served', () => {
    expect(nowAt(at(12, 5)).title).to.equal('Abbau bis 12:15');
    expect(plain(nowAt(at(12, 5)).lines[0] ?? '')).to.equal(
      'Danach: Fahrt nach Köthel, 5 Minuten, 2,5 km (geschätzt).',
    );
    const [first, second] = tour().stops;
    const appointments = [appointment(6, at(11, 40), { state: 'arrived' })];
    const busy = tour({ stops: [{ ...first!, appointments }, second!] });
    expect(nowAt(at(12, 5), busy).title).to.equal('Jetzt: 11:40 Person 6');
    expect(nowAt(at(13, 35), busy).title, 'the next stop has begun').to.equal('Als Nächstes: 14:00 Person 7');
  });

  it('is the break, the time that is left, and the way home', () => {
    expect(nowAt(at(12, 18)).title).to.equal('Fahrt nach Köthel');
    expect(nowAt(at(12, 25)).title).to.equal('Zeit bis 12:35');
    expect(nowAt(at(12, 40)).title).to.equal('Pause bis 13:05');
    expect(nowAt(at(13, 7)).title).to.equal('Zeit bis 13:10');
    expect(nowAt(at(16, 20)).title).to.equal('Rückfahrt: Rathaus Meerane');
  });

  it('is nothing once the crew is back, but what has not been ticked', () => {
    const now = nowAt(at(17));
    expect(now.title).to.equal('Die Tour ist geschafft');
    expect(now.lines).to.deep.equal(['0 bedient, 0 nicht gekommen.']);
    expect(now.open.map(({ text }) => text)).to.deep.equal(['9:00 Person 5', '9:40 Person 6', '14:00 Person 7']);
    expect(nowAt(at(9), tour(), '2026-12-10').open, 'too late to tick').to.deep.equal([]);
  });

  it('comes later when the crew says so, and the waiting time makes good for it', () => {
    const delayed = tour({ actions: [late(30, at(8, 40))] });
    expect(nowAt(at(9, 5), delayed).title, 'not there yet').to.equal('Fahrt nach Schönberg');
    expect(nowAt(at(9, 15), delayed).title).to.equal('Aufbau bis 9:30');
    const items = presentTimeline(dayAt(at(9, 5), delayed), []);
    const first = items.find(({ id }) => id === 'halt-1');
    expect(first?.expected).to.equal('erwartet 9:30');
    expect(first?.stop?.counters[0]?.appointments.map(({ time, expected }) => [time, expected])).to.deep.equal([
      ['9:00', 'erwartet 9:30'],
      ['9:40', 'erwartet 9:50'],
    ]);
    expect(items.find(({ id }) => id === 'halt-2')?.expected).to.equal(null);
  });

  it('works without times of the tour', () => {
    const untimed = tour({ times: null });
    expect(plain(nowAt(at(7), untimed).title)).to.equal('8:40 Uhr aufbauen');
    expect(nowAt(at(12, 5), untimed).title).to.equal('Abbau bis 12:15');
    const between = nowAt(at(12, 40), untimed);
    expect(between.title, 'not packing up any more').to.equal('Zeit bis 13:10');
    expect([between.kicker, ...between.lines]).to.deep.equal(['Köthel', 'Aufbau ab 13:10, offen ab 13:30.']);
    expect(presentTimeline(dayAt(at(7), untimed), []).map(({ title }) => title)).to.deep.equal([
      'Aufbau',
      'Gemeindeamt Schönberg, bis 12:00',
      'Abbau',
      'Aufbau',
      'Gemeindeamt Köthel, bis 16:00',
      'Abbau',
    ]);
  });
});

describe('The steps of a day', () => {
  it('leave no gap of five minutes, and a break before the way moves the way', () => {
    const early = { ...TIMES, breaks: [{ fromMinute: at(12, 15), toMinute: at(12, 45) }] };
    const steps = stepsOf(tour().stops, early).map(({ kind, from, to }) => [kind, from, to]);
    expect(steps).to.deep.equal([
      ['departure', at(8, 32), at(8, 32)],
      ['drive', at(8, 32), at(8, 40)],
      ['setUp', at(8, 40), at(9)],
      ['open', at(9), at(12)],
      ['tearDown', at(12), at(12, 15)],
      ['break', at(12, 15), at(12, 45)],
      ['drive', at(12, 45), at(12, 50)],
      ['wait', at(12, 50), at(13, 10)],
      ['setUp', at(13, 10), at(13, 30)],
      ['open', at(13, 30), at(16)],
      ['tearDown', at(16), at(16, 15)],
      ['drive', at(16, 15), at(16, 25)],
      ['return', at(16, 25), at(16, 25)],
    ]);
  });
});

describe('Small words of the day', () => {
  it('find a number to dial in what somebody wrote', () => {
    expect(phoneLink('Frau Meier, 03764 / 12-34 (Büro)')).to.equal('tel:037641234');
    expect(phoneLink('+49 (0)3764 1234')).to.equal('tel:+4937641234');
    expect(phoneLink('Schlüssel bei Nr. 12')).to.equal(null);
  });

  it('open the navigation of the phone and a map', () => {
    const place = presentPlace(stop(1, 'Schönberg', at(9), at(12)), 'de');
    expect(place.geo).to.equal('geo:50.86310,12.51510?q=50.86310,12.51510(Gemeindeamt%2C%20Sch%C3%B6nberg)');
    expect(place.map).to.contain('https://www.openstreetmap.org/?mlat=50.86310&mlon=12.51510');
  });

  it('know the weeks of a year', () => {
    expect(parseWeek('2026-W50')).to.equal('2026-12-07');
    expect(parseWeek('2026-12-13')).to.equal('2026-12-07');
    expect(parseWeek('2026-W53')).to.equal('2026-12-28');
    expect(parseWeek('2025-W53'), 'has no 53rd').to.equal(null);
    for (const bad of ['', '2026-W00', '2026-13-01', '0000-W01', ['2026-W50'], undefined]) {
      expect(parseWeek(bad), String(bad)).to.equal(null);
    }
  });
});
