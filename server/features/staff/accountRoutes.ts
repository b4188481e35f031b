import { Router, type Request, type RequestHandler, type Response } from 'express';
import { needsSecondFactor } from '../../domain/access.ts';
import { PASSWORD_MIN } from '../../domain/staff/password.ts';
import { pathsFor, ROUTES } from '../../paths.ts';
import { addError, NO_ERRORS, type FormErrors } from '../../web/form.ts';
import { localeOf, translator } from '../../web/locale.ts';
import { actorOf, hashOfSession } from '../../web/session.ts';
import { addressOf, type StaffDeps } from './deps.ts';
import { enter } from './enter.ts';
import { newPasswordErrors, rawField } from './newPassword.ts';
import type { User } from './ports.ts';
import { newSecret, presentSecret } from './secondFactor.ts';
import { putInPlace, readSetUpCode, renewCodes, takeAway } from './setUp.ts';
import { checkPassword } from './signIn.ts';
import { storePassword, waitUntil } from './signInRoutes.ts';
import { moment, rolesInWords } from './words.ts';

type Handler = (request: Request, response: Response, user: User) => Promise<void>;

/** What everybody who has signed in does with their own account. */
export function accountRoutes(deps: StaffDeps): Router {
  const router = Router();
  const own =
    (handle: Handler): RequestHandler =>
    async (request, response, next) => {
      const user = await deps.users.byId(actorOf(response).userId);
      if (user === undefined) {
        next();
        return;
      }
      await handle(request, response, user);
    };
  /** Who signs in elsewhere has neither password nor second factor here. */
  const local = (handle: Handler): RequestHandler =>
    own(async (request, response, user) => {
      if (user.passwordHash === null) {
        toAccount(response);
        return;
      }
      await handle(request, response, user);
    });

  router.get(
    ROUTES.account,
    own((request, response, user) => showAccount(deps, request, response, user)),
  );
  router
    .route(ROUTES.accountPassword)
    .get(local((request, response) => renderPassword(deps, request, response, NO_ERRORS)))
    .post(local((request, response, user) => changePassword(deps, request, response, user)));
  router
    .route(ROUTES.accountSecondFactor)
    .get(local((request, response, user) => renderSecondFactor(deps, request, response, user, NO_ERRORS)))
    .post(local((request, response, user) => changeSecondFactor(deps, request, response, user)));
  router
    .route(ROUTES.accountRecoveryCodes)
    .get(local((request, response, user) => renderRenewal(deps, request, response, user, NO_ERRORS)))
    .post(local((request, response, user) => newCodes(deps, request, response, user)));
  router.get([ROUTES.accountSession, ROUTES.accountSessions], (_request, response) => toAccount(response));
  router.post(
    ROUTES.accountSessions,
    own(async (request, response, user) => {
      const count = await deps.sessions.endOthers(user.id, hashOfSession(request.sessionID));
      say(request, response, count === 0 ? 'account.sessions.noOthers' : 'account.sessions.othersEnded', { count });
    }),
  );
  router.post(
    ROUTES.accountSession,
    own(async (request, response, user) => {
      const id = String(request.params['id']);
      const isOwn = (await deps.sessions.ofUser(user.id, deps.clock.now())).some(({ idHash }) => idHash === id);
      if (isOwn && id !== hashOfSession(request.sessionID)) {
        await deps.sessions.end(id);
      }
      say(request, response, 'account.sessions.ended');
    }),
  );
  return router;
}

function toAccount(response: Response): void {
  response.redirect(303, pathsFor(localeOf(response)).account());
}

function say(request: Request, response: Response, key: string, parameters: Record<string, number> = {}): void {
  request.session.flash = { kind: 'success', text: translator(localeOf(response))(key, parameters) };
  toAccount(response);
}

