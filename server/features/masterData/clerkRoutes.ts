import { Router, type NextFunction, type Request, type Response } from 'express';
import { isIn } from '../../domain/access.ts';
import { addDays } from '../../domain/time.ts';
import { NEW, ROUTES } from '../../paths.ts';
import { addError, enteredFields, listField, type FormErrors } from '../../web/form.ts';
import { translator } from '../../web/locale.ts';
import { enteredOfClerk, parseAbsence, parseClerk, pictureOfClerk, type ClerkEntered } from './clerkFields.ts';
import type { ClerkRecord } from './clerkPorts.ts';
import {
  absenceDays,
  presentAbsences,
  presentClerkForm,
  presentClerkList,
  presentTour,
  toursWithin,
  type ClerkFormInput,
} from './clerkPresenter.ts';
import type { MasterDataDeps } from './deps.ts';
import { readListQuery } from './list.ts';
import { retirementRoutes, todayOf } from './listConfirm.ts';
import { askerOf, foundIn, idOf, municipalityText, takeFlash, versionOf, type Asker } from './listPage.ts';
import { changeOf, differences, idOrNew, usesUnder } from './servicePage.ts';

function readForm(body: unknown): ClerkEntered {
  return { fields: enteredFields(body), services: listField(body, 'leistung') };
}

