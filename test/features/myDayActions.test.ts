import { expect } from 'chai';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { composeOffice } from '../../server/compose.ts';
import { parseConfig } from '../../server/config.ts';
import type { Appointment } from '../../server/domain/booking/appointment.ts';
import type { RunningApp } from '../support/app.ts';
import { addClerkUser } from '../support/crewFixture.ts';
import { createDesk, OFFICE_ZONE, seedSmallOffice, type SmallOffice } from '../support/officeFixture.ts';
import { countWhere } from '../support/raceFixture.ts';
import { signedIn } from '../support/staff.ts';
import { createTempDir } from '../support/tempDir.ts';
import { addClerk } from '../support/toursFixture.ts';
import type { Visitor } from '../support/visitor.ts';

const DAY = '2026-12-01';
const BACK = `/intern/tag/${DAY}`;

type Fields = Record<string, string | readonly string[]>;

/** The program with a log that can be read. */
async function startLogged(now: () => number, lines: string[]): Promise<RunningApp> {
  const dir = createTempDir('day');
  const office = await composeOffice(
    {
      ...parseConfig({ TILES_URL: 'none' }),
      database: { kind: 'sqlite', file: dir.file('office.sqlite') },
      demonstration: false,
    },
    { now, log: pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) }) },
  );
  const server = office.app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    office,
    stop: async () => {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      await office.close();
      dir.remove();
    },
  };
}

