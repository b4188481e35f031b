import { expect } from 'chai';
import { accessTo, type RouteName } from '../server/domain/access.ts';
import { ROUTES } from '../server/paths.ts';
import { startApp, type RunningApp } from './support/app.ts';
import { createDesk, insertTour, OFFICE_ZONE, seedSmallOffice, type SmallOffice } from './support/officeFixture.ts';
import { insertUser, signedIn } from './support/staff.ts';
import type { Visitor } from './support/visitor.ts';

const NOW = OFFICE_ZONE.instantAt('2026-12-01', 8 * 60);
const DATE = '2026-12-08';
/** A word in the name of everything the other municipality has. */
const SECRET = 'Zwickelstein';

/** One of each thing, all of another municipality. */
interface Foreign {
  municipality: number;
  venue: number;
  depot: number;
  kit: number;
  clerk: number;
  absence: number;
  closingDay: number;
  tour: number;
  draft: number;
  stop: number;
  call: number;
  callback: number;
  appointment: number;
  user: number;
  feed: number;
  message: number;
}

async function insertForeign({ database }: RunningApp['office'], office: SmallOffice): Promise<Foreign> {
  const { writer } = database;
  const insert = async (table: string, row: object): Promise<number> => {
    const [inserted] = await writer<{ id: number }>(table).insert(row, ['id']);
    return inserted?.id ?? 0;
  };
  const municipality = await insert('municipalities', {
    slug: 'zwickelstein',
    // Whose offices these are stands in every header; the address does not.
    name: 'Nachbarort',
    ags: '14524999',
    office_name: 'Stadt Nachbarort',
    postal_address: `${SECRET}platz 1`,
    lat: 50.7,
    lon: 12.5,
  });
  const municipality_id = municipality;
  const venue = await insert('venues', {
    municipality_id,
    slug: 'zwickelstein-rathaus',
    name: `Rathaus ${SECRET}`,
    locality: SECRET,
    street: `${SECRET}weg 1`,
    postcode: '08056',
    city: SECRET,
    lat: 50.7,
    lon: 12.5,
    step_free: true,
  });
  const depot = await insert('depots', { municipality_id, name: `Bauhof ${SECRET}`, lat: 50.7, lon: 12.5 });
  const kit = await insert('kits', { municipality_id, name: `Koffer ${SECRET}`, depot_id: depot });
  await writer('kit_capabilities').insert({ kit_id: kit, capability: 'fingerprint' });
  const clerk = await insert('clerks', { municipality_id, name: `Frau ${SECRET}` });
  await writer('clerk_qualifications').insert({ clerk_id: clerk, service_id: office.services.idCard });
  const days = { from_date: '2026-12-24', to_date: '2027-01-01' };
  const absence = await insert('absences', { clerk_id: clerk, ...days, kind: 'vacation' });
  const closingDay = await insert('closing_days', { municipality_id, venue_id: venue, ...days, reason: SECRET });
  const [stop = 0] = await insertTour(database, {
    date: DATE,
    municipalityId: municipality,
    kitId: kit,
    clerkId: clerk,
    stops: [{ venueId: venue, fromMinute: 540, toMinute: 720 }],
  });
  const tour =
    (await writer<{ id: number; tour_id: number }>('stops').where('id', stop).first('tour_id'))?.tour_id ?? 0;
  await writer('tours').where('id', tour).update({ depot_id: depot });
  const draft = await insert('tours', { municipality_id, date: '2026-12-10', state: 'draft', created_at: 0 });
  const desk = createDesk(database, () => NOW);
  const appointment = await desk.book({ stopId: stop, minute: 540, familyName: `${SECRET}er` });
  const call = await insert('call_list', {
    appointment_id: appointment.id,
    kind: 'changed',
    old_date: DATE,
    old_minute: 540,
    old_venue_id: venue,
    created_at: NOW,
  });
  const callback = await insert('callbacks', {
    municipality_id,
    name: `Frau ${SECRET}`,
    phone: '03764 1',
    reason: SECRET,
    created_at: NOW,
    due_at: NOW,
  });
  const message = await insert('outbox', {
    key: 'f'.repeat(22),
    municipality_id,
    appointment_id: appointment.id,
    channel: 'email',
    kind: 'booked',
    changed_by: 'person',
    sequence: 0,
    date: DATE,
    start_tick: 108,
    ticks: 4,
    starts_at: NOW,
    ends_at: NOW,
    created_at: NOW,
    expires_at: NOW,
    next_at: NOW,
    state: 'failed',
    done_at: NOW,
    error: `recipient: 550 ${SECRET}`,
    subject: SECRET,
    body: SECRET,
  });
  const { id: user } = await insertUser(database, ['planner'], {
    municipalities: [municipality],
    name: `Herr ${SECRET}`,
    email: 'planung@zwickelstein.example',
  });
  const feed = await insert('calendar_feeds', {
    token_hash: 'f'.repeat(64),
    user_id: user,
    kind: 'kit',
    kit_id: kit,
    label: `Telefon ${SECRET}`,
    locale: 'de',
    created_at: NOW,
  });
  await writer('audit_entries').insert({
    at: NOW,
    user_name: `Herr ${SECRET}`,
    municipality_id,
    subject: 'venue',
    subject_id: venue,
    subject_label: `Rathaus ${SECRET}`,
    action: 'changed',
    changes: JSON.stringify([{ field: 'name', from: 'a', to: SECRET }]),
  });
  return {
    municipality,
    venue,
    depot,
    kit,
    clerk,
    absence,
    closingDay,
    tour,
    draft,
    stop,
    call,
    callback,
    appointment: appointment.id,
    user,
    feed,
    message,
  };
}

