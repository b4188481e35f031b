import { expect } from 'chai';
import { queueMessage } from '../../server/data/outboxQueue.ts';
import { createOutboxRepository } from '../../server/data/outboxRepository.ts';
import { officeKey } from '../../server/data/lookupGuard.ts';
import { createMessageTextRepository } from '../../server/data/messageTextRepository.ts';
import { createStopRepository } from '../../server/data/stopRepository.ts';
import { readDirectory } from '../../server/data/directoryRepository.ts';
import type { ChangedBy, MessageKind, OutgoingMessage } from '../../server/domain/messages/message.ts';
import { createProof } from '../../server/features/booking/proof.ts';
import { findOtherTimes } from '../../server/features/booking/messages/otherTimes.ts';
import { writeMessage } from '../../server/features/booking/messages/writeMessage.ts';
import { load } from '../support/html.ts';
import { OFFICE_ZONE } from '../support/officeFixture.ts';
import { openOffice, type TourOffice } from '../support/tourOffice.ts';

const NOW = Date.parse('2026-11-24T08:00:00Z');
const WAYS = { mail: true, sms: true };

const MESSAGES: readonly { kind: MessageKind; changedBy: ChangedBy }[] = [
  { kind: 'verify', changedBy: 'person' },
  { kind: 'booked', changedBy: 'person' },
  { kind: 'moved', changedBy: 'person' },
  { kind: 'moved', changedBy: 'office' },
  { kind: 'reminder', changedBy: 'office' },
  { kind: 'late', changedBy: 'office' },
  { kind: 'cancelled', changedBy: 'person' },
  { kind: 'cancelled', changedBy: 'office' },
];

/** Programs that look into mail open every link in it, to see whether it is dangerous, often more than once. */
describe('Programs that look into mail', function () {
  this.timeout(60_000);
  let office: TourOffice;

  beforeEach(async () => {
    office = await openOffice();
  });
  afterEach(() => office.close());

  const database = () => office.app.office.database;

  /** Every table but the traces of who asked. */
  async function everything(): Promise<string> {
    const tables = await database().reader<{ name: string }>('sqlite_master').where('type', 'table').select('name');
    const rows: Record<string, unknown> = {};
    for (const { name } of tables) {
      if (/^sqlite_|^sessions$|lookup|^knex_/.test(name)) continue;
      rows[name] = await database().reader(name).select('*');
    }
    expect(rows).to.have.property('appointments').with.length(1);
    return JSON.stringify(rows);
  }

  /** A booking in the state in which people get such a message, and the message as the outbox hands it over. */
  async function prepare(kind: MessageKind, changedBy: ChangedBy): Promise<OutgoingMessage> {
    const booked = await office.book({
      contactKind: 'email',
      services: [
        { slug: 'personalausweis', persons: 2 },
        { slug: 'fuehrungszeugnis', persons: 1 },
      ],
    });
    const { writer } = database();
    await writer('outbox').delete();
    if (kind === 'verify') {
      await writer('appointments')
        .where('id', booked.id)
        .update({ state: 'pending', hold_until: NOW + 3_600_000 });
    } else if (kind === 'cancelled') {
      await writer('appointments').where('id', booked.id).update({ state: 'cancelled', cancelled_at: NOW });
    }
    await database().unit((trx) =>
      queueMessage(
        trx,
        WAYS,
        {
          appointmentId: booked.id,
          kind,
          changedBy,
          before: kind === 'moved' ? { date: office.date, startTick: 170, venueId: office.secondVenueId } : null,
          ...(kind === 'late' ? { expectedAt: booked.startsAt + 40 * 60_000 } : {}),
        },
        NOW,
      ),
    );
    const claim = await createOutboxRepository(database()).claim('test', NOW, 60_000);
    if (claim?.kind !== 'send') throw new Error(`Nothing to send: ${claim?.kind ?? 'empty'}`);
    return claim.message;
  }

  /** Every address in any part of a mail. */
  async function linksOf(message: OutgoingMessage): Promise<string[]> {
    const clock = { now: () => NOW };
    const directory = () => readDirectory(database().reader, undefined, WAYS);
    const mail = await writeMessage(
      {
        directory,
        clock,
        zone: OFFICE_ZONE,
        proof: createProof(await officeKey(database(), 'confirmation')),
        origin: office.app.origin,
        texts: (...of) => createMessageTextRepository(database()).pieces(...of),
        otherTimes: (one) =>
          findOtherTimes(
            { directory, availability: createStopRepository(database().reader), clock, zone: OFFICE_ZONE },
            one,
          ),
      },
      message,
    );
    if (mail.channel !== 'email') throw new Error('A mail was expected');
    const inCalendar = (mail.calendar?.content ?? '').replace(/\r\n /g, '').match(/https?:\/\/[^\s\\"]+/g) ?? [];
    const inText = mail.text.match(/https?:\/\/\S+/g) ?? [];
    const $ = load(mail.html ?? '');
    const inHtml = $('a')
      .map((_, link) => $(link).attr('href') ?? '')
      .get();
    return [...new Set([...inText, ...inHtml, ...inCalendar])];
  }

  for (const { kind, changedBy } of MESSAGES) {
    it(`change nothing by opening every link: ${kind} by ${changedBy}`, async () => {
      const message = await prepare(kind, changedBy);
      const links = await linksOf(message);
      expect(links.length, 'links').to.be.at.least(3);
      const before = await everything();
      const scanner = office.citizen();
      for (const link of links) {
        const { origin, pathname, search } = new URL(link);
        expect(origin, link).to.equal(office.app.origin);
        for (const method of ['GET', 'HEAD', 'GET', 'HEAD']) {
          const { status } = await scanner.ask(pathname + search, {
            method,
            headers: { 'User-Agent': 'Mozilla/5.0 (scanner)' },
          });
          expect(status, `${method} ${pathname}`).to.equal(200);
        }
      }
      expect(await everything()).to.equal(before);
    });
  }

  it('find the next free times in what the office cancelled', async () => {
    const message = await prepare('cancelled', 'office');
    const links = await linksOf(message);
    const offers = links.find((link) => link.includes('/buchen/zeiten'));
    expect(offers).to.contain('leistung=personalausweis%3A2').and.to.contain('leistung=fuehrungszeugnis%3A1');
    const { pathname, search } = new URL(offers ?? '');
    const page = await office.citizen().get(pathname + search);
    expect(page.$('main').text()).to.contain('Gemeindeamt');
  });
});