describe('What a clerk sends on the way', () => {
  let now: number;
  let app: RunningApp;
  let office: SmallOffice;
  let clerk: Awaited<ReturnType<typeof signedIn>>;
  let stranger: Awaited<ReturnType<typeof signedIn>>;
  let tourId: number;
  let booked: Appointment;
  const lines: string[] = [];

  beforeEach(async () => {
    now = OFFICE_ZONE.instantAt(DAY, 9 * 60) - 86_400_000;
    lines.length = 0;
    app = await startLogged(() => now, lines);
    const { database } = app.office;
    office = await seedSmallOffice(database, { date: DAY });
    booked = await createDesk(database, () => now).book({
      stopId: office.firstStopId,
      minute: 10 * 60,
      familyName: 'Rosenzweig',
      contactKind: 'phone',
      contact: '03764 4711',
    });
    now += 86_400_000;
    const [tour] = await database.reader<{ id: number }>('tours').select('id');
    tourId = tour?.id ?? 0;
    clerk = await signedIn(app, 'clerk', { municipalities: [office.municipalityId], name: 'Anna Winter', now });
    await database.writer('clerks').where('id', office.clerkId).update({ user_id: clerk.user.id });
    stranger = await signedIn(app, 'clerk', { municipalities: [office.municipalityId], now });
    const colleague = await addClerk(database, office, 'B. Zweit');
    await database.writer('clerks').where('id', colleague).update({ user_id: stranger.user.id });
  });
  afterEach(async () => {
    clerk.close();
    stranger.close();
    await app.stop();
  });

  const send = (path: string, fields: Fields, who: Visitor = clerk, headers: Record<string, string> = {}) => {
    const body = new URLSearchParams();
    for (const [name, value] of Object.entries(fields)) {
      for (const one of typeof value === 'string' ? [value] : value) body.append(name, one);
    }
    return who.ask(path, {
      method: 'POST',
      body: body.toString(),
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
    });
  };
  const sendJson = async (path: string, fields: Fields, who: Visitor = clerk) => {
    const answer = await send(path, fields, who, { Accept: 'application/json' });
    return { status: answer.status, ...(JSON.parse(answer.html) as { outcome: string; text: string }) };
  };
  const flash = async (): Promise<string> => {
    const row: { data: string } | undefined = await app.office.database
      .reader('sessions')
      .where('user_id', clerk.user.id)
      .first('data');
    const { flash: said } = JSON.parse(row?.data ?? '{}') as { flash?: { kind: string; text: string } };
    return said === undefined ? '' : `${said.kind}: ${said.text}`;
  };
  const actions = (): Promise<Record<string, unknown>[]> => app.office.database.reader('tour_actions').orderBy('key');
  const tickPath = (): string => `/intern/termine/${booked.id}/stand`;

  it('leads back to the appointment on the page of the day, with a sentence', async () => {
    const answer = await send(tickPath(), { schluessel: 'key-aaaa', stand: 'arrived' });
    expect([answer.status, answer.location]).to.deep.equal([303, `${BACK}#termin-${booked.id}`]);
    expect(await flash()).to.equal('success: Eingetragen: ist da.');
    const undone = await send(`/intern/touren/${tourId}/ruecknahme`, { schluessel: 'key-bbbb', aktion: 'key-aaaa' });
    expect([undone.status, undone.location]).to.deep.equal([303, `${BACK}#termin-${booked.id}`]);
    expect(await flash()).to.equal('success: Zurückgenommen.');
    const english = await send(`/en${tickPath()}`, { schluessel: 'key-cccc', stand: 'missed' });
    expect(english.location).to.equal(`/en${BACK}#termin-${booked.id}`);
    expect(await flash()).to.equal('success: Entered: did not come.');
    await send(tickPath(), { schluessel: 'key-dddd', stand: 'served' });
    expect(await flash()).to.match(/^warning: Nicht eingetragen: .*„nicht gekommen“/);
  });

  it('is answered in JSON for a phone that had no signal, in the language of the page', async () => {
    const tick = (key: string, stand: string, prefix = '') =>
      sendJson(prefix + tickPath(), { schluessel: key, stand, zeit: String(now - 60_000) });
    expect(await tick('key-aaaa', 'arrived')).to.deep.equal({
      status: 200,
      outcome: 'done',
      text: 'Eingetragen: ist da.',
    });
    expect(await tick('key-aaaa', 'arrived')).to.include({ status: 200, outcome: 'already' });
    expect(await tick('key-bbbb', 'missed', '/en')).to.deep.equal({
      status: 409,
      outcome: 'conflict',
      text: 'Not entered: the appointment says “is here” by now.',
    });
    expect(await tick('short', 'served')).to.include({ status: 422, outcome: 'invalid' });
    expect(await tick('key-cccc', 'held')).to.include({ status: 422, outcome: 'invalid' });
    now += 2 * 86_400_000;
    await app.office.database.writer('sessions').update({ expires_at: now + 3_600_000, created_at: now, seen_at: now });
    expect(await tick('key-dddd', 'served')).to.include({ status: 404, outcome: 'gone' });
    expect((await actions()).map(({ key, at }) => [key, at])).to.deep.equal([
      ['key-aaaa', now - 2 * 86_400_000 - 60_000],
    ]);
  });

  it('happened when the phone says, but not in the future and not more than two days ago', async () => {
    const note = (key: string, zeit: string) =>
      send(`/intern/touren/${tourId}/notizen`, { schluessel: key, notiz: 'x', zeit });
    await note('key-aaaa', String(now + 60_000));
    await note('key-bbbb', '0');
    await note('key-cccc', 'gestern');
    await note('key-dddd', String(now - 1));
    expect((await actions()).map(({ at }) => at)).to.deep.equal([now, now - 48 * 3_600_000, now, now - 1]);
  });

  it('does not exist for those of another crew, whatever they send', async () => {
    const asked: [path: string, fields: Fields][] = [
      [tickPath(), { stand: 'arrived' }],
      ['/intern/termine/4711/stand', { stand: 'arrived' }],
      ['/intern/termine/x/stand', { stand: 'arrived' }],
      [`/intern/touren/${tourId}/ruecknahme`, { aktion: 'key-none' }],
      [`/intern/touren/${tourId}/notizen`, { notiz: 'x' }],
      [`/intern/touren/${tourId}/notizen`, { notiz: '' }],
      [`/intern/touren/${tourId}/packliste`, { gepackt: 'form:x' }],
      [`/intern/touren/${tourId}/verspaetung`, { minuten: '10' }],
      [`/intern/touren/${tourId}/verspaetung`, { minuten: 'viele' }],
      [
        `/intern/halte/${office.firstStopId}/ohne-termin`,
        { schalter: '1', leistungen: String(office.services.idCard) },
      ],
      [`/intern/halte/${office.firstStopId}/ohne-termin`, {}],
    ];
    for (const [path, fields] of asked) {
      const sent = { schluessel: 'key-aaaa', ...fields };
      expect((await send(path, sent, stranger)).status, path).to.equal(404);
      expect((await send(path, {}, stranger)).status, `${path} without anything`).to.equal(404);
      expect(await sendJson(path, sent, stranger), path).to.include({ status: 404, outcome: 'gone' });
    }
    expect(await actions()).to.deep.equal([]);
    expect(await countWhere(app.office.database, 'appointments')).to.equal(1);
  });

  it('is refused to who is no clerk', async () => {
    const planner = await signedIn(app, 'planner', { now });
    expect((await send(tickPath(), { schluessel: 'key-aaaa', stand: 'arrived' }, planner)).status).to.equal(403);
    planner.close();
  });

  it('can be a note for the office, the packing list, a delay', async () => {
    const notes = `/intern/touren/${tourId}/notizen`;
    const noted = await send(notes, { schluessel: 'key-aaaa', notiz: ' Tisch\r\nfehlt ' });
    expect([noted.status, noted.location]).to.deep.equal([303, `${BACK}#notizen`]);
    expect((await actions())[0]).to.include({ text: 'Tisch\nfehlt', kind: 'note' });
    expect(await sendJson(notes, { schluessel: 'key-bbbb', notiz: ' ' })).to.include({
      status: 422,
      text: 'Schreiben Sie, was das Büro wissen soll.',
    });
    expect(await sendJson(notes, { schluessel: 'key-bbbb', notiz: 'x'.repeat(501) })).to.include({ status: 422 });
    const empty = await send(notes, { schluessel: 'key-bbbb', notiz: '' });
    expect([empty.status, empty.location]).to.deep.equal([303, `${BACK}#notizen`]);
    expect(await flash()).to.equal('warning: Schreiben Sie, was das Büro wissen soll.');

    const packed = await send(`/intern/touren/${tourId}/packliste`, {
      gepackt: ['capability:fingerprint', 'capability:x'],
    });
    expect([packed.status, packed.location]).to.deep.equal([303, `${BACK}#packliste`]);
    expect(await countWhere(app.office.database, 'tour_packing')).to.equal(1);

    now = OFFICE_ZONE.instantAt(DAY, 9 * 60 + 50);
    const delay = `/intern/touren/${tourId}/verspaetung`;
    const late = await send(delay, { schluessel: 'key-cccc', minuten: '20' });
    expect([late.status, late.location]).to.deep.equal([303, BACK]);
    expect(await flash()).to.equal(
      'success: Eingetragen: 20 Minuten später. Ein Termin verschiebt sich. Bitte rufen Sie dort an.',
    );
    for (const minuten of ['', '-5', '481', '1.5', 'viel']) {
      expect(await sendJson(delay, { schluessel: 'key-dddd', minuten }), minuten).to.include({ status: 422 });
    }
    expect(await sendJson(delay, { schluessel: 'key-eeee', minuten: '0' })).to.include({
      text: 'Eingetragen: wieder pünktlich.',
    });
  });

  it('can be somebody without an appointment, by name or without', async () => {
    const path = `/intern/halte/${office.firstStopId}/ohne-termin`;
    const { idCard, certificate } = office.services;
    const came = await send(path, {
      schluessel: 'key-aaaa',
      schalter: '1',
      leistungen: [String(idCard), String(certificate)],
      [`personen-${certificate}`]: '2',
      nachname: ' Zwölfer ',
    });
    const [row] = (await app.office.database.reader('appointments').where('channel', 'walk-in')) as {
      id: number;
      family_name: string;
      ticks: number;
      start_tick: number;
    }[];
    expect([came.status, came.location]).to.deep.equal([303, `${BACK}#termin-${row!.id}`]);
    expect(row).to.include({ family_name: 'Zwölfer', ticks: 8, start_tick: 108 });

    const refused = async (fields: Fields): Promise<string> => {
      const answer = await sendJson(path, { schluessel: 'key-bbbb', schalter: '1', ...fields });
      expect([answer.status, answer.outcome]).to.deep.equal([422, 'invalid']);
      return answer.text;
    };
    expect(await refused({})).to.equal('Wählen Sie mindestens eine Leistung.');
    expect(await refused({ leistungen: String(idCard), schalter: '' })).to.equal('Wählen Sie einen Schalter.');
    expect(await refused({ leistungen: String(idCard), [`personen-${idCard}`]: '21' })).to.contain('1 bis 20');
    expect(await refused({ leistungen: String(idCard), nachname: '<b>' })).to.contain('Namen');
    expect(await refused({ leistungen: String(idCard), vorname: 'x'.repeat(81) })).to.contain('80 Zeichen');
    expect(await refused({ leistungen: '4711' })).to.contain('Das geht an diesem Schalter nicht');
    expect(await refused({ leistungen: String(idCard), [`personen-${idCard}`]: '9' })).to.contain(
      'gebraucht werden 3\u00a0Stunden, am Stück frei sind höchstens 1\u00a0Stunde 40\u00a0Minuten',
    );
  });

  it('writes no name of a citizen into the log or the history', async () => {
    await send(tickPath(), { schluessel: 'key-aaaa', stand: 'served' });
    await send(`/intern/halte/${office.firstStopId}/ohne-termin`, {
      schluessel: 'key-bbbb',
      schalter: '1',
      leistungen: String(office.services.idCard),
      nachname: 'Zwölfer',
    });
    await send(`/intern/touren/${tourId}/ruecknahme`, { schluessel: 'key-cccc', aktion: 'key-bbbb' });
    await app.office.database.writer.schema.renameTable('tour_actions', 'elsewhere'); // the next one fails
    const failed = await send(`/intern/halte/${office.firstStopId}/ohne-termin`, {
      schluessel: 'key-dddd',
      schalter: '1',
      leistungen: String(office.services.idCard),
      nachname: 'Zwölfer',
    });
    expect(failed.status).to.equal(500);
    await app.office.database.writer.schema.renameTable('elsewhere', 'tour_actions');
    expect(lines.length).to.be.at.least(4);
    const written = lines.join('') + JSON.stringify(await app.office.database.reader('audit_entries'));
    expect(written).to.contain('Ohne Termin');
    expect(written).not.to.match(/Rosenzweig|Zwölfer|03764 4711/);
  });

  it('needs an account that belongs to a clerk', async () => {
    const other = await addClerkUser(app.office.database, office.clerkId, { municipalities: [office.municipalityId] });
    expect(other).not.to.equal(clerk.user.id);
    expect((await send(tickPath(), { schluessel: 'key-aaaa', stand: 'arrived' })).status).to.equal(404);
  });
});
