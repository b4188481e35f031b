import path from 'node:path';
import { domainToASCII } from 'node:url';
import { z } from 'zod';
import type { Relay } from './domain/messages/relay.ts';

export type DatabaseConfig = { kind: 'sqlite'; file: string } | { kind: 'postgres'; url: string; poolSize?: number };

/** A mail server as the installation may have it: one on the same machine may also be spoken to without TLS. */
export type MailServer = Omit<Relay, 'security'> & { security: Relay['security'] | 'none' };

export interface Config {
  port: number;
  host: string;
  database: DatabaseConfig;
  /** True where no database was configured: the embedded one is filled with invented data. */
  demonstration: boolean;
  /** Origin under which citizens reach the office, without trailing slash; null: taken from the request. */
  publicUrl: string | null;
  trustProxy: number;
  timeZone: string;
  officialSite: boolean;
  /** A session without a request for so long has ended. */
  sessionIdleMinutes: number;
  /** Signing in with an identity provider; null: there is none. */
  oidc: { issuer: string; clientId: string; clientSecret: string; name: string; rolesClaim: string } | null;
  logLevel: string;
  /** Mail server for municipalities without one of their own; null: those send no mail. */
  mail: MailServer | null;
  /** HTTP gateway that sends text messages; `from` null: as the gateway has it. */
  sms: { url: string; token: string; from: string | null } | null;
  /** Seals the passwords of municipalities' mail servers in the database; null: none can be entered. */
  secretKey: string | null;
  /** Server that knows the roads; null: travel times are estimated. */
  osrm: { url: string; timeoutMs: number } | null;
  /** Folder of what was imported of OpenStreetMap. */
  osmDir: string;
  tiles: {
    upstream: string | null;
    attribution: string;
    cacheDir: string;
    cacheBytes: number;
    area: { south: number; west: number; north: number; east: number };
  };
}

/** A setting as docs/operations.md describes it; a test compares the two. */
interface Setting {
  schema: z.ZodType;
  what: string;
}

const BASEMAP =
  'https://sgx.geodatenzentrum.de/wmts_basemapde/tile/1.0.0/de_basemapde_web_raster_farbe/default/GLOBAL_WEBMERCATOR/{z}/{y}/{x}.png';

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function parseArea(text: string): { south: number; west: number; north: number; east: number } | null {
  const numbers = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  const [south, west, north, east] = numbers as [number, number, number, number];
  const isBox = numbers.length === 4 && numbers.every(Number.isFinite) && south < north && west < east;
  const fits = isBox && south >= -85 && north <= 85 && west >= -180 && east <= 180;
  return fits ? { south, west, north, east } : null;
}

const SAME_MACHINE = ['localhost', '127.0.0.1', '[::1]'];

function isIssuer(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && SAME_MACHINE.includes(hostname));
}

/** Undefined where the text has a % that encodes nothing. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** `smtp://user:password@host:587`: STARTTLS, on the same machine none; `smtps://host:465`: TLS from the first byte. */
function parseSmtp(text: string): Omit<MailServer, 'from' | 'replyTo'> | null {
  if (/\s/.test(text) || !URL.canParse(text)) return null;
  const url = new URL(text);
  const [username, password, name] = [url.username, url.password, url.hostname].map(decoded);
  const tls = url.protocol === 'smtps:';
  if (!tls && url.protocol !== 'smtp:') return null;
  if (!['', '/'].includes(url.pathname) || /[?#]/.test(text)) return null;
  if (username === undefined || password === undefined || name === undefined) return null;
  if ((username === '') !== (password === '')) return null;
  const host = name.startsWith('[') ? name.slice(1, -1) : domainToASCII(name);
  if (host === '' || url.port === '0') return null;
  return {
    host,
    port: url.port === '' ? (tls ? 465 : 587) : Number(url.port),
    security: tls ? 'tls' : SAME_MACHINE.includes(name) ? 'none' : 'starttls',
    login: username === '' ? null : { username, password },
  };
}

/** `Stadt Meerane <buero@meerane.example>` or the address alone. */
function parseMailbox(text: string): Relay['from'] | null {
  const [, quoted, plain, inside, alone] = /^(?:"([^"\\]*)"|([^<>"]*))\s*<([^<>]+)>$|^(.+)$/.exec(text.trim()) ?? [];
  const [, local, domain] = /^([^\s@<>"(),:;\\[\]]+)@([^\s@<>"(),:;\\[\]]+)$/.exec(inside ?? alone ?? '') ?? [];
  const ascii = domainToASCII(domain ?? '');
  // No sign that could end a header.
  if (local === undefined || !ascii.includes('.') || /[\u0000-\u001f\u007f]/.test(text)) return null;
  return { name: (quoted ?? plain ?? '').trim(), address: `${local}@${ascii}` };
}

function isPlainAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return ['http:', 'https:'].includes(protocol) && username === '' && password === '' && !/[?#\s]/.test(text);
}

const wholeNumber = (from: number, to: number, fallback: number) =>
  z
    .string()
    .default(String(fallback))
    .refine((text) => /^\d+$/.test(text) && Number(text) >= from && Number(text) <= to, {
      message: `must be a whole number from ${from} to ${to}`,
    })
    .transform(Number);

const yesNo = (fallback: 'yes' | 'no') =>
  z
    .enum(['yes', 'no'], { error: 'must be yes or no' })
    .default(fallback)
    .transform((answer) => answer === 'yes');

/** A text that `parse` understands; null from it is a fault. */
const readBy = <T>(parse: (text: string) => T | null, fault: string) =>
  z.string().transform((text, context) => {
    const value = parse(text);
    if (value === null) context.addIssue(fault);
    return value ?? z.NEVER;
  });

/** Every setting of the environment, in the order of docs/operations.md. */
export const SETTINGS = {
  PORT: { schema: wholeNumber(0, 65535, 3000), what: 'TCP port to listen on; 0 takes a free one' },
  HOST: { schema: z.string().default('0.0.0.0'), what: 'address to listen on' },
  DATABASE_FILE: { schema: z.string().min(1).optional(), what: 'SQLite file of a real office' },
  DATABASE_URL: {
    schema: z
      .string()
      .regex(/^postgres(ql)?:\/\/\S+$/, 'must look like postgres://user:password@host:5432/name')
      .optional(),
    what: 'PostgreSQL database of a real office',
  },
  DATABASE_POOL: { schema: wholeNumber(2, 200, 10), what: 'connections to PostgreSQL at most, for each process' },
  PUBLIC_URL: {
    schema: z
      .string()
      .regex(/^https?:\/\/[^/\s]+\/?$/, 'must be an origin such as https://koffer.example.de')
      .transform((url) => url.replace(/\/$/, ''))
      .optional(),
    what: 'origin under which citizens reach the office',
  },
  TRUST_PROXY: { schema: wholeNumber(0, 10, 0), what: 'number of reverse proxies in front' },
  TIME_ZONE: {
    schema: z.string().default('Europe/Berlin').refine(isTimeZone, 'must be an IANA time zone such as Europe/Berlin'),
    what: 'time zone of all wall-clock times',
  },
  OFFICIAL_SITE: { schema: yesNo('no'), what: 'show the line of the federal administration above the header' },
  SESSION_IDLE_MINUTES: {
    schema: wholeNumber(5, 720, 60),
    what: 'after so long without a request, staff have to sign in again',
  },
  OIDC_ISSUER: {
    schema: z
      .string()
      .refine(isIssuer, 'must be the https address of an OpenID provider (http for the same machine only)')
      .optional(),
    what: 'OpenID provider with which staff may sign in',
  },
  OIDC_CLIENT_ID: { schema: z.string().min(1).optional(), what: 'name of this program there' },
  OIDC_CLIENT_SECRET: { schema: z.string().min(1).optional(), what: 'its password there' },
  OIDC_NAME: {
    schema: z.string().max(60, 'must have at most 60 characters').default('Dienstkonto'),
    what: 'what the button to sign in there says',
  },
  OIDC_ROLES_CLAIM: { schema: z.string().min(1).default('roles'), what: 'claim that holds the roles' },
  SMTP_URL: {
    schema: readBy(
      parseSmtp,
      'must look like smtp://user:password@host:587 (STARTTLS) or smtps://user:password@host:465 (TLS); signs such as @ : / # in the password are written as %40 %3A %2F %23',
    ).optional(),
    what: 'mail server through which municipalities without one of their own write to citizens',
  },
  MAIL_FROM: {
    schema: readBy(parseMailbox, 'must look like Bürgerbüro <termine@example.de>, or the address alone').optional(),
    what: 'whom its mails are from',
  },
  SMS_URL: {
    schema: z
      .string()
      .refine(
        (text) => isPlainAddress(text) && isIssuer(text),
        'must be an https address without user name, ? and # (http for the same machine only)',
      )
      .optional(),
    what: 'gateway that sends text messages',
  },
  SMS_TOKEN: {
    schema: z
      .string()
      .regex(/^[\x21-\x7e]+$/, 'must have neither spaces nor umlauts')
      .optional(),
    what: 'secret with which the program shows the gateway who it is',
  },
  SMS_FROM: {
    schema: z
      .string()
      .regex(
        /^(\+[1-9]\d{6,14}|[A-Za-z0-9 ]{1,11})$/,
        'must be a number such as +491711234567 or up to 11 letters and digits',
      )
      .optional(),
    what: 'number or name that text messages are from',
  },
  SECRET_KEY: {
    schema: z.string().min(32, 'must have at least 32 characters; make one with: openssl rand -base64 32').optional(),
    what: "seals the passwords of municipalities' mail servers in the database",
  },
  LOG_LEVEL: {
    schema: z
      .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
        error: 'must be trace, debug, info, warn, error, fatal or silent',
      })
      .default('info'),
    what: 'least level that is logged',
  },
  TILES_URL: {
    schema: z
      .string()
      .default(BASEMAP)
      .refine(
        (url) =>
          url === 'none' || (/^https?:\/\//.test(url) && ['{z}', '{x}', '{y}'].every((part) => url.includes(part))),
        'must be none or an http(s) address with {z}, {x} and {y}',
      ),
    what: 'where map tiles are fetched from',
  },
  TILES_ATTRIBUTION: {
    schema: z.string().default('© GeoBasis-DE / BKG (2026) CC BY 4.0'),
    what: 'attribution shown on the map',
  },
  TILES_CACHE: { schema: z.string().min(1).default('var/tiles'), what: 'folder that keeps fetched tiles' },
  TILES_CACHE_MB: { schema: wholeNumber(1, 100_000, 500), what: 'size of that folder at most, in megabytes' },
  TILES_AREA: {
    schema: readBy(parseArea, 'must be south,west,north,east in degrees').prefault('50.55,11.95,51.15,13.05'),
    what: 'area outside of which no tile is fetched',
  },
  OSM_DIR: {
    schema: z.string().min(1).default('var/osm'),
    what: 'folder of the roads and the map that were made of an OpenStreetMap extract',
  },
  OSRM_URL: {
    schema: z
      .string()
      .refine(isPlainAddress, 'must be an http(s) address without user name, ? and #')
      .transform((url) => url.replace(/\/+$/, ''))
      .optional(),
    what: 'OSRM server that is asked for travel times',
  },
  OSRM_TIMEOUT_MS: { schema: wholeNumber(100, 30_000, 2000), what: 'milliseconds its answer may take' },
} satisfies Record<string, Setting>;

