import { createHash } from 'node:crypto';
import { Router, type Request, type RequestHandler, type Response } from 'express';
import session, { Store, type SessionData } from 'express-session';
import { accessTo, may, type Actor, type RouteName } from '../domain/access.ts';
import type { Instant } from '../domain/time.ts';
import { pathsFor, ROUTES } from '../paths.ts';
import { localeOf } from './locale.ts';

/**
 * Sessions of the people who work with the program, and the guard in front of all routes. Citizens never get a cookie:
 * the session is read below /intern only.
 */

/** How far somebody is on the way in. */
export type Stage =
  /** The password was right, the code of the second factor is still missing. */
  | 'code'
  /** Signed in as far as it goes, but a second factor has to be set up first. */
  | 'setUp'
  /** The password was given by somebody else and has to be changed first. */
  | 'newPassword'
  | 'in';

declare module 'express-session' {
  interface SessionData {
    userId?: number;
    stage?: Stage;
    /** Browser and system in words, for the list of one's own sessions. */
    device?: string;
    /** Where to go after signing in: an address of ours, without language. */
    returnTo?: string;
    /** The second factor about to be set up: base32. */
    newSecret?: string;
    /** What the answer of the identity provider has to match. */
    elsewhere?: { state: string; nonce: string; verifier: string };
    /** A sentence for the next page, said once. */
    flash?: { kind: 'success' | 'warning'; text: string };
  }
}

/** A session as it is kept: found by the hash of what the cookie holds, so that a copy of the database opens none. */
export interface StoredSession {
  idHash: string;
  userId: number | null;
  data: string;
  createdAt: Instant;
  seenAt: Instant;
  expiresAt: Instant;
  /** Browser and system in words, e.g. "Firefox, Windows". */
  device: string;
}

export interface SessionRows {
  find(idHash: string): Promise<StoredSession | undefined>;
  /** Keeps a session that has just begun. */
  save(row: StoredSession): Promise<void>;
  /** Does nothing when it has ended meanwhile: a request still under way must not bring it back. */
  change(row: StoredSession): Promise<void>;
  /** Does nothing when it has ended meanwhile. */
  touch(idHash: string, seenAt: Instant, expiresAt: Instant): Promise<void>;
  end(idHash: string): Promise<void>;
}

export interface SessionSettings {
  rows: SessionRows;
  /** Signs the cookie. */
  secret: string;
  now: () => Instant;
  /** A session without a request for so long has ended. */
  idleMinutes: number;
  /** The user with the roles of this moment; null when locked or gone. */
  actor: (userId: number) => Promise<Actor | null>;
}

/** However busy somebody is, after so long they sign in again, in milliseconds. */
const LONGEST = 12 * 60 * 60_000;
/** How old `seen_at` may become before it is written anew: not with each request, in milliseconds. */
const SEEN_EVERY = 60_000;

export const SESSION_COOKIE = 'kt_session';

export function hashOfSession(id: string): string {
  return createHash('sha256').update(id).digest('hex');
}

class DatabaseStore extends Store {
  readonly #settings: SessionSettings;

  constructor(settings: SessionSettings) {
    super();
    this.#settings = settings;
  }

  #expiry(createdAt: Instant, now: Instant): Instant {
    return Math.min(createdAt + LONGEST, now + this.#settings.idleMinutes * 60_000);
  }

  override get(id: string, done: (error: unknown, data?: SessionData | null) => void): void {
    this.#settings.rows.find(hashOfSession(id)).then(
      (row) => {
        if (row === undefined || row.expiresAt <= this.#settings.now()) {
          done(null, null);
          return;
        }
        const { createdAt, seenAt } = row;
        done(null, { ...(JSON.parse(row.data) as SessionData), began: { createdAt, seenAt } } as SessionData);
      },
      (error: unknown) => done(error),
    );
  }

  override set(id: string, data: SessionData, done?: (error?: unknown) => void): void {
    const now = this.#settings.now();
    const { began, ...kept } = data as SessionData & Began;
    const createdAt = began?.createdAt ?? now;
    const row: StoredSession = {
      idHash: hashOfSession(id),
      userId: data.userId ?? null,
      data: JSON.stringify(kept),
      createdAt,
      seenAt: now,
      expiresAt: this.#expiry(createdAt, now),
      device: kept.device ?? '',
    };
    const { rows } = this.#settings;
    (began === undefined ? rows.save(row) : rows.change(row)).then(
      () => done?.(),
      (error: unknown) => done?.(error),
    );
  }

  override touch(id: string, data: SessionData, done?: (error?: unknown) => void): void {
    const now = this.#settings.now();
    const { began } = data as SessionData & Began;
    if (began === undefined || now - began.seenAt < SEEN_EVERY) {
      done?.();
      return;
    }
    this.#settings.rows.touch(hashOfSession(id), now, this.#expiry(began.createdAt, now)).then(
      () => done?.(),
      (error: unknown) => done?.(error),
    );
  }

  override destroy(id: string, done?: (error?: unknown) => void): void {
    this.#settings.rows.end(hashOfSession(id)).then(
      () => done?.(),
      (error: unknown) => done?.(error),
    );
  }
}

