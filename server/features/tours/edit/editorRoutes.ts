import { Router, type NextFunction, type Request, type Response } from 'express';
import { addDays, isLocalDate, weekdayOf } from '../../../domain/time.ts';
import { isPossible } from '../../../domain/tours/conflicts.ts';
import type { Tour, TourPlan } from '../../../domain/tours/tour.ts';
import { ROUTES } from '../../../paths.ts';
import { addError, enteredFields, NO_ERRORS, type FormErrors } from '../../../web/form.ts';
import type { TourDeps } from '../deps.ts';
import type { SaveOutcome } from '../outcomes.ts';
import { publishTour } from '../publishTour.ts';
import { saveTour } from '../saveTour.ts';
import { applyAction, emptyStop } from './actions.ts';
import { checkForm, municipalitiesOf, pictureOf, today, type CheckedForm } from './checkForm.ts';
import { contextOf, mayChange, openForChange, openForReading, plannerOf, redirectWith, takeFlash } from './context.ts';
import { hasDecided, readDecisions } from './decisions.ts';
import { renderDecisions } from './decisionPage.ts';
import { formOfPlan, readForm, type TourForm } from './form.ts';
import { askWays } from './map.ts';
import { presentEditor, samePlan, type EditorInput } from './presenter.ts';
import { renderTour } from './showPage.ts';
import { presentNotes } from './notes.ts';
import { presentStale } from './stale.ts';

/** How long ago a tour may have been made to be the same one, sent twice, in milliseconds. */
const TWIN_AGE = 60_000;

export function editorRoutes(deps: TourDeps): Router {
  const router = Router();
  router.route(ROUTES.newTour).get(showNew(deps)).post(submitNew(deps));
  router
    .route(ROUTES.tour)
    .get(
      openForReading(deps, async (request, response, tour) => {
        if (tour.state === 'cancelled' || !mayChange(response, tour)) {
          await renderTour(deps, request, response, tour);
          return;
        }
        await show(deps, request, response, tour);
      }),
    )
    .post(
      openForChange(deps, async (request, response, tour, next) => {
        if (tour.state === 'cancelled') {
          next();
          return;
        }
        await submit(deps, request, response, tour, next);
      }),
    );
  return router;
}

function showNew(deps: TourDeps) {
  return async (request: Request, response: Response, next: NextFunction): Promise<void> => {
    const form = await formForNew(deps, request, response);
    if (form === null) {
      next();
      return;
    }
    await renderEditor(deps, request, response, {
      form,
      tour: null,
      fresh: form.stops.every(({ venue }) => venue === ''),
    });
  };
}

/** What the address says of a new tour; null: it is to be a copy of a tour that there is not. */
async function formForNew(deps: TourDeps, request: Request, response: Response): Promise<TourForm | null> {
  const planner = plannerOf(response);
  const query = (name: string): string => (typeof request.query[name] === 'string' ? request.query[name] : '');
  const tomorrow = addDays(today(deps), weekdayOf(today(deps)) === 6 ? 2 : 1);
  const date = isLocalDate(query('datum')) ? query('datum') : tomorrow;
  if (query('vorlage') !== '') {
    const model = /^\d{1,9}$/.test(query('vorlage')) ? await deps.tour(planner.scope, Number(query('vorlage'))) : null;
    if (model === null) return null;
    const form = formOfPlan(model, 0);
    return {
      ...form,
      date: isLocalDate(query('datum')) ? date : addDays(model.date, 7),
      stops: form.stops.map((stop) => ({ ...stop, id: '' })),
    };
  }
  const picture = await pictureOf(deps, planner, date);
  const municipalities = [...municipalitiesOf(planner, picture)];
  const wanted = Number(query('kommune'));
  const kit = picture.kits.get(Number(query('koffer')));
  const municipality = municipalities.includes(wanted)
    ? wanted
    : (municipalities.find((id) => id === kit?.municipalityId) ?? municipalities[0]);
  const ofMunicipality = [...picture.depots.values()].filter(
    (depot) => !depot.retired && depot.municipalityId === municipality,
  );
  const form: TourForm = {
    municipality: String(municipality ?? ''),
    date,
    depot: String(kit?.depotId ?? ofMunicipality[0]?.id ?? ''),
    kit: kit === undefined ? '' : String(kit.id),
    crew: [],
    announces: 'all',
    services: [],
    note: '',
    stops: [],
    version: '0',
  };
  return { ...form, stops: [emptyStop(form, picture)] };
}

