import { Router, type Request, type RequestHandler, type Response } from 'express';
import { PASSWORD_MIN } from '../../domain/staff/password.ts';
import { municipalityOf } from '../../domain/staff/userScope.ts';
import type { Instant } from '../../domain/time.ts';
import { pathsFor, ROUTES } from '../../paths.ts';
import { addError, enteredFields, NO_ERRORS, type FormErrors } from '../../web/form.ts';
import { timeOfDay } from '../../web/format.ts';
import { localeOf, translator } from '../../web/locale.ts';
import type { Stage } from '../../web/session.ts';
import { addressOf, type StaffDeps } from './deps.ts';
import { enter, goOn, nextStage, ownAddress, renew, wantedPage } from './enter.ts';
import { newPasswordErrors, rawField } from './newPassword.ts';
import type { User } from './ports.ts';
import { demoCode, newSecret, presentSecret } from './secondFactor.ts';
import { putInPlace, readSetUpCode } from './setUp.ts';
import { checkCode, checkPassword } from './signIn.ts';

type Handler = (request: Request, response: Response, user: User) => Promise<void>;

/** From the sign-in page to the pages behind it, and out again. */
export function signInRoutes(deps: StaffDeps): Router {
  const router = Router();
  router
    .route(ROUTES.signIn)
    .get(async (request, response) => {
      if (request.session.stage === 'in') {
        goOn(request, response);
      } else {
        await renderSignIn(deps, request, response, NO_ERRORS);
      }
    })
    .post((request, response) => signIn(deps, request, response));
  router
    .route(ROUTES.signInCode)
    .get(at(deps, 'code', (request, response, user) => renderCode(deps, request, response, user, NO_ERRORS)))
    .post(at(deps, 'code', (request, response, user) => giveCode(deps, request, response, user)));
  router
    .route(ROUTES.newPassword)
    .get(at(deps, 'newPassword', (request, response) => renderNewPassword(deps, request, response, NO_ERRORS)))
    .post(at(deps, 'newPassword', (request, response, user) => changePassword(deps, request, response, user)));
  router
    .route(ROUTES.secondFactorSetUp)
    .get(at(deps, 'setUp', (request, response, user) => renderSetUp(deps, request, response, user, NO_ERRORS)))
    .post(at(deps, 'setUp', (request, response, user) => setUp(deps, request, response, user)));
  router.post(ROUTES.signOut, async (request, response) => {
    await renew(request);
    request.session.flash = { kind: 'success', text: translator(localeOf(response))('signIn.signedOut') };
    response.redirect(303, pathsFor(localeOf(response)).signIn());
  });
  router.get(ROUTES.signOut, (_request, response) => response.redirect(303, pathsFor(localeOf(response)).staffHome()));
  return router;
}

/** A page of one step: who is at another one is sent there. */
function at(deps: StaffDeps, stage: Stage, handle: Handler): RequestHandler {
  return async (request, response) => {
    const { userId } = request.session;
    const user = userId === undefined ? undefined : await deps.users.byId(userId);
    if (user === undefined || request.session.stage !== stage) {
      goOn(request, response);
      return;
    }
    await handle(request, response, user);
  };
}

/** "9:40 Uhr": rounded up, so that it is over by then; says for the browser how long to wait too. */
export function waitUntil(deps: Pick<StaffDeps, 'clock' | 'zone'>, response: Response, until: Instant): string {
  response.set('Retry-After', String(Math.max(1, Math.ceil((until - deps.clock.now()) / 1000))));
  return timeOfDay(deps.zone.local(until + 59_999).minute, localeOf(response));
}

/** A page on the way in. */
export async function renderStep(
  deps: StaffDeps,
  request: Request,
  response: Response,
  step: { view: string; title: string; errors: FormErrors; status?: number; locals: object },
): Promise<void> {
  const t = translator(localeOf(response));
  const { flash } = request.session;
  if (flash !== undefined) {
    delete request.session.flash;
  }
  const isWrong = step.errors.list.length > 0;
  await deps.render(request, response, {
    view: `staff/signIn/${step.view}`,
    title: isWrong ? t('staff.form.errorPrefix') + step.title : step.title,
    staff: null,
    status: step.status ?? (isWrong ? 422 : 200),
    locals: { ...step.locals, errors: step.errors, flash: flash ?? null },
  });
}

async function renderSignIn(
  deps: StaffDeps,
  request: Request,
  response: Response,
  errors: FormErrors,
  status?: number,
): Promise<void> {
  const t = translator(localeOf(response));
  const p = pathsFor(localeOf(response));
  const entered = enteredFields(request.body);
  const returnTo = ownAddress(entered['zu'] ?? request.query['zu']) ?? '';
  await renderStep(deps, request, response, {
    view: 'signIn',
    title: t('signIn.title'),
    errors,
    ...(status === undefined ? {} : { status }),
    locals: {
      email: entered['kennung'] ?? '',
      returnTo,
      elsewhere:
        deps.provider === null
          ? null
          : { name: t('signIn.elsewhere', { name: deps.provider.name }), href: p.signInElsewhere({ zu: returnTo }) },
      demoUsers:
        deps.demoUsers?.map((user) => ({
          ...user,
          role: t(`users.roles.${user.role}`),
          button: t('signIn.demo.as', { name: user.name }),
        })) ?? null,
    },
  });
}

