import type { Request, Response } from 'express';
import { needsSecondFactor } from '../../domain/access.ts';
import { municipalityOf } from '../../domain/staff/userScope.ts';
import { pathsFor, ROUTES } from '../../paths.ts';
import { localeOf, PREFIX } from '../../web/locale.ts';
import type { Stage } from '../../web/session.ts';
import type { StaffDeps } from './deps.ts';
import { deviceOf } from './device.ts';
import type { User } from './ports.ts';

/** The steps from the sign-in page to the pages behind it. With each one the session gets a new number. */

/**
 * What comes next for somebody whose password was right.
 * @param codeGiven the second factor was given too
 */
export function nextStage(user: User, codeGiven: boolean): Stage {
  const hasFactor = user.totpConfirmedAt !== null;
  if (hasFactor && !codeGiven) return 'code';
  if (user.mustChangePassword) return 'newPassword';
  return needsSecondFactor(user) && !hasFactor ? 'setUp' : 'in';
}

/** Begins a new session at this stage; the old one ends. What was wanted before signing in is still known. */
export async function enter(deps: StaffDeps, request: Request, user: User, stage: Stage): Promise<void> {
  const { returnTo } = request.session;
  const wasIn = request.session.stage === 'in' && request.session.userId === user.id;
  if (stage === 'in' && !wasIn) {
    await deps.unit(async (unit) => {
      await unit.audit({ userId: user.id, name: user.name }, deps.clock.now(), {
        municipalityId: municipalityOf(user.grants),
        subject: 'user',
        subjectId: user.id,
        label: user.name,
        action: 'signedIn',
        changes: [],
      });
    });
  }
  await renew(request);
  request.session.userId = user.id;
  request.session.stage = stage;
  request.session.device = deviceOf(request.get('User-Agent'));
  if (returnTo !== undefined) {
    request.session.returnTo = returnTo;
  }
}

/** An empty session with a new number; the old one ends. */
export function renew(request: Request): Promise<void> {
  return new Promise((resolve, reject) => {
    request.session.regenerate((error: unknown) => (error instanceof Error ? reject(error) : resolve()));
  });
}

/** To the page of the stage the session is at; at the end to the one that was wanted. */
export function goOn(request: Request, response: Response): void {
  const p = pathsFor(localeOf(response));
  switch (request.session.stage) {
    case 'code':
      return response.redirect(303, p.signInCode());
    case 'newPassword':
      return response.redirect(303, p.newPassword());
    case 'setUp':
      return response.redirect(303, p.secondFactorSetUp());
    case 'in':
      return response.redirect(303, wantedPage(request, response));
    case undefined:
      return response.redirect(303, p.signIn());
  }
}

/** The page that was wanted before signing in, once; else the first one. */
export function wantedPage(request: Request, response: Response): string {
  const wanted = ownAddress(request.session.returnTo);
  delete request.session.returnTo;
  return wanted === null ? pathsFor(localeOf(response)).staffHome() : PREFIX[localeOf(response)] + wanted;
}

/** Nobody is sent to another site or round in a circle: an address below /intern, else null. */
export function ownAddress(address: unknown): string | null {
  // A backslash counts as a slash, tabs and line ends do not count at all (WHATWG URL).
  if (typeof address !== 'string' || !address.startsWith('/') || /[\\\p{Cc}]|\/\//u.test(address.split('?')[0] ?? '')) {
    return null;
  }
  const base = 'http://own.invalid';
  if (/[\\\p{Cc}]/u.test(address) || !URL.canParse(address, base)) {
    return null;
  }
  const { origin, pathname, search } = new URL(address, base);
  const isOurs = origin === base && (pathname === ROUTES.staffHome || pathname.startsWith(`${ROUTES.staffHome}/`));
  const isOnTheWay = [ROUTES.signIn, ROUTES.signOut].some((way) => pathname === way || pathname.startsWith(`${way}/`));
  return isOurs && !isOnTheWay ? pathname + search : null;
}