/** The tour as it is saved; the address may hold values that were dropped on the board and are not saved yet. */
async function show(deps: TourDeps, request: Request, response: Response, tour: Tour): Promise<void> {
  const saved = formOfPlan(tour, tour.version);
  const { datum, koffer } = request.query;
  const form = {
    ...saved,
    date: typeof datum === 'string' && isLocalDate(datum) ? datum : saved.date,
    kit: typeof koffer === 'string' && /^\d{1,9}$/.test(koffer) ? koffer : saved.kit,
  };
  await renderEditor(deps, request, response, { form, tour, flash: takeFlash(request) });
}

function submitNew(deps: TourDeps) {
  return (request: Request, response: Response, next: NextFunction): Promise<void> =>
    submit(deps, request, response, null, next);
}

async function submit(
  deps: TourDeps,
  request: Request,
  response: Response,
  tour: Tour | null,
  next: NextFunction,
): Promise<void> {
  const planner = plannerOf(response);
  const { t } = contextOf(deps, response);
  const action = enteredFields(request.body)['aktion'] ?? 'speichern';
  const entered = readForm(request.body);
  const form: TourForm =
    entered.municipality === '' && tour !== null ? { ...entered, municipality: String(tour.municipalityId) } : entered;

  const date = isLocalDate(form.date) ? form.date : today(deps);
  const edited = applyAction(form, action, await pictureOf(deps, planner, date));
  if (edited !== null) {
    await renderEditor(deps, request, response, { form: edited.form, tour, focusStop: edited.focusStop });
    return;
  }

  const checked = await checkForm(deps, planner, form, tour, t);
  const { plan, errors } = checked;
  if (plan === null || errors.list.length > 0) {
    await renderEditor(deps, request, response, { form, tour, checked, errors, status: 422 });
    return;
  }
  const publishes = action === 'veroeffentlichen' && tour?.state !== 'published';
  if (publishes && !isPossible(checked.conflicts)) {
    const list = [{ href: '#tour-check', text: t('tour.errors.cannotPublish') }];
    await renderEditor(deps, request, response, { form, tour, checked, errors: { list, fields: {} }, status: 422 });
    return;
  }
  const twin = tour === null ? twinOf(checked, plan, deps.clock.now()) : null;
  const outcome: SaveOutcome =
    twin !== null
      ? { kind: 'saved', tourId: twin.id, version: twin.version }
      : await saveTour(deps, planner, {
          tourId: tour?.id ?? null,
          version: Number(form.version) || 0,
          plan,
          decisions: readDecisions(request.body),
        });
  if (outcome.kind === 'saved') {
    await afterSave(deps, request, response, { tourId: outcome.tourId, version: outcome.version, tour, publishes });
    return;
  }
  await refuse(deps, request, response, { form, tour, checked, outcome, next });
}

/** The same new tour, sent a moment ago: a second click makes no second tour. */
function twinOf({ picture }: CheckedForm, plan: TourPlan, now: number): Tour | null {
  return (
    picture.tours.find((one) => one.state !== 'cancelled' && now - one.createdAt < TWIN_AGE && samePlan(one, plan)) ??
    null
  );
}

