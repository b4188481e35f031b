import { randomBytes, randomInt, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto';

/** Cost of scrypt: N = 2^log2N (RFC 7914; OWASP Password Storage Cheat Sheet: N=2^17, r=8, p=1). */
export interface Cost {
  log2N: number;
  r: number;
  p: number;
}

export const PASSWORD_COST: Cost = { log2N: 17, r: 8, p: 1 };

/** Each needs 128 MB while it runs (128 · N · r bytes). */
const AT_ONCE = 2;
/** Beyond so many that wait, signing in is refused rather than made slower and slower. */
const MOST_WAITING = 50;

const BYTES = 32;

/**
 * No password is longer, in UTF-16 units before its signs are put together: beyond that it is not looked at, as putting
 * together 100,000 accents takes seconds in which nobody else is answered.
 */
const LONGEST = 4_096;

export interface Passwords {
  /** @returns `scrypt$17$8$1$salt$hash`, the bytes in base64url */
  hash(password: string): Promise<string>;
  /** @param hash null: there is no such account; it takes just as long and is false */
  verify(password: string, hash: string | null): Promise<boolean>;
  /** True when it was made with other parameters than those of today. */
  isOutdated(hash: string): boolean;
}

/** Too many people sign in at once. */
export class TooManySignIns extends Error {
  readonly status = 503;
}

/** @param cost for tests; what is stored says its own */
export function createPasswords(cost: Cost = PASSWORD_COST): Passwords {
  const inTurn = limitTo(AT_ONCE);
  const derive = (password: string, salt: Buffer, { log2N, r, p }: Cost): Promise<Buffer> => {
    const options: ScryptOptions = { N: 2 ** log2N, r, p, maxmem: 256 * 2 ** log2N * r };
    return inTurn(
      () =>
        new Promise((resolve, reject) => {
          // The same letter may be typed as one sign or as two.
          scrypt(password.normalize('NFC'), salt, BYTES, options, (error, key) =>
            error === null ? resolve(key) : reject(error),
          );
        }),
    );
  };
  const nobody = format(cost, Buffer.alloc(16), Buffer.alloc(BYTES));

  return {
    async hash(password) {
      const salt = randomBytes(16);
      return format(cost, salt, await derive(password, salt, cost));
    },
    async verify(password, hash) {
      const { salt, key, ...itsCost } = parse(hash ?? nobody);
      const same = timingSafeEqual(await derive(password.slice(0, LONGEST), salt, itsCost), key);
      return same && hash !== null && password.length <= LONGEST;
    },
    isOutdated(hash) {
      const { log2N, r, p } = parse(hash);
      return log2N !== cost.log2N || r !== cost.r || p !== cost.p;
    },
  };
}

function format({ log2N, r, p }: Cost, salt: Buffer, key: Buffer): string {
  return ['scrypt', log2N, r, p, salt.toString('base64url'), key.toString('base64url')].join('$');
}

function parse(hash: string): Cost & { salt: Buffer; key: Buffer } {
  const [kind, log2N, r, p, salt = '', key = ''] = hash.split('$');
  if (kind !== 'scrypt') {
    throw new Error('A stored password has an unknown format');
  }
  return {
    log2N: Number(log2N),
    r: Number(r),
    p: Number(p),
    salt: Buffer.from(salt, 'base64url'),
    key: Buffer.from(key, 'base64url'),
  };
}

function limitTo(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running >= most) {
      if (waiting.length >= MOST_WAITING) {
        throw new TooManySignIns();
      }
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else {
      running += 1;
    }
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) {
        running -= 1;
      } else {
        next(); // takes over this place
      }
    }
  };
}

/** Letters and digits that cannot be taken for each other. */
const SIGNS = 'abcdefghjkmnpqrstuvwxyz23456789';

/** Groups of random signs, e.g. for a password to be typed once: `kx7m-2prt-q9wd-h4ns`. */
export function randomSigns(groups: number, size = 4): string {
  const sign = (): string => SIGNS[randomInt(SIGNS.length)] as string;
  return Array.from({ length: groups }, () => Array.from({ length: size }, sign).join('')).join('-');
}

/** A password for the first sign-in: 79 bits. */
export function initialPassword(): string {
  return randomSigns(4);
}
