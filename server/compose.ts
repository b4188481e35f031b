import { randomBytes, randomInt } from 'node:crypto';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { pino, type Logger } from 'pino';
import { createApp } from './app.ts';
import { composeGeography } from './compose/geography.ts';
import { officeJobs } from './compose/jobs.ts';
import { composeMessages } from './compose/messages.ts';
import { waysOf } from './compose/wayOut.ts';
import type { Config } from './config.ts';
import { readActor } from './data/actorRepository.ts';
import { createAppointmentRepository, createAppointmentUnit } from './data/appointmentRepository.ts';
import { createCallbackRepository, createCallbackUnit } from './data/callbackRepository.ts';
import { createCallRepository } from './data/callRepository.ts';
import { createClerkRepository } from './data/clerkRepository.ts';
import { createClosingDayRepository } from './data/closingDayRepository.ts';
import { createCrewDayRepository, readTourNotes } from './data/crewDayRepository.ts';
import { createCrewDayUnit } from './data/crewDayUnit.ts';
import { createCsvImportRepository } from './data/csvImportRepository.ts';
import { createDepotAdminRepository } from './data/depotAdminRepository.ts';
import { createDeskRepository, createDeskUnit, createWaitingRepository } from './data/deskRepository.ts';
import { createAuditRepository } from './data/auditRepository.ts';
import { keepFor, readDirectory } from './data/directoryRepository.ts';
import { createFeedReader } from './data/feedReader.ts';
import { createFeedRepository } from './data/feedRepository.ts';
import { createHotlineCallRepository } from './data/hotlineCallRepository.ts';
import { createHousekeepingRepository } from './data/housekeepingRepository.ts';
import { createKitAdminRepository } from './data/kitAdminRepository.ts';
import { openDatabase, type Database } from './data/knex.ts';
import { createLateMessages } from './data/lateMessages.ts';
import { createLetterRepository, createLetterUnit } from './data/letterRepository.ts';
import { createLookupGuard, officeKey } from './data/lookupGuard.ts';
import { migrateUp } from './data/migrate.ts';
import { createMunicipalityAdminRepository } from './data/municipalityAdminRepository.ts';
import { createOfficeRepository } from './data/officeRepository.ts';
import { readPlanningPicture } from './data/planningRepository.ts';
import { createServiceAdminRepository } from './data/serviceAdminRepository.ts';
import { createSessionRepository } from './data/sessionRepository.ts';
import { createSignInGuard } from './data/signInGuard.ts';
import { createStopRepository } from './data/stopRepository.ts';
import { createTourRepository, createTourUnit } from './data/tourRepository.ts';
import { createTourTimesRepository } from './data/tourTimes.ts';
import { createVenueAdminRepository } from './data/venueAdminRepository.ts';
import { createUserRepository, createUserUnit } from './data/userRepository.ts';
import { seedDemonstration } from './demo/seed.ts';
import { DEMO_USERS } from './demo/users.ts';
import type { Scope } from './domain/access.ts';
import type { Directory } from './domain/booking/office.ts';
import type { LocalDate } from './domain/time.ts';
import { addressRoutes } from './features/addresses/routes.ts';
import { callbackRoutes } from './features/callbacks/routes.ts';
import { hotlineRoutes } from './features/hotline/routes.ts';
import { letterRoutes } from './features/letters/routes.ts';
import { calendarRoutes } from './features/calendar/routes.ts';
import { notificationRoutes } from './features/notifications/routes.ts';
import { createDesk } from './features/booking/desk/desk.ts';
import { createProof } from './features/booking/proof.ts';
import { bookingRoutes } from './features/booking/routes.ts';
import { infoRoutes } from './features/info/routes.ts';
import { mapDataRoutes } from './features/mapData/routes.ts';
import { tileRoutes } from './features/map/routes.ts';
import { masterDataRoutes } from './features/masterData/routes.ts';
import { myDayRoutes } from './features/myDay/routes.ts';
import { createPasswords } from './features/staff/passwords.ts';
import { staffRoutes } from './features/staff/routes.ts';
import { timetableRoutes } from './features/timetable/routes.ts';
import { boardRoutes } from './features/tours/board/routes.ts';
import { tourRoutes } from './features/tours/edit/routes.ts';
import { freshTimes, renewTimes } from './features/tours/freshTimes.ts';
import { createCommonPasswords } from './gateways/commonPasswords.ts';
import { createHolidays } from './gateways/holidays.ts';
import { createOidc } from './gateways/oidc.ts';
import type { Job } from './jobs/schedule.ts';
import { ROUTES } from './paths.ts';
import { createAssets } from './web/assets.ts';
import { translator, type Locale } from './web/locale.ts';
import { createRender } from './web/render.ts';
import { guardRoutes, staffSession } from './web/session.ts';
import { createZone } from './zone.ts';