async function renderPage(
  deps: StaffDeps,
  request: Request,
  response: Response,
  page: { view: string; title: string; errors?: FormErrors; status?: number; locals: object },
): Promise<void> {
  const t = translator(localeOf(response));
  const errors = page.errors ?? NO_ERRORS;
  const isWrong = errors.list.length > 0;
  const { flash } = request.session;
  if (flash !== undefined) {
    delete request.session.flash;
  }
  await deps.render(request, response, {
    view: `staff/account/${page.view}`,
    title: isWrong ? t('staff.form.errorPrefix') + page.title : page.title,
    staff: 'account',
    status: page.status ?? (isWrong ? 422 : 200),
    locals: { ...page.locals, errors, flash: flash ?? null },
  });
}

async function showAccount(deps: StaffDeps, request: Request, response: Response, user: User): Promise<void> {
  const locale = localeOf(response);
  const t = translator(locale);
  const p = pathsFor(locale);
  const present = hashOfSession(request.sessionID);
  const sessions = await deps.sessions.ofUser(user.id, deps.clock.now());
  const roles = rolesInWords(user.grants, await deps.users.municipalities('all'), locale, t);
  const isOn = user.totpConfirmedAt !== null;
  const isObligatory = needsSecondFactor(user);
  await renderPage(deps, request, response, {
    view: 'account',
    title: t('account.title'),
    locals: {
      user: { name: user.name, email: user.email, roles: roles.length === 0 ? [t('users.noRoles')] : roles },
      elsewhere:
        user.passwordHash === null
          ? t('account.elsewhere', { name: deps.provider?.name ?? user.oidcIssuer ?? '' })
          : null,
      factor: {
        state: isOn ? t('account.factor.on') : t('account.factor.off'),
        codes: isOn ? t('account.codes.left', { count: user.recoveryCodes }) : null,
        action: isOn ? (isObligatory ? null : t('account.factor.turnOff')) : t('account.factor.turnOn'),
        obligatory: isObligatory,
      },
      sessions: sessions.map(({ idHash, device, createdAt, seenAt }) => ({
        device: device === '' ? t('account.sessions.unknownDevice') : device,
        began: moment(createdAt, deps.zone, locale),
        seen: moment(seenAt, deps.zone, locale),
        isPresent: idHash === present,
        end: p.accountSession(idHash),
      })),
      hasOthers: sessions.some(({ idHash }) => idHash !== present),
    },
  });
}

/** Asks for the password again before something that a stranger at an open screen must not do. @returns the refusal */
async function passwordRefusal(
  deps: StaffDeps,
  request: Request,
  response: Response,
  user: User,
): Promise<{ errors: FormErrors; status: number } | null> {
  const t = translator(localeOf(response));
  const errors: FormErrors = { list: [], fields: {} };
  const password = rawField(request.body, 'alt');
  if (password === '') {
    addError(errors, 'alt', t('account.password.errors.noOld'));
    return { errors, status: 422 };
  }
  const checked = await checkPassword(deps, { email: user.email, password, address: addressOf(request) });
  switch (checked.kind) {
    case 'right':
      return null;
    case 'wrong':
      addError(errors, 'alt', t('account.password.errors.wrongOld'));
      return { errors, status: 422 };
    case 'blocked':
      addError(errors, 'alt', t('signIn.errors.blocked', { time: waitUntil(deps, response, checked.until) }));
      return { errors, status: 429 };
  }
}

async function renderPassword(
  deps: StaffDeps,
  request: Request,
  response: Response,
  errors: FormErrors,
  status?: number,
): Promise<void> {
  await renderPage(deps, request, response, {
    view: 'password',
    title: translator(localeOf(response))('account.password.title'),
    errors,
    ...(status === undefined ? {} : { status }),
    locals: { passwordMin: PASSWORD_MIN },
  });
}

async function changePassword(deps: StaffDeps, request: Request, response: Response, user: User): Promise<void> {
  const refusal = await passwordRefusal(deps, request, response, user);
  if (refusal !== null) {
    await renderPassword(deps, request, response, refusal.errors, refusal.status);
    return;
  }
  const errors = await newPasswordErrors(deps, request.body, user, translator(localeOf(response)));
  if (errors.list.length > 0) {
    await renderPassword(deps, request, response, errors);
    return;
  }
  await storePassword(deps, user, rawField(request.body, 'neu'));
  await enter(deps, request, user, 'in');
  say(request, response, 'account.password.changed');
}