async function signIn(deps: StaffDeps, request: Request, response: Response): Promise<void> {
  const t = translator(localeOf(response));
  const errors: FormErrors = { list: [], fields: {} };
  const email = enteredFields(request.body)['kennung'] ?? '';
  const password = rawField(request.body, 'kennwort');
  if (email === '') addError(errors, 'kennung', t('signIn.errors.noEmail'));
  if (password === '') addError(errors, 'kennwort', t('signIn.errors.noPassword'));
  if (errors.list.length > 0) {
    await renderSignIn(deps, request, response, errors);
    return;
  }
  const checked = await checkPassword(deps, { email: email.slice(0, 254), password, address: addressOf(request) });
  if (checked.kind === 'blocked') {
    addError(errors, 'kennung', t('signIn.errors.blocked', { time: waitUntil(deps, response, checked.until) }));
    await renderSignIn(deps, request, response, errors, 429);
  } else if (checked.kind === 'wrong') {
    addError(errors, 'kennung', t('signIn.errors.wrong'));
    await renderSignIn(deps, request, response, errors);
  } else {
    const returnTo = ownAddress(enteredFields(request.body)['zu']);
    if (returnTo === null) {
      delete request.session.returnTo;
    } else {
      request.session.returnTo = returnTo;
    }
    await enter(deps, request, checked.user, nextStage(checked.user, false));
    goOn(request, response);
  }
}

async function renderCode(
  deps: StaffDeps,
  request: Request,
  response: Response,
  user: User,
  errors: FormErrors,
  status?: number,
): Promise<void> {
  const t = translator(localeOf(response));
  const code =
    deps.demoUsers === null || user.totpSecret === null
      ? undefined
      : demoCode(user.totpSecret, user.totpLastStep, deps.clock.now());
  await renderStep(deps, request, response, {
    view: 'code',
    title: t('signIn.code.title'),
    errors,
    ...(status === undefined ? {} : { status }),
    locals: {
      demo: code === undefined ? null : code === null ? t('signIn.demo.codeLater') : t('signIn.demo.code', { code }),
    },
  });
}

async function giveCode(deps: StaffDeps, request: Request, response: Response, user: User): Promise<void> {
  const t = translator(localeOf(response));
  const errors: FormErrors = { list: [], fields: {} };
  const code = enteredFields(request.body)['code'] ?? '';
  if (code === '') {
    addError(errors, 'code', t('signIn.code.errors.empty'));
    await renderCode(deps, request, response, user, errors);
    return;
  }
  const checked = await checkCode(deps, { userId: user.id, code: code.slice(0, 100), address: addressOf(request) });
  if (checked.kind === 'right') {
    await enter(deps, request, checked.user, nextStage(checked.user, true));
    goOn(request, response);
  } else if (checked.kind === 'wrong') {
    addError(errors, 'code', t('signIn.code.errors.wrong'));
    await renderCode(deps, request, response, user, errors);
  } else {
    addError(errors, 'code', t('signIn.errors.blocked', { time: waitUntil(deps, response, checked.until) }));
    await renderCode(deps, request, response, user, errors, 429);
  }
}

async function renderNewPassword(
  deps: StaffDeps,
  request: Request,
  response: Response,
  errors: FormErrors,
): Promise<void> {
  await renderStep(deps, request, response, {
    view: 'newPassword',
    title: translator(localeOf(response))('signIn.newPassword.title'),
    errors,
    locals: { passwordMin: PASSWORD_MIN },
  });
}

async function changePassword(deps: StaffDeps, request: Request, response: Response, user: User): Promise<void> {
  const errors = await newPasswordErrors(deps, request.body, user, translator(localeOf(response)));
  if (errors.list.length > 0) {
    await renderNewPassword(deps, request, response, errors);
    return;
  }
  await storePassword(deps, user, rawField(request.body, 'neu'));
  // The second factor, where there is one, came before this step.
  await enter(deps, request, user, nextStage({ ...user, mustChangePassword: false }, true));
  goOn(request, response);
}

/** Puts a password somebody has chosen for themselves in place and ends all their sessions, this one too. */
export async function storePassword(deps: StaffDeps, user: User, password: string): Promise<void> {
  const hash = await deps.passwords.hash(password);
  await deps.unit(async (unit) => {
    const now = deps.clock.now();
    await unit.setPassword(user.id, hash, false, now);
    await unit.endSessions(user.id);
    await unit.audit({ userId: user.id, name: user.name }, now, {
      municipalityId: municipalityOf(user.grants),
      subject: 'user',
      subjectId: user.id,
      label: user.name,
      action: 'passwordSet',
      changes: [],
    });
  });
}

async function renderSetUp(
  deps: StaffDeps,
  request: Request,
  response: Response,
  user: User,
  errors: FormErrors,
): Promise<void> {
  const secret = (request.session.newSecret ??= newSecret());
  const code = deps.demoUsers === null ? null : demoCode(secret, null, deps.clock.now());
  await renderStep(deps, request, response, {
    view: 'setUp',
    title: translator(localeOf(response))('signIn.setUp.title'),
    errors,
    locals: { setUp: presentSecret(secret, user.email), demo: code },
  });
}

async function setUp(deps: StaffDeps, request: Request, response: Response, user: User): Promise<void> {
  const t = translator(localeOf(response));
  const read = readSetUpCode(request.body, request.session.newSecret, deps.clock.now(), t);
  if (!read.ok) {
    await renderSetUp(deps, request, response, user, read.errors);
    return;
  }
  const codes = await putInPlace(deps, user, read.secret, read.step);
  if (codes === null) {
    await renew(request);
    goOn(request, response);
    return;
  }
  await enter(deps, request, user, 'in');
  await renderStep(deps, request, response, {
    view: 'codes',
    title: t('signIn.codes.title'),
    errors: NO_ERRORS,
    locals: { codes, next: wantedPage(request, response) },
  });
}