type Values = { [Name in keyof typeof SETTINGS]: z.output<(typeof SETTINGS)[Name]['schema']> };

/** Settings that hold a password or may hold one: what they are is never repeated. */
const SECRET = ['DATABASE_URL', 'OSRM_URL', 'SMTP_URL', 'SMS_URL', 'SMS_TOKEN', 'SECRET_KEY'];

/** The environment holds values with which the program cannot run: one line a fault. */
export class ConfigError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`Configuration is wrong:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.faults = faults;
  }
}

/**
 * Parses the environment. An empty value counts as not set.
 * @throws ConfigError with every fault, not only the first
 */
export function parseConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const faults: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, { schema }] of Object.entries(SETTINGS)) {
    const text = env[name] === '' ? undefined : env[name];
    const parsed = (schema as z.ZodType).safeParse(text);
    if (parsed.success) {
      values[name] = parsed.data;
    } else {
      const shown = SECRET.includes(name) ? '' : ` (is "${text ?? ''}")`;
      faults.push(`${name} ${parsed.error.issues[0]?.message ?? 'is wrong'}${shown}`);
    }
  }
  const settings = values as Values;
  if (settings.DATABASE_FILE !== undefined && settings.DATABASE_URL !== undefined) {
    faults.push('DATABASE_FILE and DATABASE_URL are both set: choose one');
  }
  faults.push(...oidcFaults(settings), ...messageFaults(env));
  if (faults.length > 0) {
    throw new ConfigError(faults);
  }
  return {
    port: settings.PORT,
    host: settings.HOST,
    database: databaseOf(settings),
    demonstration: settings.DATABASE_FILE === undefined && settings.DATABASE_URL === undefined,
    publicUrl: settings.PUBLIC_URL ?? null,
    trustProxy: settings.TRUST_PROXY,
    timeZone: settings.TIME_ZONE,
    officialSite: settings.OFFICIAL_SITE,
    sessionIdleMinutes: settings.SESSION_IDLE_MINUTES,
    oidc: oidcOf(settings),
    logLevel: settings.LOG_LEVEL,
    mail: mailOf(settings),
    sms: smsOf(settings),
    secretKey: settings.SECRET_KEY ?? null,
    osrm: settings.OSRM_URL === undefined ? null : { url: settings.OSRM_URL, timeoutMs: settings.OSRM_TIMEOUT_MS },
    osmDir: path.resolve(settings.OSM_DIR),
    tiles: {
      upstream: settings.TILES_URL === 'none' ? null : settings.TILES_URL,
      attribution: settings.TILES_ATTRIBUTION,
      cacheDir: path.resolve(settings.TILES_CACHE),
      cacheBytes: settings.TILES_CACHE_MB * 1_000_000,
      area: settings.TILES_AREA,
    },
  };
}

function databaseOf(settings: Values): DatabaseConfig {
  if (settings.DATABASE_URL !== undefined) {
    return { kind: 'postgres', url: settings.DATABASE_URL, poolSize: settings.DATABASE_POOL };
  }
  return { kind: 'sqlite', file: path.resolve(settings.DATABASE_FILE ?? 'var/demonstration.sqlite') };
}

/** What an identity provider needs besides its address. */
const NEEDED = ['OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET', 'PUBLIC_URL'] as const;

function oidcFaults(settings: Values): string[] {
  if (settings.OIDC_ISSUER === undefined) {
    return NEEDED.filter((name) => name !== 'PUBLIC_URL' && settings[name] !== undefined).map(
      (name) => `${name} is set, but OIDC_ISSUER is not`,
    );
  }
  return NEEDED.filter((name) => settings[name] === undefined).map((name) => `OIDC_ISSUER needs ${name}`);
}

function oidcOf(settings: Values): Config['oidc'] {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret } = settings;
  if (issuer === undefined || clientId === undefined || clientSecret === undefined) {
    return null;
  }
  return { issuer, clientId, clientSecret, name: settings.OIDC_NAME, rolesClaim: settings.OIDC_ROLES_CLAIM };
}

/** What goes only together; everything that leads to messages needs an address for the links in them. */
const TOGETHER = [
  ['SMTP_URL', 'MAIL_FROM'],
  ['MAIL_FROM', 'SMTP_URL'],
  ['SMS_URL', 'SMS_TOKEN'],
  ['SMS_TOKEN', 'SMS_URL'],
  ['SMS_FROM', 'SMS_URL'],
  ['SMTP_URL', 'PUBLIC_URL'],
  ['SMS_URL', 'PUBLIC_URL'],
  ['SECRET_KEY', 'PUBLIC_URL'],
] as const;

function messageFaults(env: Readonly<Record<string, string | undefined>>): string[] {
  return TOGETHER.filter(([name, other]) => (env[name] ?? '') !== '' && (env[other] ?? '') === '').map(
    ([name, other]) => `${name} needs ${other}${other === 'PUBLIC_URL' ? ' for the links in messages' : ''}`,
  );
}

function mailOf({ SMTP_URL: server, MAIL_FROM: from }: Values): MailServer | null {
  return server === undefined || from === undefined ? null : { ...server, from, replyTo: null };
}

function smsOf({ SMS_URL: url, SMS_TOKEN: token, SMS_FROM: from }: Values): Config['sms'] {
  return url === undefined || token === undefined ? null : { url, token, from: from ?? null };
}
