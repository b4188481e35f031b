import type { DatabaseConfig } from '../../server/data/knex.ts';
import type { Role } from '../../server/domain/access.ts';
import type { Appointment } from '../../server/domain/booking/appointment.ts';
import { startApp, type RunningApp } from './app.ts';
import { createDesk, seedSmallOffice, type FixtureBooking, type SmallOffice } from './officeFixture.ts';
import { signedIn, type StaffOptions } from './staff.ts';
import { createVisitor, type Visitor } from './visitor.ts';

/** A Tuesday two weeks ahead, on which the small office has its tour. */
export const TUESDAY = '2026-12-08';

/** The small office in a running program, for those who plan its tours. */
export interface TourOffice extends SmallOffice {
  app: RunningApp;
  /** The one published tour, on TUESDAY. */
  tourId: number;
  signIn(role: Role, options?: StaffOptions): Promise<Visitor>;
  citizen(): Visitor;
  /** Books at the first stop, at 9:00 if nothing else is said. */
  book(booking?: Partial<FixtureBooking>): Promise<Appointment>;
  /** Time goes on, in milliseconds. */
  wait(milliseconds: number): void;
  close(): Promise<void>;
}

/** @param config default: a new SQLite file */
export async function openOffice(config?: DatabaseConfig): Promise<TourOffice> {
  let time = Date.parse('2026-11-24T08:00:00Z');
  const now = (): number => time;
  const app = await startApp({ now, ...(config === undefined ? {} : { database: config }) });
  const { database } = app.office;
  const office = await seedSmallOffice(database, { date: TUESDAY });
  await database.writer('tours').update({ depot_id: office.depotId });
  const [tour] = await database.reader<{ id: number }>('tours').select('id');
  const desk = createDesk(database, now);
  const visitors: Visitor[] = [];
  const keep = <V extends Visitor>(visitor: V): V => {
    visitors.push(visitor);
    return visitor;
  };
  return {
    ...office,
    app,
    tourId: tour?.id ?? 0,
    signIn: async (role, options = {}) => keep(await signedIn(app, role, { now: time, ...options })),
    citizen: () => keep(createVisitor(app.origin)),
    book: (booking = {}) => desk.book({ stopId: office.firstStopId, minute: 9 * 60, ...booking }),
    wait: (milliseconds) => void (time += milliseconds),
    close: async () => {
      for (const visitor of visitors) visitor.close();
      await app.stop();
    },
  };
}

/** @returns the id of the new row */
export async function insertOneRow(office: Pick<TourOffice, 'app'>, table: string, row: object): Promise<number> {
  const [inserted] = await office.app.office.database.writer<{ id: number }>(table).insert(row, ['id']);
  return inserted?.id ?? 0;
}
