import path from 'node:path';
import { z } from 'zod';

export type DatabaseConfig = { kind: 'sqlite'; file: string } | { kind: 'postgres'; url: string; poolSize?: number };

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
  /** Server that knows the roads; null: travel times are estimated. */
  osrm: { url: string; timeoutMs: number } | null;
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
  const fits =
    numbers.length === 4 &&
    numbers.every(Number.isFinite) &&
    south < north &&
    west < east &&
    south >= -85 &&
    north <= 85 &&
    west >= -180 &&
    east <= 180;
  return fits ? { south, west, north, east } : null;
}

function isIssuer(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname));
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
    schema: z
      .string()
      .default('50.55,11.95,51.15,13.05')
      .refine((text) => parseArea(text) !== null, 'must be south,west,north,east in degrees')
      .transform((text) => parseArea(text) as NonNullable<ReturnType<typeof parseArea>>),
    what: 'area outside of which no tile is fetched',
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
      const shown = ['DATABASE_URL', 'OSRM_URL'].includes(name) ? '' : ` (is "${text ?? ''}")`; // it may hold a password
      faults.push(`${name} ${parsed.error.issues[0]?.message ?? 'is wrong'}${shown}`);
    }
  }
  const settings = values as Values;
  if (settings.DATABASE_FILE !== undefined && settings.DATABASE_URL !== undefined) {
    faults.push('DATABASE_FILE and DATABASE_URL are both set: choose one');
  }
  faults.push(...oidcFaults(settings));
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
    osrm: settings.OSRM_URL === undefined ? null : { url: settings.OSRM_URL, timeoutMs: settings.OSRM_TIMEOUT_MS },
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
