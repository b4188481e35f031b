import { expect } from 'chai';
import { simpleParser } from 'mailparser';
import { pino } from 'pino';
import { createWayOut, waysOf } from '../../server/compose/wayOut.ts';
import { parseConfig, type Config } from '../../server/config.ts';
import { keepFor, readDirectory } from '../../server/data/directoryRepository.ts';
import type { Database } from '../../server/data/knex.ts';
import type { Directory } from '../../server/domain/booking/office.ts';
import type { WrittenMessage } from '../../server/domain/messages/message.ts';
import { openSqlite, type TestDatabase } from '../support/databases.ts';
import { seedSmallOffice, type SmallOffice } from '../support/officeFixture.ts';
import { outgoingMessage } from '../support/outgoingMessage.ts';
import { openMigrated } from '../support/raceFixture.ts';
import { startPeer, type Peer } from '../support/smtpPeer.ts';

const NOW = Date.parse('2026-11-20T08:00:00Z');
const MAIL: WrittenMessage = { channel: 'email', subject: 'Ihr Termin', text: 'Text\n', html: null, calendar: null };

describe('How messages leave the house', () => {
  let file: TestDatabase;
  let database: Database;
  let office: SmallOffice;
  let peer: Peer;
  let logged: string[];
  const ends: (() => void)[] = [];

  beforeEach(async () => {
    file = await openSqlite();
    database = await openMigrated(file.config);
    office = await seedSmallOffice(database, { date: '2026-12-01' });
    await database.writer('municipalities').where('id', office.municipalityId).update({ contact_email: 'amt@ort.de' });
    peer = await startPeer({ security: 'none' });
    logged = [];
  });
  afterEach(async () => {
    for (const end of ends.splice(0)) end();
    await peer.stop();
    await database.close();
    await file.dispose();
  });

  function wayOutWith(env: Record<string, string>, changes: Partial<Config> = {}) {
    const config = {
      ...parseConfig({ PUBLIC_URL: 'https://koffer.example.de', DATABASE_FILE: 'real.sqlite', ...env }),
      ...changes,
    };
    const ways = waysOf(config);
    const wayOut = createWayOut({
      config,
      database,
      directory: keepFor<Directory>(
        0,
        () => NOW,
        (previous) => readDirectory(database.reader, previous, ways),
      ),
      log: pino({ level: 'warn' }, { write: (line: string) => void logged.push(line) }),
      now: () => NOW,
    });
    ends.push(wayOut.close);
    return { ...wayOut, ways };
  }

  const through = (from = 'termine@kreis.example') => ({ SMTP_URL: `smtp://127.0.0.1:${peer.port}`, MAIL_FROM: from });
  const message = () => outgoingMessage({ municipalityId: office.municipalityId });

  const ownRelay = () =>
    database.writer('municipality_relays').insert({
      municipality_id: office.municipalityId,
      host: '127.0.0.1',
      port: peer.port,
      security: 'starttls',
      username: 'buero',
      password: 'v1.sealed-with-another-key',
      from_name: 'Bürgerbüro',
      from_address: 'buero@ort.example',
    });

  it('is through the mail server of the installation, in the name of the municipality, which gets the answers', async () => {
    const { send, ways } = wayOutWith(through());
    expect(ways).to.deep.equal({ mail: true, sms: false });
    expect(await send(message(), MAIL)).to.deep.equal({ kind: 'sent' });
    const mail = await simpleParser(peer.messages[0]?.raw ?? '');
    const directory = await readDirectory(database.reader, undefined, ways);
    expect(mail.from?.value).to.deep.equal([
      { name: directory.municipalities.get(office.municipalityId)?.officeName, address: 'termine@kreis.example' },
    ]);
    expect(mail.replyTo?.value[0]?.address).to.equal('amt@ort.de');
    expect(mail.messageId).to.match(/@koffer\.example\.de>$/);
  });

  it('is in the name that the installation gives, if it gives one', async () => {
    await wayOutWith(through('Landkreis Zwickau <termine@kreis.example>')).send(message(), MAIL);
    const mail = await simpleParser(peer.messages[0]?.raw ?? '');
    expect(mail.from?.value[0]?.name).to.equal('Landkreis Zwickau');
  });

  it('is only through its own mail server where a municipality has one, even while that does not work', async () => {
    await ownRelay();
    const { send, trial } = wayOutWith(through());
    const delivery = await send(message(), MAIL);
    expect(delivery)
      .to.deep.include({ kind: 'down' })
      .and.to.have.property('reason')
      .that.matches(/^tls: /);
    expect((await trial(office.municipalityId, 'admin@ort.example', MAIL, 'de')).kind).to.equal('down');
    expect(peer.messages).to.deep.equal([]);
    expect(logged.join('')).to.include('"municipalityId"').and.not.include('erika').and.not.include('sealed-with');
  });

  it('is none where nothing is set up', async () => {
    const { send, trial, ways } = wayOutWith({});
    expect(ways).to.deep.equal({ mail: false, sms: false });
    expect((await send(message(), MAIL)).kind).to.equal('down');
    expect((await send(message(), { channel: 'sms', text: 'Text' })).kind).to.equal('down');
    expect((await trial(office.municipalityId, 'admin@ort.example', MAIL, 'de')).kind).to.equal('down');
  });

  it('is tried out by a mail to an administrator', async () => {
    const { trial } = wayOutWith(through());
    expect(await trial(office.municipalityId, 'admin@ort.example', MAIL, 'en')).to.deep.equal({ kind: 'sent' });
    expect(peer.messages[0]?.to).to.deep.equal(['admin@ort.example']);
    expect(peer.messages[0]?.raw).to.include('Content-Language: en');
  });

  it('is none in the demonstration, whatever is set up: mails count as sent', async () => {
    const { send, trial, ways } = wayOutWith({ ...through(), DATABASE_FILE: '' });
    expect(ways.mail).to.equal(true);
    expect(await send(message(), MAIL)).to.deep.equal({ kind: 'sent' });
    expect(await trial(office.municipalityId, 'admin@ort.example', MAIL, 'de')).to.deep.equal({ kind: 'sent' });
    expect(peer.connections()).to.equal(0);
    expect(logged).to.have.length(1);
    expect(logged[0]).to.include('messages are shown to staff and not sent');
  });
});
