import { Router, type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { scopeOf, type Grant, type Scope } from '../../domain/access.ts';
import { isWithin } from '../../domain/staff/userScope.ts';
import { NEW, pathsFor, ROUTES } from '../../paths.ts';
import { addError, enteredFields, NO_ERRORS, type FormErrors } from '../../web/form.ts';
import { localeOf, translator } from '../../web/locale.ts';
import { actorOf } from '../../web/session.ts';
import type { StaffDeps } from './deps.ts';
import type { Municipality, User } from './ports.ts';
import { authorOf, createUser, lockUser, resetPassword, resetSecondFactor, saveUser } from './saveUser.ts';
import { parseUser, tickedGrants } from './userForm.ts';
import { presentUserForm, presentUsers, type UserFormValues } from './userPresenter.ts';

/** One user, or the form for a new one, within the scope of who asks. */
interface Opened {
  /** Null: about to be entered. */
  user: User | null;
  scope: Scope;
  /** Where roles may be granted. */
  municipalities: Municipality[];
}

type Handler = (request: Request, response: Response, opened: Opened, next: NextFunction) => Promise<void>;

/** Users: who they are, what they may do, and help when they cannot get in. */
export function userRoutes(deps: StaffDeps): Router {
  const router = Router();
  const open = openUser(deps);
  const change = (
    handle: (request: Request, response: Response, who: { id: number; scope: Scope }) => Promise<boolean>,
  ) =>
    open(async (request, response, { user, scope }, next) => {
      if (user === null || !(await handle(request, response, { id: user.id, scope }))) {
        next();
      }
    });

  router.get(ROUTES.users, (request, response) => showUsers(deps, request, response));
  router
    .route(ROUTES.user)
    .get(open((request, response, opened) => renderUser(deps, request, response, opened, null)))
    .post(open((request, response, opened, next) => save(deps, request, response, opened, next)));
  router.get([ROUTES.userLock, ROUTES.userPassword, ROUTES.userSecondFactor], (request, response) =>
    response.redirect(303, pathsFor(localeOf(response)).user(String(request.params['id']))),
  );
  router.post(
    ROUTES.userLock,
    change((request, response, who) => lock(deps, request, response, who)),
  );
  router.post(
    ROUTES.userPassword,
    change((request, response, who) => givePassword(deps, request, response, who)),
  );
  router.post(
    ROUTES.userSecondFactor,
    change((request, response, who) => removeFactor(deps, request, response, who)),
  );
  return router;
}

function openUser(deps: StaffDeps) {
  return (handle: Handler): RequestHandler =>
    async (request, response, next) => {
      const scope = scopeOf(actorOf(response), 'users.write');
      const id = String(request.params['id']);
      const user = id === NEW ? null : /^\d{1,9}$/.test(id) ? await deps.users.byId(Number(id)) : undefined;
      if (user === undefined || (user !== null && !isWithin(user.grants, scope))) {
        next();
        return;
      }
      await handle(request, response, { user, scope, municipalities: await deps.users.municipalities(scope) }, next);
    };
}

function takeFlash(request: Request) {
  const { flash } = request.session;
  if (flash !== undefined) {
    delete request.session.flash;
  }
  return flash ?? null;
}

async function showUsers(deps: StaffDeps, request: Request, response: Response): Promise<void> {
  const locale = localeOf(response);
  const scope = scopeOf(actorOf(response), 'users.write');
  const text = String(enteredFields(request.query)['suche'] ?? '').slice(0, 100);
  const [users, municipalities] = await Promise.all([deps.users.list(scope, text), deps.users.municipalities('all')]);
  await deps.render(request, response, {
    view: 'staff/users/list',
    title: translator(locale)('users.title'),
    staff: 'users',
    locals: { view: presentUsers(users, municipalities, text, locale), flash: takeFlash(request) },
  });
}

async function renderUser(
  deps: StaffDeps,
  request: Request,
  response: Response,
  opened: Opened,
  refused: { values: UserFormValues; errors: FormErrors; stale?: string } | null,
): Promise<void> {
  const locale = localeOf(response);
  const t = translator(locale);
  const { user, municipalities, scope } = opened;
  const errors = refused?.errors ?? NO_ERRORS;
  const title = user === null ? t('users.new') : user.name;
  const isWrong = errors.list.length > 0 || refused?.stale !== undefined;
  await deps.render(request, response, {
    view: 'staff/users/user',
    title: isWrong ? t('staff.form.errorPrefix') + title : title,
    staff: 'users',
    status: isWrong ? 422 : 200,
    locals: {
      view: presentUserForm({
        user,
        values: refused?.values ?? null,
        scope,
        municipalities,
        isOneself: user?.id === actorOf(response).userId,
        providerName: deps.provider?.name ?? user?.oidcIssuer ?? '',
        locale,
      }),
      errors,
      stale: refused?.stale ?? null,
      flash: takeFlash(request),
    },
  });
}

async function save(
  deps: StaffDeps,
  request: Request,
  response: Response,
  opened: Opened,
  next: NextFunction,
): Promise<void> {
  const locale = localeOf(response);
  const t = translator(locale);
  const { user, scope, municipalities } = opened;
  const entered = enteredFields(request.body);
  const values: UserFormValues = {
    name: entered['name'] ?? '',
    email: entered['email'] ?? '',
    grants: tickedGrants(request.body, municipalities, scope),
  };
  const parsed = parseUser(request.body, municipalities, scope, t);
  if (!parsed.ok) {
    await renderUser(deps, request, response, opened, { values, errors: parsed.errors });
    return;
  }
  const refuse = (field: string, key: string): Promise<void> => {
    const errors: FormErrors = { list: [], fields: {} };
    addError(errors, field, t(key));
    return renderUser(deps, request, response, opened, { values, errors });
  };
  const actor = actorOf(response);
  if (user === null) {
    const outcome = await createUser(deps, authorOf(actor), parsed.value, municipalities);
    if (outcome === 'emailTaken') {
      await refuse('email', 'users.errors.emailTaken');
    } else {
      await showPassword(deps, request, response, outcome.id, outcome.password, true);
    }
    return;
  }
  switch (await saveUser(deps, actor, scope, user.id, parsed.value, municipalities)) {
    case 'saved':
      done(request, response, pathsFor(locale).user(user.id), t('users.saved'));
      return;
    case 'gone':
      next();
      return;
    case 'emailTaken':
      await refuse('email', 'users.errors.emailTaken');
      return;
    case 'ownAdmin':
      await refuse('rollen', 'users.errors.ownAdmin');
      return;
    case 'stale':
      await renderStale(deps, request, response, opened, user.id, values, parsed.value.grants);
  }
}

async function renderStale(
  deps: StaffDeps,
  request: Request,
  response: Response,
  opened: Opened,
  id: number,
  values: UserFormValues,
  grants: readonly Grant[],
): Promise<void> {
  const t = translator(localeOf(response));
  const [last] = await deps.trail.entries({ scope: 'all', subject: 'user', subjectId: id, offset: 0, limit: 1 });
  const user = (await deps.users.byId(id)) ?? opened.user;
  const stale = t('staff.stale', { name: last?.userName ?? '' });
  await renderUser(
    deps,
    request,
    response,
    { ...opened, user },
    { values: { ...values, grants: [...grants] }, errors: NO_ERRORS, stale },
  );
}

function done(request: Request, response: Response, path: string, text: string): void {
  request.session.flash = { kind: 'success', text };
  response.redirect(303, path);
}

type Who = { id: number; scope: Scope };

function refuseOneself(request: Request, response: Response, { id }: Who): void {
  const locale = localeOf(response);
  request.session.flash = { kind: 'warning', text: translator(locale)('users.notOneself') };
  response.redirect(303, pathsFor(locale).user(id));
}

async function lock(deps: StaffDeps, request: Request, response: Response, who: Who): Promise<boolean> {
  const locale = localeOf(response);
  const isLock = enteredFields(request.body)['sperren'] === '1';
  const outcome = await lockUser(deps, authorOf(actorOf(response)), who, isLock);
  if (outcome === 'oneself') {
    refuseOneself(request, response, who);
  } else if (outcome === 'done') {
    const text = translator(locale)(isLock ? 'users.lockedNow' : 'users.unlockedNow');
    done(request, response, pathsFor(locale).user(who.id), text);
  }
  return outcome !== 'gone';
}

async function givePassword(deps: StaffDeps, request: Request, response: Response, who: Who): Promise<boolean> {
  const outcome = await resetPassword(deps, authorOf(actorOf(response)), who);
  if (outcome === 'oneself') {
    refuseOneself(request, response, who);
  } else if (outcome === 'elsewhere') {
    response.redirect(303, pathsFor(localeOf(response)).user(who.id));
  } else if (outcome !== 'gone') {
    await showPassword(deps, request, response, who.id, outcome.password, false);
  }
  return outcome !== 'gone';
}

async function removeFactor(deps: StaffDeps, request: Request, response: Response, who: Who): Promise<boolean> {
  const locale = localeOf(response);
  const outcome = await resetSecondFactor(deps, authorOf(actorOf(response)), who);
  if (outcome === 'oneself') {
    refuseOneself(request, response, who);
  } else if (outcome === 'done') {
    done(request, response, pathsFor(locale).user(who.id), translator(locale)('users.factorReset'));
  }
  return outcome !== 'gone';
}

/** Answers the form directly: the password is kept nowhere, so it cannot be shown on a page of its own. */
async function showPassword(
  deps: StaffDeps,
  request: Request,
  response: Response,
  id: number,
  password: string,
  isNew: boolean,
): Promise<void> {
  const locale = localeOf(response);
  const t = translator(locale);
  const user = await deps.users.byId(id);
  const title = t(isNew ? 'users.password.titleNew' : 'users.password.title', { name: user?.name ?? '' });
  await deps.render(request, response, {
    view: 'staff/users/password',
    title,
    staff: 'users',
    locals: { title, email: user?.email ?? '', password, href: pathsFor(locale).user(id) },
  });
}
