import { expect } from 'chai';
import type { Conflict } from '../../server/domain/tours/conflicts.ts';
import type { PlanningPicture } from '../../server/domain/tours/picture.ts';
import type { SkipReason } from '../../server/domain/tours/repeat.ts';
import { presentConflict, presentSkip } from '../../server/features/tours/conflictTexts.ts';
import { textsOf } from '../../server/web/locale.ts';
import {
  ANNA,
  BERND,
  changed,
  CLARA,
  clock,
  conflictsOf,
  DATE,
  DAVID,
  DEPOT,
  ID_CARD,
  KIT,
  KIT_WITHOUT_CAMERA,
  LIBRARY,
  MEERANE,
  PASSPORT,
  REGISTRATION,
  smallPicture,
  stop,
  TOWN_HALL,
  VILLAGE,
  type Changes,
} from '../domain/tours/picture.ts';

const picture = smallPicture();
const words = (text: string) => text.replace(/\u00A0/g, ' ');

function present(conflict: Conflict, locale: 'de' | 'en' = 'de', where: PlanningPicture = picture) {
  const { title, text, fixes, ...rest } = presentConflict(conflict, where, locale);
  return {
    ...rest,
    title: words(title),
    text: words(text),
    fixes: fixes.map((fix) => ({ ...fix, label: words(fix.label) })),
  };
}

/** The one conflict of this kind that the plan has, in words. */
function presented(kind: Conflict['kind'], plan: Changes, where = picture, locale: 'de' | 'en' = 'de') {
  const conflict = conflictsOf(plan, where).find((one) => one.kind === kind);
  if (conflict === undefined) throw new Error(`no ${kind}`);
  return present(conflict, locale, where);
}

const ABSENT = changed('clerks', ANNA, {
  absences: [{ fromDate: '2026-12-07', toDate: '2027-01-02', kind: 'vacation' }],
});