/** Who goes along on tours, what they may do, when they work and when they are away. */
export function clerkRoutes(deps: MasterDataDeps): Router {
  const { clerks, clock } = deps;
  const router = Router();
  const findClerk = (id: number): Promise<ClerkRecord | undefined> => clerks.find(id);
  const askerFor = (response: Response): Asker => askerOf(response, 'office.write');

  async function list(request: Request, response: Response): Promise<void> {
    const asker = askerFor(response);
    const { scope } = asker;
    const today = todayOf(deps);
    const all = await clerks.all(scope);
    const [choices, absences] = await Promise.all([
      clerks.choices(scope, null),
      clerks.absences(
        all.map(({ id }) => id),
        today,
      ),
    ]);
    const view = presentClerkList(asker, all, { query: readListQuery(request.query, scope), choices, absences, today });
    await deps.render(request, response, {
      view: 'masterData/list',
      title: view.title,
      staff: 'masterData',
      locals: { list: view, flash: takeFlash(request) },
    });
  }

  async function formPage(
    request: Request,
    response: Response,
    input: Omit<ClerkFormInput, 'choices' | 'absences'>,
    status = 200,
  ): Promise<void> {
    const asker = askerFor(response);
    const id = input.clerk?.id ?? null;
    const [choices, absences] = await Promise.all([
      clerks.choices(asker.scope, id),
      id === null ? [] : clerks.absences([id], todayOf(deps)),
    ]);
    const fields = { kommune: municipalityText(choices.municipalities), ...input.entered.fields };
    const view = presentClerkForm(asker, { ...input, entered: { ...input.entered, fields }, choices, absences });
    await deps.render(request, response, {
      view: 'masterData/clerkForm',
      title: (status === 200 ? '' : asker.t('staff.form.errorPrefix')) + view.heading,
      staff: 'masterData',
      status,
      locals: { view, errors: view.errors, flash: takeFlash(request) },
    });
  }

  async function show(request: Request, response: Response, next: NextFunction): Promise<void> {
    if (idOrNew(request) === NEW) {
      await formPage(request, response, { clerk: null, entered: { fields: {}, services: [] }, version: 0 });
      return;
    }
    const clerk = await foundIn(request, askerFor(response), findClerk);
    if (clerk === undefined) next();
    else await formPage(request, response, { clerk, entered: enteredOfClerk(clerk), version: clerk.version });
  }

  async function save(request: Request, response: Response, next: NextFunction): Promise<void> {
    const asker = askerFor(response);
    const { t, p, scope } = asker;
    const isNew = idOrNew(request) === NEW;
    const clerk = isNew ? null : ((await foundIn(request, asker, findClerk)) ?? null);
    if (!isNew && clerk === null) {
      next();
      return;
    }
    const entered = readForm(request.body);
    const version = versionOf(request.body);
    const choices = await clerks.choices(scope, clerk?.id ?? null);
    const action = entered.fields['aktion'];
    if (action === 'alle' || action === 'keine') {
      const services =
        action === 'alle' ? choices.services.filter((one) => !one.retired).map((one) => String(one.id)) : [];
      await formPage(request, response, { clerk, entered: { ...entered, services }, version });
      return;
    }
    const parsed = parseClerk(entered, choices, t);
    if (!parsed.ok) {
      await formPage(request, response, { clerk, entered, version, errors: parsed.errors }, 422);
      return;
    }
    const change = { ...changeOf(response, clock.now()), picture: pictureOfClerk(choices, translator('de')) };
    const outcome =
      clerk === null
        ? await clerks.create(parsed.value, change)
        : await clerks.save(clerk.id, version, parsed.value, change);
    if (outcome.kind === 'saved') {
      request.session.flash = { kind: 'success', text: t('clerks.saved', { name: parsed.value.name }) };
      response.redirect(303, p.staffClerk(outcome.id));
    } else if (outcome.kind === 'userTaken') {
      const errors: FormErrors = { list: [], fields: {} };
      addError(errors, 'nutzer', t('clerks.error.userTaken'));
      await formPage(request, response, { clerk, entered, version, errors }, 422);
    } else {
      const current = outcome.kind === 'gone' || clerk === null ? undefined : await clerks.find(clerk.id);
      if (current === undefined || !isIn(scope, current.municipalityId)) {
        next();
        return;
      }
      const shown = pictureOfClerk(choices, t);
      const stale = {
        text: t('staff.stale', { name: (outcome.kind === 'stale' ? outcome.by : null) ?? t('data.somebody') }),
        rows: differences(shown(current), shown(parsed.value)),
      };
      await formPage(request, response, { clerk: current, entered, version: current.version, stale }, 422);
    }
  }

  async function absencePage(
    request: Request,
    response: Response,
    clerk: ClerkRecord,
    typed: { entered: Readonly<Record<string, string>>; errors?: FormErrors } = { entered: {} },
  ): Promise<void> {
    const asker = askerFor(response);
    const today = todayOf(deps);
    const [absences, tours] = await Promise.all([clerks.absences([clerk.id], today), clerks.tours(clerk.id, today)]);
    const view = presentAbsences(asker, clerk, { absences, tours, today, ...typed });
    const refused = view.errors.length > 0;
    await deps.render(request, response, {
      view: 'masterData/clerkAbsences',
      title: (refused ? asker.t('staff.form.errorPrefix') : '') + view.heading,
      staff: 'masterData',
      status: refused ? 422 : 200,
      locals: { view, errors: view.errors, flash: takeFlash(request) },
    });
  }

  async function showAbsences(request: Request, response: Response, next: NextFunction): Promise<void> {
    const clerk = await foundIn(request, askerFor(response), findClerk);
    if (clerk === undefined) next();
    else await absencePage(request, response, clerk);
  }

  async function addAbsence(request: Request, response: Response, next: NextFunction): Promise<void> {
    const asker = askerFor(response);
    const { t, p, locale } = asker;
    const clerk = await foundIn(request, asker, findClerk);
    if (clerk === undefined) {
      next();
      return;
    }
    const entered = enteredFields(request.body);
    const parsed = parseAbsence(entered, t);
    if (parsed.ok && parsed.value.toDate < todayOf(deps)) {
      const errors: FormErrors = { list: [], fields: {} };
      addError(errors, 'bis', t('clerks.error.over'));
      await absencePage(request, response, clerk, { entered, errors });
      return;
    }
    if (!parsed.ok) {
      await absencePage(request, response, clerk, { entered, errors: parsed.errors });
      return;
    }
    await clerks.addAbsence({ ...parsed.value, clerkId: clerk.id }, changeOf(response, clock.now()));
    const affected = toursWithin(parsed.value, await clerks.tours(clerk.id, todayOf(deps)));
    const days = absenceDays(parsed.value, t, locale);
    request.session.flash =
      affected.length === 0
        ? { kind: 'success', text: t('clerks.absence.saved', { days }) }
        : {
            kind: 'warning',
            text: t('clerks.absence.savedWithTours', { days, name: clerk.name, count: affected.length }),
          };
    response.redirect(303, p.staffClerkAbsences(clerk.id));
  }

  /** The absence of the address and whose it is, if both are in scope. */
  async function foundAbsence(request: Request, { scope }: Asker) {
    const id = idOf(request);
    const absence = id === null ? undefined : await clerks.findAbsence(id);
    const clerk = absence === undefined ? undefined : await clerks.find(absence.clerkId);
    return absence === undefined || clerk === undefined || !isIn(scope, clerk.municipalityId)
      ? undefined
      : { absence, clerk };
  }

  async function askToRemoveAbsence(request: Request, response: Response, next: NextFunction): Promise<void> {
    const asker = askerFor(response);
    const { t, p, locale } = asker;
    const found = await foundAbsence(request, asker);
    if (found === undefined) {
      next();
      return;
    }
    const { absence, clerk } = found;
    const title = t('clerks.absence.removeTitle', { days: absenceDays(absence, t, locale) });
    await deps.render(request, response, {
      view: 'masterData/confirm',
      title,
      staff: 'masterData',
      locals: {
        page: {
          title,
          lead: t('clerks.absence.removeLead', { name: clerk.name }),
          back: { href: p.staffClerkAbsences(clerk.id), text: t('clerks.absence.title', { name: clerk.name }) },
          uses: [],
          advice: null,
          action: p.staffAbsenceDeletion(absence.id),
          version: 0,
          value: null,
          button: t('data.remove.button'),
          instead: null,
        },
      },
    });
  }

  async function removeAbsence(request: Request, response: Response, next: NextFunction): Promise<void> {
    const asker = askerFor(response);
    const { t, p, locale } = asker;
    const found = await foundAbsence(request, asker);
    if (found === undefined) {
      next();
      return;
    }
    await clerks.removeAbsence(found.absence.id, changeOf(response, clock.now()));
    request.session.flash = {
      kind: 'success',
      text: t('clerks.absence.removed', { days: absenceDays(found.absence, t, locale) }),
    };
    response.redirect(303, p.staffClerkAbsences(found.clerk.id));
  }

  router.get(ROUTES.staffClerks, list);
  router.route(ROUTES.staffClerk).get(show).post(save);
  router.route(ROUTES.staffClerkAbsences).get(showAbsences).post(addAbsence);
  router.route(ROUTES.staffAbsenceDeletion).get(askToRemoveAbsence).post(removeAbsence);
  router.use(
    retirementRoutes<ClerkRecord>(deps, {
      routes: { retirement: ROUTES.staffClerkRetirement, deletion: ROUTES.staffClerkDeletion },
      rows: clerks,
      label: ({ name }) => name,
      at: ({ p }, id) => ({
        form: p.staffClerk(id),
        retirement: p.staffClerkRetirement(id),
        deletion: p.staffClerkDeletion(id),
        list: p.staffClerks(),
      }),
      affected: async (asker, _response, clerk) => {
        const far = addDays(todayOf(deps), 3660);
        const coming = toursWithin(
          { fromDate: todayOf(deps), toDate: far },
          await clerks.tours(clerk.id, todayOf(deps)),
        );
        return usesUnder(
          asker.t('clerks.comingTours'),
          coming.map((tour) => presentTour(asker, tour)),
          asker.t,
        );
      },
      uses: async (asker, _response, clerk) =>
        usesUnder(
          asker.t('clerks.tours'),
          (await clerks.tours(clerk.id)).map((tour) => presentTour(asker, tour)),
          asker.t,
        ),
    }),
  );
  return router;
}