/** Whose id stands in the address of a route. */
function subjectOf(name: RouteName): keyof Foreign | 'service' | undefined {
  const starts: readonly [prefix: string, subject: keyof Foreign | 'service'][] = [
    ['staffMunicipality', 'municipality'],
    ['staffVenue', 'venue'],
    ['staffDepot', 'depot'],
    ['staffKit', 'kit'],
    ['staffClerk', 'clerk'],
    ['staffAbsence', 'absence'],
    ['staffClosingDay', 'closingDay'],
    ['staffService', 'service'],
    ['tourDeletion', 'draft'],
    ['tourPublication', 'draft'],
    ['tourTick', 'appointment'],
    ['tourWalkIn', 'stop'],
    ['tour', 'tour'],
    ['stopMove', 'stop'],
    ['stopNotice', 'stop'],
    ['callDone', 'call'],
    ['callback', 'callback'],
    ['message', 'message'],
    ['user', 'user'],
    ['feedEnd', 'feed'],
  ];
  return starts.find(([prefix]) => name.startsWith(prefix))?.[1];
}

const INSIDE = (Object.keys(ROUTES) as RouteName[]).filter(
  (name) => !['public', 'signingIn', 'signedIn'].includes(accessTo(name, 'POST')),
);

describe('What belongs to another municipality', () => {
  let app: RunningApp;
  let office: SmallOffice;
  let foreign: Foreign;
  let planner: Visitor;
  let admin: Visitor;
  let clerk: Awaited<ReturnType<typeof signedIn>>;

  /** Everything in the database except sessions and the history of sign-ins: to see that nothing has changed. */
  async function everything(): Promise<string> {
    const tables = ['municipalities', 'venues', 'venue_opening_windows', 'closing_days', 'depots', 'kits', 'kit_capabilities', 'clerks', 'clerk_hours', 'clerk_qualifications', 'absences', 'tours', 'tour_kits', 'tour_clerks', 'tour_services', 'tour_times', 'tour_actions', 'tour_packing', 'stops', 'stop_counters', 'appointments', 'call_list', 'callbacks', 'outbox', 'message_texts', 'municipality_relays', 'users', 'user_roles', 'services', 'calendar_feeds', 'audit_entries']; // prettier-ignore
    const rows = await Promise.all(tables.map(async (table) => [table, await app.office.database.reader(table)]));
    return JSON.stringify(rows);
  }

  before(async function () {
    this.timeout(60_000);
    app = await startApp({ now: () => NOW });
    office = await seedSmallOffice(app.office.database, { date: DATE });
    foreign = await insertForeign(app.office, office);
    const options = { municipalities: [office.municipalityId], now: NOW };
    planner = await signedIn(app, 'planner', options);
    admin = await signedIn(app, 'admin', options);
    clerk = await signedIn(app, 'clerk', options);
    await app.office.database.writer('clerks').where('id', office.clerkId).update({ user_id: clerk.user.id });
  });
  after(async () => {
    planner.close();
    admin.close();
    clerk.close();
    await app.stop();
  });

  it('is known for every address with a number in it', () => {
    const unknown = INSIDE.filter((name) => ROUTES[name].includes(':id') && subjectOf(name) === undefined);
    expect(unknown).to.deep.equal([]);
  });

  for (const name of INSIDE.filter((one) => ROUTES[one].includes(':id'))) {
    it(`cannot be reached through ${ROUTES[name]}`, async () => {
      const subject = subjectOf(name);
      if (subject === undefined) throw new Error(`No subject for ${name}`);
      const id = subject === 'service' ? office.services.idCard : foreign[subject];
      const path = ROUTES[name].replace(':id', String(id)).replace(':kind', 'booked');
      const before = await everything();
      for (const [who, visitor] of Object.entries({ planner, admin, clerk })) {
        for (const method of ['GET', 'POST']) {
          if (subject === 'service' && method === 'GET') continue; // services belong to the whole installation
          const asked = await visitor.ask(path, { method });
          // A page may lead to the one of the thing itself, which then is not there.
          const isLed = method === 'GET' && asked.status === 303;
          const answer = isLed ? await visitor.get(asked.location ?? '') : asked;
          expect([403, 404], `${who}: ${method} ${path} answered ${answer.status}`).to.include(answer.status);
          expect(answer.html, `${who}: ${method} ${path}`).not.to.contain(SECRET);
        }
      }
      expect(await everything(), 'the database').to.equal(before);
    });
  }

  for (const name of INSIDE.filter((one) => !ROUTES[one].includes(':id'))) {
    it(`does not show in ${ROUTES[name]}`, async () => {
      for (const visitor of [planner, admin, clerk]) {
        for (const query of [
          '',
          '?woche=2026-W50',
          '?monat=2026-12',
          '?suche=Zwickel',
          '?datum=2026-12-08',
          '?stillgelegt=1',
        ]) {
          const answer = await visitor.get(ROUTES[name] + query);
          expect(answer.status, `${ROUTES[name]}${query}`).to.be.lessThan(500);
          const said = answer.html.replaceAll('Zwickel"', '"'); // what was searched for stands in its field
          expect(said, `${ROUTES[name]}${query}`).not.to.contain(SECRET);
        }
      }
    });
  }

  it('is reached by those of that municipality, so that the tests above are about something', async () => {
    const options = { municipalities: [foreign.municipality], now: NOW };
    const theirs = await signedIn(app, ['planner', 'admin'], options);
    for (const name of [
      'staffVenue',
      'staffKit',
      'staffClerk',
      'staffDepot',
      'staffMunicipality',
      'tour',
      'user',
    ] as const) {
      const id = foreign[subjectOf(name) as keyof Foreign];
      const answer = await theirs.get(ROUTES[name].replace(':id', String(id)));
      expect(answer.status, name).to.equal(200);
      expect(answer.html, name).to.contain(SECRET);
    }
    const board = await theirs.get('/intern/woche?woche=2026-W50');
    expect(board.html).to.contain(SECRET);
    theirs.close();
  });
});