describe('The sentences about a conflict', () => {
  it('say who is away, until when, and who can stand in', () => {
    const announced = [ID_CARD, REGISTRATION, PASSPORT];
    expect(presented('clerkAbsent', { announced }, ABSENT)).to.deep.equal({
      severity: 'impossible',
      kind: 'clerkAbsent',
      title: 'Anna Winter ist im Urlaub',
      text: 'Anna Winter ist vom 7. Dezember bis 2. Januar im Urlaub. Bernd Sommer ist frei und darf alles, was angekündigt ist.',
      fixes: [{ field: 'clerk', at: 0, value: String(BERND), label: 'Bernd Sommer statt Anna Winter einteilen' }],
    });
    expect(presented('clerkAbsent', { announced }, ABSENT, 'en').text).to.equal(
      'Anna Winter is on holiday from 7 December to 2 January. Bernd Sommer is free and may do everything that is announced.',
    );
  });

  it('name several who can stand in, three at most', () => {
    const { text, fixes } = presented('noCrew', { clerkIds: [], announced: [REGISTRATION] });
    expect(text).to.equal(
      'Für die Tour ist noch niemand eingeteilt. Anna Winter, Bernd Sommer und Clara Herbst sind frei und dürfen alles, was angekündigt ist.',
    );
    expect(fixes.map(({ at, label }) => [at, label])).to.deep.equal([
      [null, 'Anna Winter einteilen'],
      [null, 'Bernd Sommer einteilen'],
      [null, 'Clara Herbst einteilen'],
    ]);
  });

  it('do not speak of an announcement where there is none', () => {
    expect(presented('clerkAbsent', { announced: null, clerkIds: [ANNA, CLARA, DAVID] }, ABSENT).text).to.match(
      /Bernd Sommer ist an diesem Tag frei\.$/,
    );
  });

  it('say it too if nobody can stand in', () => {
    const absences = [{ fromDate: DATE, toDate: DATE, kind: 'away' as const }];
    const where = changed('clerks', BERND, { absences }, changed('clerks', ANNA, { absences }));
    const { text, fixes } = presented('clerkAbsent', { announced: [PASSPORT] }, where);
    expect(text).to.equal(
      'Anna Winter ist am 8. Dezember abwesend. Sonst ist niemand frei, der alles darf, was angekündigt ist.',
    );
    expect(fixes).to.deep.equal([]);
  });

  it('say on which tour the kit is, but not of municipalities that are none of the planner’s business', () => {
    const busy = (visible: boolean) => ({
      ...picture,
      busy: [{ date: DATE, what: 'kit' as const, id: KIT, tourId: 12, visible }],
    });
    const plan = { announced: [REGISTRATION] };
    const { text, fixes } = presented('kitTaken', plan, busy(true));
    expect(text).to.equal(
      'Koffer 1 ist am Dienstag, 8. Dezember schon auf Tour 12. Koffer 2 ist frei und hat alles, was für das Angekündigte nötig ist.',
    );
    expect(fixes).to.deep.equal([
      { field: 'kit', at: null, value: String(KIT_WITHOUT_CAMERA), label: 'Koffer 2 nehmen' },
    ]);
    expect(presented('kitTaken', plan, busy(false)).text)
      .to.include('Kommune, für die Sie nicht zuständig sind')
      .and.not.include('12');
  });

  it('say what is missing for which services', () => {
    const plan = { kitId: KIT_WITHOUT_CAMERA, announced: [ID_CARD, PASSPORT] };
    expect(presented('kitLacks', plan).text).to.equal(
      'Angekündigt ist: Personalausweis und Reisepass. Dafür fehlt in Koffer 2: Kamera für Passfotos. Koffer 1 ist frei und hat alles, was für das Angekündigte nötig ist.',
    );
    // A capability without a name of its own keeps its code.
    const special = changed('services', ID_CARD, { needs: ['iris_scanner'] });
    expect(presented('kitLacks', {}, special).text).to.include('fehlt in Koffer 1: iris_scanner.');
  });

  it('say what the time between two stops is needed for, and when the second can begin', () => {
    const stops = [stop(TOWN_HALL, '9:00', '11:00'), stop(LIBRARY, '11:40', '12:30')];
    const { title, text, fixes } = presented('tooCloseStops', { stops });
    // 11:00 + 15 + 10 + 20 = 11:45.
    expect(title).to.equal('Zu wenig Zeit zwischen Rathaus und Bücherei');
    expect(text).to.equal(
      'Die Zeit ist um 5 Minuten zu knapp für 15 Minuten Abbau, 10 Minuten Fahrt und 20 Minuten Aufbau. Bitte beginnen Sie in Bücherei frühestens um 11:45 Uhr.',
    );
    expect(fixes).to.deep.equal([
      { field: 'stop', at: 1, value: '705-755', label: 'Halt 2 auf 11:45 bis 12:35 Uhr legen' },
    ]);
  });

  it('propose no time that ends after midnight', () => {
    const stops = [stop(TOWN_HALL, '20:00', '22:30'), stop(LIBRARY, '22:40', '23:55')];
    expect(presented('tooCloseStops', { stops }).fixes).to.deep.equal([]);
  });

  it('say when a venue is open and propose the nearest time of the same length', () => {
    const window = (from: string, to: string) => ({ weekday: 2, fromMinute: clock(from), toMinute: clock(to) });
    const where = changed('venues', LIBRARY, { windows: [window('9:00', '12:00'), window('13:02', '18:00')] });
    const { text, fixes } = presented('outsideOpeningWindow', {}, where);
    expect(text).to.equal(
      'Halt 2 ist von 12:30 bis 14 Uhr angekündigt. Bücherei ist dienstags nur von 9 bis 12 Uhr und von 13:02 bis 18 Uhr offen. Bitte legen Sie den Halt in diese Zeit.',
    );
    // 90 min: from 10:30 at the latest in the morning, from 13:05 (five-minute grid) in the afternoon, which is nearer.
    expect(fixes.map(({ value }) => value)).to.deep.equal([`${clock('13:05')}-${clock('14:35')}`]);

    const closed = changed('venues', LIBRARY, { windows: [{ weekday: 3, fromMinute: 0, toMinute: 1440 }] });
    expect(presented('outsideOpeningWindow', {}, closed)).to.deep.include({
      text: 'Bücherei hat dienstags nicht offen. Bitte wählen Sie für Halt 2 einen anderen Standort oder für die Tour einen anderen Tag.',
      fixes: [],
    });
  });

  it('say why a venue is closed', () => {
    const closing = { municipalityId: MEERANE, fromDate: '2026-12-07', toDate: '2026-12-11', reason: 'Umbau.' };
    const at = (venueId: number | null) => ({ ...picture, closings: [{ ...closing, venueId }] });
    expect(presented('venueClosed', {}, at(LIBRARY)).text).to.equal(
      'Halt 2: Bücherei ist vom 7. Dezember bis 11. Dezember geschlossen (Umbau). Bitte wählen Sie einen anderen Tag oder Standort.',
    );
    expect(presented('venueClosed', {}, at(null)).text).to.match(
      /^Halt 1: In Meerane gibt es .* keine Besuche \(Umbau\)\./,
    );
  });

  it('say one minute and one person in the singular', () => {
    const stops = [stop(TOWN_HALL, '9:00', '11:00'), stop(LIBRARY, '11:44', '12:30', { counters: 2 })];
    expect(presented('tooCloseStops', { stops }).text).to.match(/^Die Zeit ist um 1 Minute zu knapp/);
    expect(presented('tooManyCounters', { stops }).text).to.include('nur 1 Person ist eingeteilt');
  });

  it('say the time of the day before and after', () => {
    expect(presented('startsTooEarly', { stops: [stop(TOWN_HALL, '0:10', '1:00')] }).text).to.include('um 23:40 Uhr');
    expect(presented('returnsTooLate', { stops: [stop(TOWN_HALL, '22:00', '24:00')] }).text).to.include('um 0:25 Uhr');
  });

  it('name four services and count the others', () => {
    const serviceIds = [ID_CARD, REGISTRATION, PASSPORT, 1, 2, 3];
    expect(present({ severity: 'impossible', kind: 'serviceRetired', serviceIds }).text).to.include(
      'Personalausweis, Anmeldung, Reisepass, Nr. 1 und 2 weitere.',
    );
  });

  /** One of each kind, with every variant. */
  const free = { forAnnounced: true, freeKitIds: [KIT], freeClerkIds: [DAVID] };
  const crew = { clerkId: ANNA, position: 0, ...free };
  const at = { stop: 1, venueId: LIBRARY };
  const close = {
    ...at,
    previousVenueId: TOWN_HALL,
    travelMinutes: 10,
    tearDownMinutes: 15,
    setUpMinutes: 20,
    missingMinutes: 5,
    moveByMinutes: 5,
    movedFromMinute: 600,
    movedToMinute: 660,
  };
  const closing = { ...at, reason: '', fromDate: DATE, toDate: DATE };
  const hours = [{ weekday: 2, fromMinute: 480, toMinute: 720 }];
  const span = { date: DATE, fromMinute: 700, toMinute: 760 };
  const tour = { date: DATE, departureMinute: 400, returnMinute: 900, minutes: 100 };
  const rest = { longestMinutes: 400, breakAfterMinutes: 360, dueMinutes: 30, foundMinutes: 0 };
  const impossible = { severity: 'impossible' } as const;
  const warning = { severity: 'warning' } as const;
  const EACH: Conflict[] = [
    { ...impossible, kind: 'dateInPast', date: '2026-01-01', today: DATE },
    { ...impossible, kind: 'noStops' },
    { ...impossible, kind: 'noDepot', depotIds: [DEPOT] },
    { ...impossible, kind: 'noKit', ...free },
    { ...impossible, kind: 'noKit', ...free, freeKitIds: [] },
    { ...impossible, kind: 'noKit', forAnnounced: false, freeKitIds: [] },
    { ...impossible, kind: 'noKit', forAnnounced: false, freeKitIds: [KIT, KIT_WITHOUT_CAMERA] },
    { ...impossible, kind: 'noCrew', ...free },
    { ...impossible, kind: 'noCrew', forAnnounced: false, freeClerkIds: [] },
    ...(['municipality', 'depot', 'kit', 'clerk', 'venue', 'service'] as const).map((what): Conflict => {
      return { ...impossible, kind: 'unknown', what, id: 99, stop: what === 'venue' ? 0 : null };
    }),
    { ...impossible, kind: 'depotRetired', depotId: DEPOT, depotIds: [] },
    { ...impossible, kind: 'kitRetired', kitId: KIT, ...free },
    { ...impossible, kind: 'kitDefect', kitId: KIT, ...free },
    { ...impossible, kind: 'kitTaken', kitId: KIT, byTourId: 7, date: DATE, ...free },
    { ...impossible, kind: 'kitTaken', kitId: KIT, byTourId: null, date: DATE, ...free },
    { ...impossible, kind: 'clerkTwice', ...crew },
    { ...impossible, kind: 'clerkRetired', ...crew },
    { ...impossible, kind: 'clerkTaken', byTourId: 7, date: DATE, ...crew },
    { ...impossible, kind: 'clerkTaken', byTourId: null, date: DATE, ...crew },
    ...(['vacation', 'training', 'away'] as const).map((absence): Conflict => {
      return { ...impossible, kind: 'clerkAbsent', absence, fromDate: DATE, toDate: DATE, ...crew };
    }),
    { ...impossible, kind: 'venueRetired', ...at },
    { ...impossible, kind: 'venueClosed', everywhere: false, ...closing },
    { ...impossible, kind: 'venueClosed', everywhere: true, ...closing },
    { ...impossible, kind: 'outsideOpeningWindow', ...at, ...span, windows: hours },
    { ...impossible, kind: 'outsideOpeningWindow', ...at, ...span, windows: [] },
    { ...impossible, kind: 'serviceRetired', serviceIds: [ID_CARD] },
    { ...impossible, kind: 'kitLacks', kitId: KIT, serviceIds: [ID_CARD], capabilities: ['camera', 'seal'], ...free },
    { ...impossible, kind: 'crewNotQualified', serviceIds: [ID_CARD], ...free },
    { ...impossible, kind: 'tooManyCounters', ...at, counters: 3, clerks: 2 },
    { ...impossible, kind: 'badTime', ...at },
    { ...impossible, kind: 'stopsUnordered', ...at, previousVenueId: VILLAGE },
    { ...impossible, kind: 'stopsOverlap', ...close },
    { ...impossible, kind: 'tooCloseStops', ...close },
    { ...impossible, kind: 'startsTooEarly', departureMinute: -10 },
    { ...impossible, kind: 'returnsTooLate', returnMinute: 1500 },
    { ...impossible, kind: 'workingDayTooLong', workingMinutes: 700, maxMinutes: 600, overMinutes: 100 },
    { ...impossible, kind: 'noBreak', ...rest },
    { ...impossible, kind: 'noBreak', ...rest, longestMinutes: 300 },
    { ...warning, kind: 'holiday', date: DATE, name: 'Karfreitag' },
    { ...warning, kind: 'sunday', date: '2026-12-13' },
    { ...warning, kind: 'outsideWorkingTime', ...crew, ...tour, hours },
    { ...warning, kind: 'outsideWorkingTime', ...crew, ...tour, hours: [] },
    { ...warning, kind: 'nothingPossible' },
    { ...warning, kind: 'serviceNotPossibleHere', ...at, serviceIds: [ID_CARD] },
    { ...warning, kind: 'serviceNotPossibleAtCounter', counter: 2, clerkId: DAVID, serviceIds: [ID_CARD] },
    { ...warning, kind: 'longWait', ...at, previousVenueId: TOWN_HALL, fromMinute: 600, toMinute: 700, minutes: 100 },
    { ...warning, kind: 'sameVenueTwice', ...at, firstStop: 0 },
  ];

  it('are whole for every kind of conflict in both languages, also about what is not known', () => {
    const nothing: PlanningPicture = {
      municipalities: new Map(),
      depots: new Map(),
      venues: new Map(),
      kits: new Map(),
      clerks: new Map(),
      services: new Map(),
      closings: [],
      tours: [],
      busy: [],
    };
    for (const conflict of EACH) {
      for (const locale of ['de', 'en'] as const) {
        for (const where of [picture, nothing]) {
          const { title, text, fixes, kind } = present(conflict, locale, where);
          expect(title, kind).to.match(/^[^{}.]+(\. ?[^{}]+)?$/);
          expect(text, kind).to.match(/^[^{}]+\.$/);
          expect(text, kind).to.not.match(/undefined|NaN| {2}|\(\)|\.\./);
          for (const { label } of fixes) expect(label, kind).to.match(/^[^{}]+$/);
        }
      }
    }
  });

  it('have all been looked at', () => {
    const titles = [...textsOf('de').keys()].flatMap((key) => /^conflicts\.(\w+)\.title$/.exec(key)?.[1] ?? []);
    expect([...new Set(EACH.map(({ kind }) => kind))].sort()).to.deep.equal([...titles, 'unknown'].sort());
  });
});