/** How old the picture of the slowly changing data may be, in milliseconds. */
const DIRECTORY_AGE = 1_000;

/** The folder with views/, public/ and package.json: above server/ in the sources, above dist/server/ when built. */
export function projectRoot(): string {
  const here = path.dirname(fileURLToPath(import.meta.url));
  return path.basename(path.dirname(here)) === 'dist' ? path.resolve(here, '../..') : path.resolve(here, '..');
}

export interface Office {
  app: ReturnType<typeof createApp>;
  database: Database;
  log: Logger;
  jobs: readonly Job[];
  close(): Promise<void>;
}

export interface Edge {
  /** Epoch milliseconds. */
  now: () => number;
  log?: Logger;
}

/**
 * Builds the whole program from its configuration: opens and migrates the database, fills it with demonstration data
 * where none was configured, and puts every part together.
 */
export async function composeOffice(config: Config, edge: Edge = { now: Date.now }): Promise<Office> {
  const log = edge.log ?? pino({ level: config.logLevel, serializers: { err: withoutRows } });
  const root = projectRoot();
  const clock = { now: edge.now };
  const zone = createZone(config.timeZone);

  const database = openDatabase(config.database);
  await migrateUp(database);
  if (config.demonstration) {
    await seedDemonstration(database, clock.now(), zone);
  }

  const ways = waysOf(config);
  const directory = keepFor<Directory>(DIRECTORY_AGE, clock.now, (previous) =>
    readDirectory(database.reader, previous, ways),
  );
  const assets = createAssets(root, config.timeZone);
  const render = createRender({
    views: path.join(root, 'views'),
    assets,
    demonstration: config.demonstration,
    officialSite: config.officialSite,
    cache: process.env['NODE_ENV'] !== 'development',
    owner: async (locale) => ownerOf(await directory(), locale),
  });
  const geography = await composeGeography({ config, database, assets, now: clock.now, log });
  const { travel, map, addresses } = geography;
  const sessions = {
    rows: createSessionRepository(database),
    secret: await officeKey(database, 'session'),
    now: clock.now,
    idleMinutes: config.sessionIdleMinutes,
    actor: (userId: number) => readActor(database.reader, userId),
  };
  const tours = {
    render,
    map,
    picture: (scope: Scope, fromDate: LocalDate, toDate: LocalDate) =>
      readPlanningPicture(database.reader, scope, fromDate, toDate, clock.now()),
    ...createTourRepository(database.reader),
    notes: (tourId: number) => readTourNotes(database.reader, tourId),
    ...createTourTimesRepository(database.reader),
    calls: createCallRepository(database, clock.now),
    unit: <T>(work: (unit: ReturnType<typeof createTourUnit>) => Promise<T>): Promise<T> =>
      database.unit((trx) => work(createTourUnit(trx, ways))),
    travel,
    holidays: createHolidays(),
    clock,
    zone,
    random: { series: () => randomBytes(16).toString('base64url') },
  };
  const random = {
    int: (max: number) => randomInt(max),
    secret: () => randomBytes(16).toString('base64url'),
    fraction: () => randomInt(2 ** 32) / 2 ** 32,
  };
  const signInGuard = createSignInGuard(database, await officeKey(database, 'signIn'));
  const proof = createProof(await officeKey(database, 'confirmation'));
  const messages = composeMessages({ config, database, directory, ways, proof, clock, zone, log });

  const app = createApp({
    render,
    assets: assets.router,
    access: [staffSession(sessions), guardRoutes(sessions)],
    features: [
      bookingRoutes({
        render,
        directory,
        availability: createStopRepository(database.reader),
        appointments: createAppointmentRepository(database.reader),
        unit: (work) => database.unit((trx) => work(createAppointmentUnit(trx, ways))),
        guard: createLookupGuard(database, await officeKey(database, 'lookup')),
        clock,
        zone,
        random,
        proof,
        publicUrl: config.publicUrl,
        demonstration: config.demonstration,
        map,
        addresses,
      }),
      addressRoutes({ addresses }),
      hotlineRoutes({
        render,
        directory,
        addresses,
        availability: createStopRepository(database.reader),
        appointments: createDeskRepository(database.reader),
        desk: createDesk({
          directory,
          appointments: createDeskRepository(database.reader),
          unit: (work) => database.unit((trx) => work(createDeskUnit(trx, ways))),
          clock,
          zone,
          random,
        }),
        calls: createHotlineCallRepository(database),
        waiting: createWaitingRepository(database.reader),
        clock,
        zone,
        random,
      }),
      callbackRoutes({
        render,
        office: createOfficeRepository(database.reader),
        callbacks: createCallbackRepository(database.reader),
        unit: (work) => database.unit((trx) => work(createCallbackUnit(trx))),
        holidays: tours.holidays,
        clock,
        zone,
      }),
      letterRoutes({
        render,
        directory,
        letters: createLetterRepository(database.reader),
        texts: messages.texts,
        unit: (work) => database.unit((trx) => work(createLetterUnit(trx))),
        clock,
        zone,
        publicUrl: config.publicUrl,
      }),
      notificationRoutes({ render, clock, zone, ...messages.pages }),
      calendarRoutes({
        render,
        directory,
        feeds: createFeedRepository(database),
        tours: createFeedReader(database.reader),
        actor: sessions.actor,
        key: await officeKey(database, 'calendar'),
        clock,
        zone,
        random,
        publicUrl: config.publicUrl,
      }),
      infoRoutes({ render, directory }),
      tileRoutes(geography.tiles),
      timetableRoutes({
        render,
        directory,
        stops: createStopRepository(database.reader),
        clock,
        zone,
        publicUrl: config.publicUrl,
      }),
      staffRoutes({
        render,
        users: createUserRepository(database.reader),
        unit: (work) => database.unit((trx) => work(createUserUnit(trx))),
        guard: signInGuard,
        sessions: sessions.rows,
        passwords: createPasswords(),
        commonPasswords: createCommonPasswords(),
        trail: createAuditRepository(database.reader),
        provider:
          config.oidc === null
            ? null
            : createOidc({ ...config.oidc, redirectUri: `${config.publicUrl ?? ''}${ROUTES.signInReturn}`, log }),
        demoUsers: config.demonstration ? DEMO_USERS : null,
        clock,
        zone,
      }),
      masterDataRoutes({
        render,
        clock,
        zone,
        holidays: tours.holidays,
        map,
        addresses,
        office: createOfficeRepository(database.reader),
        municipalities: createMunicipalityAdminRepository(database),
        venues: createVenueAdminRepository(database),
        depots: createDepotAdminRepository(database),
        kits: createKitAdminRepository(database),
        closingDays: createClosingDayRepository(database),
        services: createServiceAdminRepository(database),
        clerks: createClerkRepository(database),
        csv: createCsvImportRepository(database),
      }),
      mapDataRoutes({
        render,
        ...geography.mapData,
        clock,
        zone,
      }),
      boardRoutes(tours),
      tourRoutes(tours),
      myDayRoutes({
        render,
        days: createCrewDayRepository(database.reader, clock.now),
        unit: (work) => database.unit((trx) => work(createCrewDayUnit(trx))),
        directory,
        freshTimes: (tourId) => freshTimes(tours, tourId),
        travel,
        messages: createLateMessages(database, ways, clock.now),
        map,
        clock,
        zone,
        random: {
          int: (max) => randomInt(max),
          secret: () => randomBytes(16).toString('base64url'),
        },
      }),
    ],
    log,
    trustProxy: config.trustProxy,
    publicUrl: config.publicUrl,
    checkDatabase: async () => {
      await database.reader('municipalities').limit(1);
    },
  });

  return {
    app,
    database,
    log,
    jobs: officeJobs({
      database,
      log,
      clock,
      zone,
      ways,
      messages: messages.jobs,
      housekeeping: createHousekeepingRepository(database),
      signIns: { ...sessions.rows, ...signInGuard },
      tourTimes: { renewTimes: (span) => renewTimes(tours, span) },
      forgetTravel: geography.forgetTravel,
      seed: config.demonstration ? (now) => seedDemonstration(database, now, zone) : null,
    }),
    close: async () => {
      messages.close();
      await geography.close();
      await database.close();
    },
  };
}

