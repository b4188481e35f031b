import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { createJobRepository } from '../data/jobRepository.ts';
import type { Database } from '../data/knex.ts';
import { createMessageRepository, createMessageUnit } from '../data/messageRepository.ts';
import { createMessageTextRepository } from '../data/messageTextRepository.ts';
import { createOfficeRepository } from '../data/officeRepository.ts';
import type { MessageWays } from '../data/outboxQueue.ts';
import { createStopRepository } from '../data/stopRepository.ts';
import type { Directory } from '../domain/booking/office.ts';
import type { OutgoingMessage } from '../domain/messages/message.ts';
import { findOtherTimes } from '../features/booking/messages/otherTimes.ts';
import { deliveredPieces } from '../features/booking/messages/pieces.ts';
import { previewMessage } from '../features/booking/messages/preview.ts';
import { writeMessage } from '../features/booking/messages/writeMessage.ts';
import type { Proof } from '../features/booking/proof.ts';
import type { NotificationDeps } from '../features/notifications/deps.ts';
import type { Zone } from '../zone.ts';
import type { OfficeJobsDeps } from './jobs.ts';
import { createWayOut } from './wayOut.ts';

export interface MessagesDeps {
  config: Config;
  database: Database;
  directory: () => Promise<Directory>;
  ways: MessageWays;
  /** What the link that confirms an address has to bring along. */
  proof: Proof;
  clock: { now: () => number };
  zone: Zone;
  log: Logger;
}

/** Messages to citizens: how they are worded, how they leave, and the pages about them. */
export function composeMessages({ config, database, directory, ways, proof, clock, zone, log }: MessagesDeps) {
  const texts = createMessageTextRepository(database);
  const jobRuns = createJobRepository(database);
  const office = createOfficeRepository(database.reader);
  const availability = createStopRepository(database.reader);
  const wording = {
    directory,
    clock,
    zone,
    // Links in messages have to lead somewhere even where nobody said under which address the office is reached.
    origin: config.publicUrl ?? `http://localhost:${config.port}`,
    proof,
    texts: (...text: Parameters<typeof texts.pieces>) => texts.pieces(...text),
    otherTimes: (message: OutgoingMessage) => findOtherTimes({ directory, availability, clock, zone }, message),
  };
  const wayOut = createWayOut({ config, database, directory, log, now: clock.now });
  const jobs: OfficeJobsDeps['messages'] = {
    write: (message) => writeMessage(wording, message),
    send: wayOut.send,
  };
  const pages: Omit<NotificationDeps, 'render' | 'clock' | 'zone'> = {
    directory,
    messages: createMessageRepository(database.reader),
    unit: (work) => database.unit((trx) => work(createMessageUnit(trx, ways))),
    runs: (limit) => jobRuns.runs(limit),
    demonstration: config.demonstration,
    settings: {
      relays: wayOut.relays,
      texts,
      words: { delivered: deliveredPieces, preview: (text) => previewMessage(wording, text) },
      trial: wayOut.trial,
      installation: {
        mail: config.mail === null ? null : { host: config.mail.host, from: config.mail.from.address },
        sms: config.sms !== null,
        keepsPasswords: config.secretKey !== null,
        demonstration: config.demonstration,
      },
      lastChange: (...of) => office.lastChange(...of),
    },
  };
  return { texts: wording.texts, jobs, pages, close: (): void => wayOut.close() };
}