/** What the store adds to the data of a session while a request is under way. */
interface Began {
  began?: { createdAt: Instant; seenAt: Instant };
}

/** Reads the session of requests below /intern; the cookie is a session cookie and comes only when there is one. */
export function staffSession(settings: SessionSettings): RequestHandler {
  const read = session({
    name: SESSION_COOKIE,
    secret: settings.secret,
    store: new DatabaseStore(settings),
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: 'lax', secure: 'auto', path: '/' },
  });
  const router = Router();
  router.use(ROUTES.staffHome, read, saveBeforeRedirect);
  return router;
}

/**
 * A browser follows a redirect as soon as it has seen the head of the answer; express-session writes at the end of it.
 * What the next page is to find in the session (a sentence, a stage) has to be written before.
 */
const saveBeforeRedirect: RequestHandler = (request, response, next) => {
  const redirect = response.redirect.bind(response) as (...target: unknown[]) => void;
  response.redirect = (...target: unknown[]): void => {
    const session = request.session as typeof request.session | undefined; // undefined: it was ended just now
    const isEmpty = session === undefined || Object.keys(session).every((key) => key === 'cookie');
    if (isEmpty) {
      redirect(...target);
      return;
    }
    session.save((error?: Error | null) => {
      if (error) {
        next(error);
      } else {
        redirect(...target);
      }
    });
  };
  next();
};

const ACTOR = Symbol('actor');

/** Who has signed in. @throws Error on a route that is open to everybody */
export function actorOf(response: Response): Actor {
  const actor = maybeActorOf(response);
  if (actor === null) {
    throw new Error('This route has no signed-in user');
  }
  return actor;
}

export function maybeActorOf(response: Response): Actor | null {
  return ((response.locals as Record<symbol, unknown>)[ACTOR] as Actor | undefined) ?? null;
}

/** What was asked for is not allowed to this person. */
export class NotAllowed extends Error {
  readonly status = 403;
}

/**
 * Stands in front of all features: lets through what is public, sends to the sign-in page who has not signed in, and
 * refuses what the table in domain/access.ts does not allow. What stands below /intern and in no table is refused.
 */
export function guardRoutes(settings: Pick<SessionSettings, 'actor'>): RequestHandler {
  const router = Router();
  for (const name of Object.keys(ROUTES) as RouteName[]) {
    if (accessTo(name, 'GET') === 'public' && accessTo(name, 'POST') === 'public') {
      continue;
    }
    router.all(ROUTES[name], guard(name, settings));
  }
  return router;
}

function guard(name: RouteName, settings: Pick<SessionSettings, 'actor'>): RequestHandler {
  return async (request, response, next) => {
    const access = accessTo(name, request.method);
    const { userId, stage } = request.session;
    const actor = userId === undefined ? null : await settings.actor(userId);
    if (userId !== undefined && actor === null) {
      await endSession(request); // locked or deleted meanwhile
    }
    if (actor !== null && stage === 'in') {
      (response.locals as Record<symbol, unknown>)[ACTOR] = actor;
    }
    if (access === 'public' || access === 'signingIn') {
      next();
      return;
    }
    const p = pathsFor(localeOf(response));
    if (actor === null || stage === 'code' || stage === undefined) {
      askToSignIn(request, response);
    } else if (stage === 'newPassword') {
      response.redirect(303, p.newPassword());
    } else if (stage === 'setUp') {
      response.redirect(303, p.secondFactorSetUp());
    } else if (access === 'signedIn' || may(actor, access)) {
      next();
    } else {
      next(new NotAllowed());
    }
  };
}

/** Back to the page that was wanted, after signing in; what a form held would be lost, so a form leads to its page. */
function askToSignIn(request: Request, response: Response): void {
  const wanted = request.method === 'GET' ? request.originalUrl.replace(/^\/en(?=\/)/, '') : undefined;
  const isPage = wanted !== undefined && wanted !== ROUTES.staffHome && request.get('HX-Request-Type') !== 'partial';
  const p = pathsFor(localeOf(response));
  const target = p.signIn({ zu: isPage ? wanted : undefined });
  if (request.get('HX-Request-Type') === 'partial') {
    // A part of a page cannot show a sign-in form: the whole page goes there.
    response.set('HX-Redirect', p.signIn()).status(401).end();
    return;
  }
  response.redirect(303, target);
}

function endSession(request: Request): Promise<void> {
  return new Promise((resolve, reject) => {
    request.session.regenerate((error: unknown) => (error instanceof Error ? reject(error) : resolve()));
  });
}