/** An error as it may be logged: PostgreSQL adds the row it refused (`detail`, `where`), with names and secrets. */
function withoutRows(error: Error): object {
  const { detail, where, ...safe } = pino.stdSerializers.err(error) as unknown as Record<string, unknown>;
  return detail === undefined && where === undefined ? safe : { ...safe, rowLeftOut: true };
}

/** Whose office it is, for header and footer. */
function ownerOf(directory: Awaited<ReturnType<typeof readDirectory>>, locale: Locale): { name: string; line: string } {
  const t = translator(locale);
  const all = [...directory.municipalities.values()];
  const [first, second] = all;
  if (first === undefined) {
    return { name: t('layout.ownerNone'), line: '' };
  }
  const name =
    second === undefined
      ? first.name
      : all.length === 2
        ? t('layout.ownerAnd', { first: first.name, second: second.name })
        : t('layout.ownerMany', { count: all.length });
  // "Stadt M., Bürgerbüro" and "Stadt M., Bürgerbüro, für die Gemeinde S." are one office: the longer name says both.
  const names = [...new Set(all.map(({ officeName }) => officeName))];
  const offices = names.filter((one) => !names.some((other) => other !== one && other.startsWith(one)));
  return { name, line: offices.length <= 2 ? t('layout.offer', { offices: offices.join('; ') }) : '' };
}