describe('The sentence about a date that is left out', () => {
  const skip = (reason: SkipReason, locale: 'de' | 'en' = 'de') => words(presentSkip(reason, picture, locale));

  it('says why', () => {
    expect(skip({ kind: 'inPast' })).to.equal('Der Tag ist vorbei.');
    expect(skip({ kind: 'holiday', name: 'Neujahrstag' })).to.equal('Feiertag: Neujahrstag.');
    const closed = { kind: 'venueClosed', venueId: LIBRARY, reason: 'Betriebsferien' } as const;
    expect(skip({ ...closed, everywhere: false })).to.equal('Bücherei ist geschlossen (Betriebsferien).');
    expect(skip({ ...closed, everywhere: true })).to.equal('In Meerane gibt es keine Besuche (Betriebsferien).');
    expect(skip({ kind: 'outsideOpeningWindow', venueId: LIBRARY })).to.equal('Bücherei hat dann nicht offen.');
    const absent = { kind: 'clerkAbsent', clerkId: ANNA, fromDate: '2026-12-23', toDate: '2027-01-02' } as const;
    expect(skip({ ...absent, absence: 'vacation' })).to.equal(
      'Anna Winter ist vom 23. Dezember bis 2. Januar im Urlaub.',
    );
    expect(skip({ kind: 'clerkTaken', clerkId: ANNA, tourId: 7 })).to.equal('Anna Winter ist schon auf Tour 7.');
    expect(skip({ kind: 'clerkTaken', clerkId: ANNA, tourId: null })).to.equal(
      'Anna Winter ist schon auf der Tour einer anderen Kommune.',
    );
    expect(skip({ kind: 'kitTaken', kitId: KIT, tourId: 7 }, 'en')).to.equal('Koffer 1 is already on tour 7.');
    expect(skip({ kind: 'kitTaken', kitId: KIT, tourId: null }, 'en')).to.equal(
      'Koffer 1 is already on the tour of another municipality.',
    );
  });
});
