import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { Database } from '../../server/data/knex.ts';
import { queueMessage } from '../../server/data/outboxQueue.ts';
import { LEASE } from '../../server/jobs/outbox.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { createDesk, OFFICE_ZONE, seedSmallOffice } from '../support/officeFixture.ts';
import { raceProcesses } from '../support/processes.ts';
import { countWhere, openMigrated } from '../support/raceFixture.ts';
import { closeAtExit } from '../support/rootHooks.ts';
import { startPeer, type Peer, type PeerMessage } from '../support/smtpPeer.ts';

const DAY = '2026-12-08';
const NOW = OFFICE_ZONE.instantAt('2026-12-01', 8 * 60);
const WAYS = { mail: true, sms: false };

interface Outcome {
  sent: number;
  later: number;
  failed: number;
  superseded: number;
  complaints: string[];
}

/** Appointments of so many people, each of whom is to get one mail. @returns their addresses */
async function queueMails(database: Database, count: number): Promise<string[]> {
  const office = await seedSmallOffice(database, { date: DAY });
  const desk = createDesk(database, () => NOW);
  const { id } = await desk.book({
    stopId: office.firstStopId,
    minute: 540,
    contactKind: 'email',
    contact: 'a@b.example',
  });
  const model = await database.reader('appointments').where({ id }).first<Record<string, unknown>>('*');
  delete model['id'];
  const people = Array.from({ length: count }, (_, index) => `person${index}@beispiel.example`);
  await database.unit(async (trx) => {
    for (const [index, contact] of people.entries()) {
      const row = {
        ...model,
        contact,
        secret: randomBytes(16).toString('base64url'),
        reference: `P${String(index).padStart(8, '0')}`,
      };
      const [inserted] = await trx<{ id: number }>('appointments').insert(row as object, ['id']);
      await queueMessage(trx, WAYS, { appointmentId: inserted?.id ?? 0, kind: 'booked', changedBy: 'person' }, NOW);
    }
  });
  return people;
}

const recipients = (messages: readonly PeerMessage[]): string[] => messages.flatMap(({ to }) => to).sort();
const idOf = ({ raw }: PeerMessage): string => /^message-id:\s*(\S+)/im.exec(raw)?.[1] ?? '';

describeOnBothDatabases('Processes that send the same messages', (open) => {
  let database: Database;
  let peer: Peer;
  afterEach(async () => {
    await peer.stop();
    await database.close();
  });

  it('send each of 500 once', async function () {
    this.timeout(180_000);
    const { config } = await open();
    database = await openMigrated(config);
    const people = await queueMails(database, 500);
    peer = await startPeer();
    const answers = await raceProcesses<Outcome>(
      'outbox.worker.ts',
      ['one', 'two'].map((worker) => [config, peer.relay(), NOW, worker]),
    );
    expect(answers.flatMap(({ complaints }) => complaints)).to.deep.equal([]);
    expect(answers.reduce((sum, { sent }) => sum + sent, 0)).to.equal(500);
    expect(recipients(peer.messages)).to.deep.equal([...people].sort());
    expect(new Set(peer.messages.map(idOf)).size).to.equal(500);
    expect(await countWhere(database, 'outbox', { state: 'sent', attempts: 1 })).to.equal(500);
  });

  it('lose none when one is killed ten times in the middle, and repeat at most the one in flight', async function () {
    this.timeout(180_000);
    const { config } = await open();
    database = await openMigrated(config);
    const people = await queueMails(database, 60);

    let victim: ChildProcess | undefined;
    /** How many of the next recipients or messages are let through before the process that sends them is killed. */
    let killAt: { recipient?: number; message?: number } = {};
    const kill = async (): Promise<void> => {
      const gone = once(victim as ChildProcess, 'exit');
      victim?.kill('SIGKILL');
      await gone;
    };
    peer = await startPeer({
      onRecipient: () => {
        if (killAt.recipient === undefined || killAt.recipient-- > 0) return undefined;
        void kill();
        return 'drop';
      },
      // The worst moment: it is taken over, but the process that sent it does not live to hear of it.
      onMessage: async () => {
        if (killAt.message === undefined || killAt.message-- > 0) return undefined;
        await kill();
        return undefined;
      },
    });

    for (let round = 0; round < 10; round++) {
      const before = peer.messages.length;
      const known = new Set(recipients(peer.messages));
      killAt = round % 3 === 2 ? { recipient: 2 + (round % 4) } : { message: 2 + (round % 4) };
      // Whoever died before held one message until its claim ended.
      const worker = startWorker([config, peer.relay(), NOW + round * (LEASE + 1), `round ${round}`]);
      victim = worker;
      await once(worker, 'message');
      const exited = once(worker, 'exit');
      worker.send('go');
      const [code, signal] = (await exited) as [number | null, string | null];
      expect(`${code} ${signal}`, `round ${round}`).to.equal('null SIGKILL');
      const repeated = recipients(peer.messages.slice(before)).filter((address) => known.has(address));
      expect(repeated.length, `round ${round}: ${repeated.join()}`).to.be.at.most(1);
    }
    expect(await countWhere(database, 'outbox', { state: 'sent' }), 'it was in the middle').to.be.within(20, 59);

    killAt = {};
    const [last] = await raceProcesses<Outcome>('outbox.worker.ts', [[config, peer.relay(), NOW + 11 * LEASE, 'last']]);
    expect(last).to.deep.include({ later: 0, failed: 0, superseded: 0, complaints: [] });
    expect(await countWhere(database, 'outbox', { state: 'sent' })).to.equal(60);
    expect([...new Set(recipients(peer.messages))], 'none is lost').to.deep.equal([...people].sort());
    expect(peer.messages.length - 60, 'one for each time it died after the mail was taken over').to.equal(7);
    const ids = new Map<string, Set<string>>();
    for (const message of peer.messages) {
      for (const address of message.to) ids.set(address, (ids.get(address) ?? new Set()).add(idOf(message)));
    }
    expect(
      [...ids.values()].every((own) => own.size === 1 && !own.has('')),
      'the same Message-ID',
    ).to.equal(true);
    expect(new Set([...ids.values()].flatMap((own) => [...own])).size).to.equal(60);
  });
});

function startWorker(input: unknown): ChildProcess {
  const child = fork(fileURLToPath(new URL('outbox.worker.ts', import.meta.url)), [JSON.stringify(input)], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  closeAtExit(() => child.kill('SIGKILL'));
  return child;
}
