import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { MailServer } from '../../config.ts';

/** In milliseconds. */
export interface MailTimeouts {
  /** Until the connection stands, encryption and all. */
  connection: number;
  /** Until the server has greeted. */
  greeting: number;
  /** Without a word from the server. */
  socket: number;
  /** For one message, whatever happens. */
  total: number;
}

/** The longest together fit into the five minutes for which a worker holds a message. */
export const MAIL_TIMEOUTS: Readonly<MailTimeouts> = {
  connection: 20_000,
  greeting: 20_000,
  socket: 60_000,
  total: 110_000,
};

export interface SessionOptions {
  /** What it calls itself: a host name. */
  name: string;
  timeouts: MailTimeouts;
  /** Trusted instead of the authorities that Node.js knows; for tests. */
  ca?: string;
}

/** So long a server may take to say goodbye, in milliseconds. */
const FAREWELL = 2_000;

const SAME_MACHINE = ['localhost', '127.0.0.1', '::1'];

/**
 * One connection to a mail server. nodemailer's own transports are not used: they choose themselves when to connect
 * anew, and whether a message may be sent again is for the outbox to say.
 *
 * Encryption is never negotiable: without it the connection ends before user and password are sent.
 */
export class Session {
  /** So many messages were handed over. */
  sent = 0;
  readonly #server: MailServer;
  readonly #connection: SMTPConnection;

  constructor(server: MailServer, { name, timeouts, ca }: SessionOptions) {
    const host = isIP(server.host) === 0 ? domainToASCII(server.host) : server.host;
    this.#server = server;
    this.#connection = new SMTPConnection({
      host,
      port: server.port,
      secure: server.security === 'tls',
      requireTLS: server.security === 'starttls',
      ignoreTLS: server.security === 'none',
      name: isIP(name) === 4 ? `[${name}]` : name,
      tls: { rejectUnauthorized: true, minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca }) },
      connectionTimeout: timeouts.connection,
      greetingTimeout: timeouts.greeting,
      dnsTimeout: timeouts.connection,
      socketTimeout: timeouts.socket,
      socketCloseTimeout: 1_000,
      maxResponseSize: 64_000,
      logger: false,
    });
    // What nobody waits for any more, such as the end of an idle connection, is no fault.
    this.#connection.on('error', () => undefined);
  }

  /** Connects, encrypts and signs in. */
  async open(): Promise<void> {
    const { security, host, login } = this.#server;
    if (security === 'none' && !SAME_MACHINE.includes(host)) {
      throw Object.assign(new Error('No encryption to another machine'), { code: 'ETLS' });
    }
    await this.#step((done) => this.#connection.connect(done));
    if (security !== 'none' && !this.#connection.secure) {
      throw Object.assign(new Error('The connection is not encrypted'), { code: 'ETLS' });
    }
    if (login !== null) {
      await this.#step((done) => this.#connection.login({ user: login.username, pass: login.password }, done));
    }
  }

  /** Makes it ready for another message; fails when it has ended in the meantime. */
  reset(): Promise<void> {
    return this.#step((done) => this.#connection.reset(done));
  }

  /** Whether it knows addresses that are not ASCII. Only once it is open. */
  get international(): boolean {
    // nodemailer tells it nowhere else.
    const { _supportedExtensions: known } = this.#connection as unknown as { _supportedExtensions?: readonly string[] };
    return known?.includes('SMTPUTF8') ?? false;
  }

  async send(envelope: { from: string; to: string }, raw: Buffer): Promise<void> {
    await this.#step((done) => this.#connection.send(envelope, raw, done));
    this.sent++;
  }

  get over(): boolean {
    return this.#connection.destroyed;
  }

  /** Ends it politely, and without an answer to that soon all the same. */
  quit(): void {
    if (this.over) return;
    this.#connection.quit();
    setTimeout(() => this.close(), FAREWELL).unref();
  }

  /** Ends it at once; whoever waits for it is told. */
  close(): void {
    this.#connection.close();
  }

  /** Runs what nodemailer ends with a callback, an `error` event or, when the connection was closed, only with `end`. */
  #step(begin: (done: (error?: Error | null) => void) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (error?: Error | null): void => {
        this.#connection.off('error', settle);
        this.#connection.off('end', onEnd);
        if (error) reject(error);
        else resolve();
      };
      // The reason, where there is one, comes after the end.
      const onEnd = (): void => {
        setImmediate(settle, Object.assign(new Error('The connection was closed'), { code: 'ECONNECTION' }));
      };
      this.#connection.on('error', settle);
      this.#connection.on('end', onEnd);
      begin(settle);
    });
  }
}
