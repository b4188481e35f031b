import { readFileSync } from 'node:fs';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import type { MailServer } from '../../server/config.ts';

const folder = join(import.meta.dirname, '../fixtures/smtp');
const pem = (name: string): string => readFileSync(join(folder, name), 'utf8');

/** The certificate of the peer: who trusts it as an authority trusts the peer. */
export const PEER_CA = pem('peer.cert.pem');
/** That of a server with another name. */
export const STRANGER_CA = pem('stranger.cert.pem');

/** What the peer answers: undefined: nothing special; '550 5.1.1 No such user': that; 'drop': it hangs up. */
export type PeerAnswer = string | undefined;

export interface PeerBehaviour {
  /** starttls: offered and demanded (the default); tls: from the first byte; none: it can do no TLS. */
  security?: 'starttls' | 'tls' | 'none';
  /** stranger: a certificate for another name. */
  certificate?: 'peer' | 'stranger';
  /** Who may send; missing: nobody has to sign in. */
  users?: Readonly<Record<string, string>>;
  /** Instead of the usual greeting; 'silent': it never comes. */
  greeting?: PeerAnswer;
  /** Called for each command with the address; `times`: how often it was called before. */
  onSender?: (address: string, times: number) => PeerAnswer;
  onRecipient?: (address: string, times: number) => PeerAnswer;
  /** When the message is there as a whole; 'drop': hangs up instead of saying that it has it. */
  onMessage?: (raw: string, times: number) => PeerAnswer | Promise<PeerAnswer>;
  /** Hangs up in the middle of so many messages. */
  dropsWithin?: number;
  /** Extensions that it does not offer. */
  without?: readonly ('SMTPUTF8' | 'PIPELINING')[];
}

export interface PeerMessage {
  from: string;
  to: readonly string[];
  /** As it came, lines end with \r\n. */
  raw: string;
  /** The name in EHLO. */
  client: string;
  secure: boolean;
  user: string | null;
}

export interface Peer {
  host: '127.0.0.1';
  port: number;
  /** Every message that was taken over, oldest first. */
  messages: PeerMessage[];
  /** Commands and their arguments, oldest first, without passwords; encrypted or not. */
  commands: string[];
  /** Passwords that came, and how. */
  passwords: { password: string; secure: boolean }[];
  /** How many connections were opened. */
  connections(): number;
  /** Resolves as soon as none is open. */
  idle(): Promise<void>;
  /** Ends every connection, as a server that is started anew. */
  hangUp(): void;
  /** How to reach it. */
  relay(changes?: Partial<MailServer>): MailServer;
  stop(): Promise<void>;
}

/** A reply that smtp-server sends: it adds the code itself. */
function refusal(answer: string): Error {
  const [, code, words] = /^(\d{3})[ -](.*)$/s.exec(answer) ?? [];
  if (code === undefined) throw new Error(`no SMTP reply: ${answer}`);
  return Object.assign(new Error(words), { responseCode: Number(code) });
}

/** A real SMTP server on a free port of this machine. */
export async function startPeer(behaviour: PeerBehaviour = {}): Promise<Peer> {
  const { security = 'starttls', certificate = 'peer', users, without = [] } = behaviour;
  const messages: PeerMessage[] = [];
  const commands: string[] = [];
  const passwords: Peer['passwords'] = [];
  const sockets = new Set<Socket>();
  const asked = { sender: 0, recipient: 0, message: 0 };
  let connections = 0;
  let drops = behaviour.dropsWithin ?? 0;

  const hangUp = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const answerWith = (answer: PeerAnswer, done: (error?: Error | null) => void): void => {
    if (answer === 'drop') hangUp();
    else done(answer === undefined ? null : refusal(answer));
  };
  const note = (_entry: object, words: string, line?: string): void => {
    if (words === 'C:' && line !== undefined) commands.push(line.trim());
  };
  const quiet = (): void => undefined;

  const server = new SMTPServer({
    name: 'peer.example',
    secure: security === 'tls',
    key: pem(`${certificate}.key.pem`),
    cert: pem(`${certificate}.cert.pem`),
    disabledCommands: [...(security === 'starttls' ? [] : ['STARTTLS']), ...(users === undefined ? ['AUTH'] : [])],
    hideSMTPUTF8: without.includes('SMTPUTF8'),
    hidePIPELINING: without.includes('PIPELINING'),
    // Whoever is careless gets the chance to be so: what matters is that the client is not.
    allowInsecureAuth: true,
    disableReverseLookup: true,
    closeTimeout: 100,
    logger: { level: quiet, trace: note, debug: note, info: quiet, warn: quiet, error: quiet, fatal: quiet },
    onConnect: (_session, done) => {
      if (behaviour.greeting !== 'silent') answerWith(behaviour.greeting, done);
    },
    onAuth: ({ username = '', password }, session, done) => {
      passwords.push({ password: password ?? '', secure: session.secure });
      const known = users !== undefined && Object.hasOwn(users, username) && users[username] === password;
      done(known ? null : refusal('535 5.7.8 Error: authentication failed'), known ? { user: username } : undefined);
    },
    onMailFrom: ({ address }, session, done) => {
      if (security !== 'none' && !session.secure) return done(refusal('530 5.7.0 Must issue a STARTTLS command first'));
      answerWith(behaviour.onSender?.(address, asked.sender++), done);
    },
    onRcptTo: ({ address }, _session, done) => answerWith(behaviour.onRecipient?.(address, asked.recipient++), done),
    onData: (stream, session, done) => {
      if (drops > 0) {
        drops--;
        stream.once('data', hangUp);
        return;
      }
      void (async () => {
        const raw = await text(stream);
        const answer = await behaviour.onMessage?.(raw, asked.message++);
        if (answer === undefined) {
          messages.push({
            from: session.envelope.mailFrom === false ? '' : session.envelope.mailFrom.address,
            to: session.envelope.rcptTo.map(({ address }) => address),
            raw,
            client: session.hostNameAppearsAs,
            secure: session.secure,
            user: (session.user as string | undefined) ?? null,
          });
        }
        answerWith(answer, done);
      })();
    },
  });
  // A client that does not like the certificate, or was hung up on, is what some tests are about.
  server.on('error', quiet);
  server.server.on('connection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', quiet);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;

  return {
    host: '127.0.0.1',
    port,
    messages,
    commands,
    passwords,
    connections: () => connections,
    idle: async () => {
      await Promise.all([...sockets].map((socket) => new Promise((resolve) => socket.once('close', resolve))));
    },
    hangUp,
    relay: (changes = {}) => ({
      host: '127.0.0.1',
      port,
      security,
      login: null,
      from: { name: 'Bürgerbüro Meerane', address: 'buergerbuero@meerane.example' },
      replyTo: null,
      ...changes,
    }),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        hangUp();
      }),
  };
}
