import { expect } from 'chai';
import type { Directory, Municipality, Service, Venue } from '../../server/domain/booking/office.ts';
import { DEFAULT_RULES } from '../../server/domain/booking/rules.ts';
import { buildPlaceIndex } from '../../server/domain/places/placeIndex.ts';
import { minuteToTick } from '../../server/domain/time.ts';
import type { Stop, StopQuery, StopWithCounters } from '../../server/domain/tours/stop.ts';
import {
  findNextVisits,
  findVenueVisits,
  findVisits,
  type FindVisitsDeps,
  type VisitsQuery,
} from '../../server/features/booking/visits/findVisits.ts';
import { createZone } from '../../server/zone.ts';

const zone = createZone('Europe/Berlin');
/** Sunday, 22 November 2026, 11:00. */
const NOW = zone.instantAt('2026-11-22', 11 * 60);
const HERE = { lat: 50.85, lon: 12.46 };

const PASSPORT = service(1, 'reisepass', 20, ['scanner']);
const CERTIFICATE = service(2, 'bescheinigung', 10, []);
const FULL_KIT = 1;
const SMALL_KIT = 2;
const ALL_ROUND = 1;
const NO_PASSPORTS = 2;

function service(id: number, slug: string, minutes: number, needs: string[]): Service {
  const texts = { name: slug, feeNote: null, note: null, documents: [] };
  return {
    id,
    slug,
    category: 'identity',
    position: id,
    minutes,
    maxPersons: 4,
    inPerson: true,
    combinable: true,
    needs,
    synonyms: [],
    fees: [],
    texts: { de: texts, en: texts },
  };
}

/** A venue so many kilometres north of HERE. */
function venue(id: number, km: number, stepFree = true): Venue {
  return {
    id,
    slug: `ort-${id}`,
    municipalityId: 1,
    name: 'Gemeindeamt',
    locality: `Ort ${id}`,
    street: 'Am Anger 2',
    postcode: '08393',
    city: 'Meerane',
    at: { lat: HERE.lat + km / 111.2, lon: HERE.lon },
    stepFree,
    retired: false,
    access: { de: null, en: null },
  };
}

const byId = <T extends { id: number }>(items: T[]): Map<number, T> => new Map(items.map((item) => [item.id, item]));

function directoryOf(venues: Venue[]): Directory {
  const municipality: Municipality = {
    id: 1,
    slug: 'meerane',
    name: 'Meerane',
    officeName: 'Bürgerbüro',
    contactEmail: null,
    contactPhone: null,
    postalAddress: '',
    cardOnly: true,
    at: HERE,
    rules: { ...DEFAULT_RULES, horizonDays: 60, leadMinutes: 120 },
  };
  const services = [PASSPORT, CERTIFICATE];
  return {
    municipalities: byId([municipality]),
    venues: byId(venues),
    services,
    servicesById: byId(services),
    servicesBySlug: new Map(services.map((one) => [one.slug, one])),
    kits: new Map([
      [FULL_KIT, ['scanner']],
      [SMALL_KIT, []],
    ]),
    clerks: new Map([
      [ALL_ROUND, [1, 2]],
      [NO_PASSPORTS, [2]],
    ]),
    places: buildPlaceIndex([]),
    placesById: new Map(),
  };
}

let nextId = 1;

/** A visit with one counter; from 9:00 to 10:00 unless said otherwise, which is six times ten minutes. */
function stop(
  venueId: number,
  date: string,
  more: { from?: number; to?: number; kit?: number; clerk?: number; takenMinutes?: number } = {},
): StopWithCounters {
  const fromMinute = more.from ?? 9 * 60;
  const toMinute = more.to ?? fromMinute + 60;
  const first = minuteToTick(fromMinute);
  return {
    id: nextId++,
    date,
    fromMinute,
    toMinute,
    startsAt: zone.instantAt(date, fromMinute),
    endsAt: zone.instantAt(date, toMinute),
    venueId,
    announced: null,
    kitId: more.kit ?? FULL_KIT,
    counters: [
      {
        counter: 1,
        clerkId: more.clerk ?? ALL_ROUND,
        taken: Array.from({ length: (more.takenMinutes ?? 0) / 5 }, (_, tick) => first + tick),
      },
    ],
  };
}

const FULL = { takenMinutes: 60 };

function officeOf(venues: Venue[], stops: StopWithCounters[], now = NOW): FindVisitsDeps & { queries: string[] } {
  const queries: string[] = [];
  const directory = directoryOf(venues);
  return {
    queries,
    directory: () => Promise.resolve(directory),
    clock: { now: () => now },
    zone,
    availability: {
      stops: (query: StopQuery) => {
        queries.push('stops');
        return Promise.resolve(
          stops
            .filter(
              (one) =>
                query.venueIds.includes(one.venueId) &&
                query.kitIds.includes(one.kitId) &&
                one.date >= query.fromDate &&
                one.date <= query.toDate &&
                (query.endsAfterMinute === undefined || one.toMinute > query.endsAfterMinute),
            )
            .sort((a, b) => a.startsAt - b.startsAt || a.id - b.id)
            .slice(0, query.limit),
        );
      },
      stop: () => Promise.resolve(undefined),
      withCounters: (asked: readonly Stop[]) => {
        queries.push('counters');
        return Promise.resolve(asked.map(({ id }) => stops.find((one) => one.id === id)!));
      },
    },
  };
}