async function afterSave(
  deps: TourDeps,
  request: Request,
  response: Response,
  saved: { tourId: number; version: number; tour: Tour | null; publishes: boolean },
): Promise<void> {
  const { t, p } = contextOf(deps, response);
  let flash: { kind: 'success' | 'warning'; text: string } = {
    kind: 'success',
    text: saved.tour?.state === 'published' ? t('tour.saved.published') : t('tour.saved.draft'),
  };
  if (saved.publishes) {
    const { kind } = await publishTour(deps, plannerOf(response), { tourId: saved.tourId, version: saved.version });
    flash =
      kind === 'published'
        ? { kind: 'success', text: t('tour.saved.nowPublished') }
        : { kind: 'warning', text: t('tour.saved.notPublished') };
  }
  redirectWith(request, response, p.tour(saved.tourId), flash);
}

async function refuse(
  deps: TourDeps,
  request: Request,
  response: Response,
  refused: {
    form: TourForm;
    tour: Tour | null;
    checked: CheckedForm;
    outcome: Exclude<SaveOutcome, { kind: 'saved' }>;
    next: NextFunction;
  },
): Promise<void> {
  const { form, tour, checked, outcome } = refused;
  const { locale, t } = contextOf(deps, response);
  switch (outcome.kind) {
    case 'gone':
      refused.next();
      return;
    case 'decide':
      await renderDecisions(deps, request, response, {
        kind: 'save',
        tour,
        form,
        affected: outcome.affected,
        asked: hasDecided(request.body),
      });
      return;
    case 'taken': {
      const errors: FormErrors = { list: [], fields: {} };
      if (outcome.kitId !== null) addError(errors, 'koffer', t('tour.errors.kitTaken'));
      for (const id of outcome.clerkIds) {
        addError(errors, `team-${form.crew.indexOf(String(id)) + 1}`, t('tour.errors.clerkTaken'));
      }
      await renderEditor(deps, request, response, { form, tour, checked, errors, status: 422 });
      return;
    }
    case 'impossible': {
      const list = [{ href: '#tour-check', text: t('tour.errors.impossible') }];
      const conflicts = outcome.conflicts;
      await renderEditor(deps, request, response, {
        form,
        tour,
        checked: { ...checked, conflicts },
        errors: { list, fields: {} },
        status: 422,
      });
      return;
    }
    case 'stale': {
      const now = tour === null ? null : await deps.tour(plannerOf(response).scope, tour.id);
      if (now === null || now.state === 'cancelled') {
        refused.next();
        return;
      }
      const stale = presentStale(outcome, now, form, { picture: checked.picture, zone: deps.zone }, locale, t);
      const again = { ...form, version: String(now.version) };
      await renderEditor(deps, request, response, { form: again, tour: now, stale, status: 422 });
    }
  }
}

async function renderEditor(
  deps: TourDeps,
  request: Request,
  response: Response,
  input: Omit<EditorInput, 'checked' | 'municipalityIds' | 'ways'> & { checked?: CheckedForm; status?: number },
): Promise<void> {
  const context = contextOf(deps, response);
  const planner = plannerOf(response);
  const checked = input.checked ?? (await checkForm(deps, planner, input.form, input.tour, context.t));
  const municipalityIds = municipalitiesOf(planner, checked.picture);
  const depotId = input.form.depot === '' ? null : Number(input.form.depot);
  const ways = await askWays(deps.travel, { depotId, stops: checked.plan?.stops ?? [] }, checked.picture);
  const view = presentEditor({ ...input, checked, errors: input.errors ?? NO_ERRORS, municipalityIds, ways }, context);
  const isRefused = view.errors.length > 0 || view.stale !== null;
  const notes =
    input.tour === null ? [] : presentNotes(await deps.notes(input.tour.id), deps.zone, context.locale, context.t);
  await deps.render(request, response, {
    view: 'tours/edit/editor',
    title: isRefused ? `${context.t('staff.form.errorPrefix')}${view.heading}` : view.heading,
    staff: 'board',
    wide: true,
    status: input.status ?? 200,
    locals: { view, notes },
    fragments: { 'tour-check': 'tours/edit/_checked' },
  });
}