async function renderSecondFactor(
  deps: StaffDeps,
  request: Request,
  response: Response,
  user: User,
  errors: FormErrors,
  status?: number,
): Promise<void> {
  const t = translator(localeOf(response));
  if (user.totpConfirmedAt !== null) {
    await renderPage(deps, request, response, {
      view: 'turnOff',
      title: t('account.factor.turnOff'),
      errors,
      ...(status === undefined ? {} : { status }),
      locals: { obligatory: needsSecondFactor(user) },
    });
    return;
  }
  const secret = (request.session.newSecret ??= newSecret());
  await renderPage(deps, request, response, {
    view: 'turnOn',
    title: t('signIn.setUp.title'),
    errors,
    ...(status === undefined ? {} : { status }),
    locals: { setUp: presentSecret(secret, user.email), demo: null },
  });
}

async function changeSecondFactor(deps: StaffDeps, request: Request, response: Response, user: User): Promise<void> {
  const t = translator(localeOf(response));
  if (user.totpConfirmedAt !== null) {
    await turnOff(deps, request, response, user);
    return;
  }
  const read = readSetUpCode(request.body, request.session.newSecret, deps.clock.now(), t);
  if (!read.ok) {
    await renderSecondFactor(deps, request, response, user, read.errors);
    return;
  }
  // Else somebody at a screen that was left open could lock the owner out.
  const refusal = await passwordRefusal(deps, request, response, user);
  if (refusal !== null) {
    await renderSecondFactor(deps, request, response, user, refusal.errors, refusal.status);
    return;
  }
  const codes = await putInPlace(deps, user, read.secret, read.step);
  if (codes === null) {
    toAccount(response);
    return;
  }
  await enter(deps, request, user, 'in');
  await showCodes(deps, request, response, codes);
}

async function turnOff(deps: StaffDeps, request: Request, response: Response, user: User): Promise<void> {
  if (rawField(request.body, 'aktion') !== 'aus' || needsSecondFactor(user)) {
    toAccount(response); // the form for turning on, sent twice; or nobody was offered this
    return;
  }
  const refusal = await passwordRefusal(deps, request, response, user);
  if (refusal !== null) {
    await renderSecondFactor(deps, request, response, user, refusal.errors, refusal.status);
    return;
  }
  if (!(await takeAway(deps, user))) {
    toAccount(response); // an administrator by now: the account says that it is obligatory
    return;
  }
  delete request.session.newSecret;
  say(request, response, 'account.factor.turnedOff');
}

async function showCodes(
  deps: StaffDeps,
  request: Request,
  response: Response,
  codes: readonly string[],
): Promise<void> {
  const locale = localeOf(response);
  await renderPage(deps, request, response, {
    view: 'codes',
    title: translator(locale)('signIn.codes.title'),
    locals: { codes, next: pathsFor(locale).account() },
  });
}

async function renderRenewal(
  deps: StaffDeps,
  request: Request,
  response: Response,
  user: User,
  errors: FormErrors,
  status?: number,
): Promise<void> {
  if (user.totpConfirmedAt === null) {
    toAccount(response);
    return;
  }
  await renderPage(deps, request, response, {
    view: 'renewal',
    title: translator(localeOf(response))('account.codes.renew'),
    errors,
    ...(status === undefined ? {} : { status }),
    locals: {},
  });
}

async function newCodes(deps: StaffDeps, request: Request, response: Response, user: User): Promise<void> {
  if (user.totpConfirmedAt === null) {
    toAccount(response);
    return;
  }
  const refusal = await passwordRefusal(deps, request, response, user);
  if (refusal !== null) {
    await renderRenewal(deps, request, response, user, refusal.errors, refusal.status);
    return;
  }
  await showCodes(deps, request, response, await renewCodes(deps, user));
}