function query(more: Partial<VisitsQuery> = {}): VisitsQuery {
  return { from: HERE, service: null, stepFree: false, within: null, afternoon: false, free: false, page: 1, ...more };
}

const idsOf = (visits: readonly { stop: Stop }[]): number[] => visits.map((visit) => visit.stop.id);

describe('The visits near a citizen', () => {
  it('come by date, on the same day the nearest first', async () => {
    const far = stop(2, '2026-12-01', { from: 8 * 60 });
    const near = stop(1, '2026-12-01', { from: 14 * 60 });
    const soon = stop(2, '2026-11-30');
    const found = await findVisits(officeOf([venue(1, 0.2), venue(2, 5)], [far, near, soon]), query());
    expect(idsOf(found.visits)).to.deep.equal([soon.id, near.id, far.id]);
    expect(found).to.include({ total: 3, pages: 1, lastDate: '2026-12-01' });
  });

  it('are found with two queries, however many they are', async () => {
    const venues = Array.from({ length: 30 }, (_, index) => venue(index + 1, index / 3));
    const stops = venues.flatMap(({ id }) => [stop(id, '2026-12-01'), stop(id, '2026-12-02')]);
    const office = officeOf(venues, stops);
    const found = await findVisits(office, query({ page: 3 }));
    expect(office.queries).to.deep.equal(['stops', 'counters']);
    expect(found).to.include({ total: 60, page: 3, pages: 6 });
    expect(found.visits).to.have.length(10);
  });

  it('beyond the last page are those of the last page', async () => {
    const one = stop(1, '2026-12-01');
    const found = await findVisits(officeOf([venue(1, 1)], [one]), query({ page: 999 }));
    expect(idsOf(found.visits)).to.deep.equal([one.id]);
    expect(found.page).to.equal(1);
  });

  it('name the nearest with free times beside the soonest', async () => {
    const soonFar = stop(2, '2026-11-24');
    const nearFull = stop(1, '2026-11-25', FULL);
    const nearFree = stop(1, '2026-12-08');
    const found = await findVisits(officeOf([venue(1, 2), venue(2, 6)], [soonFar, nearFull, nearFree]), query());
    expect(found.nearest?.stop.id).to.equal(nearFree.id);
    expect(found.soonest?.stop.id).to.equal(soonFar.id);
  });

  it('count venues of the same place as equally near: the sooner one wins', async () => {
    const closest = stop(1, '2026-12-08');
    const sooner = stop(2, '2026-11-24');
    const found = await findVisits(officeOf([venue(1, 0.1), venue(2, 0.8)], [closest, sooner]), query());
    expect(found.nearest?.stop.id).to.equal(sooner.id);
  });

  it('have no nearest one while no place is named', async () => {
    const found = await findVisits(officeOf([venue(1, 1)], [stop(1, '2026-12-01')]), query({ from: null }));
    expect(found.nearest).to.equal(null);
    expect(found.visits[0]?.metres).to.equal(null);
  });

  it('say how many of the shortest appointments are free', async () => {
    // 60 minutes, 25 of them taken: 35 minutes are three times ten.
    const found = await findVisits(officeOf([venue(1, 1)], [stop(1, '2026-12-01', { takenMinutes: 25 })]), query());
    expect(found.visits[0]).to.include({ state: 'open', free: 3 });
  });

  it('say how many appointments of the chosen service are free', async () => {
    // 35 minutes are once twenty.
    const office = officeOf([venue(1, 1)], [stop(1, '2026-12-01', { takenMinutes: 25 })]);
    expect((await findVisits(office, query({ service: PASSPORT }))).visits[0]).to.include({ state: 'open', free: 1 });
  });

  it('point from a full one to the next there with free times', async () => {
    const full = stop(1, '2026-12-01', FULL);
    const alsoFull = stop(1, '2026-12-08', FULL);
    const free = stop(1, '2026-12-15');
    const elsewhere = stop(2, '2026-12-02');
    const found = await findVisits(officeOf([venue(1, 1), venue(2, 1.5)], [full, alsoFull, free, elsewhere]), query());
    expect(found.visits[0]).to.include({ state: 'full', free: 0 });
    expect(found.visits[0]?.next?.id).to.equal(free.id);
    expect(found.visits.find((visit) => visit.stop.id === free.id)?.next).to.equal(null);
  });

  it('are for the telephone only when they are too near to be booked online', async () => {
    const today = stop(1, '2026-11-22', { from: 12 * 60, to: 12 * 60 + 45 });
    const found = await findVisits(officeOf([venue(1, 1)], [today]), query());
    expect(found.visits[0]).to.include({ state: 'phone', free: 0 });
    expect(found.soonest).to.equal(null);
  });

  it('leave out what is over, and what may not be booked yet', async () => {
    const over = stop(1, '2026-11-22', { from: 9 * 60, to: 11 * 60 });
    const lastDay = stop(1, '2027-01-21');
    const tooFar = stop(1, '2027-01-22');
    const found = await findVisits(officeOf([venue(1, 1)], [over, lastDay, tooFar]), query());
    expect(idsOf(found.visits)).to.deep.equal([lastDay.id]);
  });

  it('leave out whom kit or crew fail the chosen service', async () => {
    const able = stop(1, '2026-12-03');
    const stops = [stop(1, '2026-12-01', { kit: SMALL_KIT }), stop(1, '2026-12-02', { clerk: NO_PASSPORTS }), able];
    const found = await findVisits(officeOf([venue(1, 1)], stops), query({ service: PASSPORT }));
    expect(idsOf(found.visits)).to.deep.equal([able.id]);
    expect((await findVisits(officeOf([venue(1, 1)], stops), query({ service: CERTIFICATE }))).total).to.equal(3);
  });

  it('can be narrowed down to step-free ones, near ones, afternoons and free ones', async () => {
    const venues = [venue(1, 1), venue(2, 7), venue(3, 2, false)];
    const plain = stop(1, '2026-12-01');
    const far = stop(2, '2026-12-02');
    const steps = stop(3, '2026-12-03');
    const afternoon = stop(1, '2026-12-04', { from: 12 * 60 + 30, to: 13 * 60 + 5 });
    const untilOne = stop(1, '2026-12-05', { from: 12 * 60, to: 13 * 60 });
    const full = stop(1, '2026-12-06', FULL);
    const office = officeOf(venues, [plain, far, steps, afternoon, untilOne, full]);
    const ids = async (more: Partial<VisitsQuery>): Promise<number[]> =>
      idsOf((await findVisits(office, query(more))).visits);

    const all = await ids({});
    const dropped = async (more: Partial<VisitsQuery>): Promise<number[]> => {
      const left = await ids(more);
      return all.filter((id) => !left.includes(id));
    };
    expect(all).to.have.length(6);
    expect(await dropped({ stepFree: true })).to.deep.equal([steps.id]);
    expect(await dropped({ within: 5_000 })).to.deep.equal([far.id]);
    expect(await dropped({ free: true })).to.deep.equal([full.id]);
    expect(await ids({ afternoon: true })).to.deep.equal([afternoon.id]);
  });
});

describe('The next visits of the office', () => {
  it('are the soonest with free times, and each place once', async () => {
    const stops = [
      stop(2, '2026-11-24', FULL),
      stop(1, '2026-11-25'),
      stop(1, '2026-11-26'),
      stop(2, '2026-11-27'),
      stop(2, '2026-11-28'),
    ];
    const office = officeOf([venue(1, 1), venue(2, 2), venue(3, 3)], stops);
    const found = await findNextVisits(office, 3);
    expect(found.visits.map(({ stop: { date } }) => date)).to.deep.equal(['2026-11-25', '2026-11-26', '2026-11-27']);
    expect(found.venues.map(({ id }) => id)).to.deep.equal([2, 1]);
    expect(office.queries).to.deep.equal(['stops', 'counters']);
  });
});

describe('The visits to one venue', () => {
  it('tell what can be done there always, sometimes, and where the rest is possible next', async () => {
    const venues = [venue(1, 1), venue(2, 3), venue(3, 9)];
    const small = stop(1, '2026-12-01', { kit: SMALL_KIT });
    const farSooner = stop(3, '2026-11-24');
    const nearer = stop(2, '2026-12-10');
    const office = officeOf(venues, [small, farSooner, nearer]);
    const found = await findVenueVisits(office, venues[0]!);
    expect(idsOf(found.visits)).to.deep.equal([small.id]);
    expect(found.services.map(({ service: { slug }, onlyFrom }) => [slug, onlyFrom])).to.deep.equal([
      ['bescheinigung', null],
    ]);
    expect(
      found.elsewhere.map(({ services, visit }) => [services.map(({ slug }) => slug), visit?.stop.id]),
    ).to.deep.equal([[['reisepass'], nearer.id]]);
    expect(office.queries).to.deep.equal(['stops', 'counters']);

    const mixed = await findVenueVisits(officeOf(venues, [small, stop(1, '2026-12-08')]), venues[0]!);
    expect(mixed.services.map(({ service: { slug }, onlyFrom }) => [slug, onlyFrom])).to.deep.equal([
      ['reisepass', '2026-12-08'],
      ['bescheinigung', null],
    ]);
    expect(mixed.elsewhere).to.deep.equal([]);
  });

  it('say nothing of services while no visit is planned', async () => {
    const found = await findVenueVisits(officeOf([venue(1, 1)], []), venue(1, 1));
    expect(found).to.deep.equal({ visits: [], services: [], elsewhere: [] });
  });

  it('name what can be done nowhere near', async () => {
    const found = await findVenueVisits(
      officeOf([venue(1, 1)], [stop(1, '2026-12-01', { kit: SMALL_KIT })]),
      venue(1, 1),
    );
    expect(found.elsewhere.map(({ services, visit }) => [services.map(({ slug }) => slug), visit])).to.deep.equal([
      [['reisepass'], null],
    ]);
  });
});
