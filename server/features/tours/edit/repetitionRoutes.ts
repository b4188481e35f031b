import { Router, type NextFunction, type Request, type Response } from 'express';
import { addDays, isLocalDate, weekdayOf, type LocalDate } from '../../../domain/time.ts';
import type { PlanningPicture } from '../../../domain/tours/picture.ts';
import { tourNumber, type Tour } from '../../../domain/tours/tour.ts';
import { ROUTES } from '../../../paths.ts';
import { addError, enteredFields, listField, NO_ERRORS, type FormErrors } from '../../../web/form.ts';
import { longDate } from '../../../web/format.ts';
import type { Locale, Translate } from '../../../web/locale.ts';
import { presentConflict, presentSkip } from '../conflictTexts.ts';
import type { TourDeps } from '../deps.ts';
import type { Repetition, RepetitionDay } from '../outcomes.ts';
import { previewRepetition, repeatTour } from '../repeatTour.ts';
import { backLink } from './presenter.ts';
import { contextOf, openForChange, plannerOf, redirectWith } from './context.ts';

const MOST_WEEKS = 8;
/** A repetition reaches so far at most, in days after the tour. */
const FARTHEST = 366;
const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const;
/** A Monday, to name the days of the week from. */
const MONDAY: LocalDate = '2024-01-01';

interface RepetitionForm {
  weeks: string;
  weekdays: readonly string[];
  until: string;
  as: string;
}

/** Makes more tours like one: first shows which, then makes them. */
export function repetitionRoutes(deps: TourDeps): Router {
  const router = Router();
  router
    .route(ROUTES.tourRepetition)
    .get(openForChange(deps, show(deps)))
    .post(openForChange(deps, repeat(deps)));
  return router;
}

function readForm(source: unknown): RepetitionForm {
  const fields = enteredFields(source);
  return {
    weeks: fields['wochen'] ?? '',
    weekdays: [...listField(source, 'tag'), ...(fields['tage'] ?? '').split('-')],
    until: fields['bis'] ?? '',
    as: fields['als'] ?? '',
  };
}

function understand(
  form: RepetitionForm,
  tour: Tour,
  t: Translate,
): { repetition: Repetition | null; errors: FormErrors } {
  const errors: FormErrors = { list: [], fields: {} };
  const everyWeeks = /^\d$/.test(form.weeks) ? Number(form.weeks) : 0;
  if (everyWeeks < 1 || everyWeeks > MOST_WEEKS) addError(errors, 'wochen', t('tour.repeat.errors.weeks'));
  const weekdays = WEEKDAYS.filter((day) => form.weekdays.includes(String(day)));
  if (weekdays.length === 0) addError(errors, 'tag', t('tour.repeat.errors.weekdays'));
  const until = form.until;
  const last = addDays(tour.date, FARTHEST);
  if (!isLocalDate(until)) addError(errors, 'bis', t('tour.repeat.errors.until'));
  else if (until <= tour.date) addError(errors, 'bis', t('tour.repeat.errors.untilTooEarly'));
  else if (until > last) addError(errors, 'bis', t('tour.repeat.errors.untilTooLate'));
  const as = form.as === 'veroeffentlicht' ? 'published' : 'draft';
  const isSound = errors.list.length === 0;
  return { errors, repetition: isSound ? { tourId: tour.id, everyWeeks, weekdays, until, as } : null };
}

function show(deps: TourDeps) {
  return async (request: Request, response: Response, tour: Tour, next: NextFunction): Promise<void> => {
    const { t } = contextOf(deps, response);
    if (request.query['wochen'] === undefined) {
      const form = {
        weeks: '2',
        weekdays: [String(weekdayOf(tour.date))],
        until: addDays(tour.date, 84),
        as: 'entwurf',
      };
      await render(deps, request, response, { tour, form, errors: NO_ERRORS, days: null });
      return;
    }
    const form = readForm(request.query);
    const { repetition, errors } = understand(form, tour, t);
    if (repetition === null) {
      await render(deps, request, response, { tour, form, errors, days: null });
      return;
    }
    const days = await previewRepetition(deps, plannerOf(response), repetition);
    if (days === null) {
      next();
      return;
    }
    await render(deps, request, response, { tour, form, errors, days });
  };
}

function repeat(deps: TourDeps) {
  return async (request: Request, response: Response, tour: Tour, next: NextFunction): Promise<void> => {
    const { t, p } = contextOf(deps, response);
    const form = readForm(request.body);
    const { repetition, errors } = understand(form, tour, t);
    if (repetition === null) {
      await render(deps, request, response, { tour, form, errors, days: null });
      return;
    }
    const outcome = await repeatTour(deps, plannerOf(response), repetition);
    switch (outcome.kind) {
      case 'gone':
        next();
        return;
      case 'nothing': {
        const days = await previewRepetition(deps, plannerOf(response), repetition);
        const list = [{ href: '#vorschau', text: t('tour.repeat.errors.nothing') }];
        await render(deps, request, response, { tour, form, errors: { list, fields: {} }, days });
        return;
      }
      case 'repeated': {
        const made = t('tour.repeat.made', { count: outcome.tourIds.length });
        redirectWith(request, response, p.tour(tour.id), {
          kind: 'success',
          text: outcome.skipped === 0 ? made : `${made} ${t('tour.repeat.skipped', { count: outcome.skipped })}`,
        });
      }
    }
  };
}

/** Why a date is left out; a tour that could not be published is explained by its first obstacle. */
function skipText(
  reason: RepetitionDay['skip'][number],
  picture: PlanningPicture,
  locale: Locale,
  t: Translate,
): string {
  if (reason.kind !== 'notPossible') return presentSkip(reason, picture, locale);
  const [first] = reason.conflicts;
  return first === undefined ? t('tour.repeat.notPossible') : presentConflict(first, picture, locale).text;
}

async function render(
  deps: TourDeps,
  request: Request,
  response: Response,
  shown: { tour: Tour; form: RepetitionForm; errors: FormErrors; days: readonly RepetitionDay[] | null },
): Promise<void> {
  const { tour, form, errors, days } = shown;
  const { locale, t, p } = contextOf(deps, response);
  const heading = t('tour.repeat.heading', { number: tourNumber(tour.id) });
  // Sentences name places and people of all the days, not only of the tour's own.
  const last = days?.at(-1)?.date ?? tour.date;
  const picture = await deps.picture(plannerOf(response).scope, tour.date, last);
  const made = days?.filter(({ skip }) => skip.length === 0).length ?? 0;
  const weekday = (day: number): string => longDate(addDays(MONDAY, day - 1), locale).split(',')[0] ?? '';
  await deps.render(request, response, {
    view: 'tours/edit/repetition',
    title: errors.list.length > 0 ? `${t('staff.form.errorPrefix')}${heading}` : heading,
    staff: 'board',
    status: errors.list.length > 0 ? 422 : 200,
    locals: {
      heading,
      back: {
        href: p.tour(tour.id),
        text: t('tour.title', { number: tourNumber(tour.id), date: longDate(tour.date, locale) }),
      },
      board: backLink(tour.date, { t, p }),
      action: p.tourRepetition(tour.id),
      errors: errors.list,
      fieldErrors: errors.fields,
      weeks: Array.from({ length: MOST_WEEKS }, (_, index) => ({
        value: String(index + 1),
        name: index === 0 ? t('tour.repeat.everyWeek') : t('tour.repeat.everyWeeks', { n: index + 1 }),
        selected: form.weeks === String(index + 1),
      })),
      weekdays: WEEKDAYS.map((day) => ({
        value: String(day),
        name: weekday(day),
        checked: form.weekdays.includes(String(day)),
      })),
      until: form.until,
      states: [
        {
          value: 'entwurf',
          name: t('tour.repeat.asDraft'),
          hint: t('tour.repeat.asDraftHint'),
          checked: form.as !== 'veroeffentlicht',
        },
        {
          value: 'veroeffentlicht',
          name: t('tour.repeat.asPublished'),
          hint: t('tour.repeat.asPublishedHint'),
          checked: form.as === 'veroeffentlicht',
        },
      ],
      preview:
        days === null
          ? null
          : {
              summary: [
                t('tour.repeat.willMake', { count: made }),
                ...(made === days.length ? [] : [t('tour.repeat.willSkip', { count: days.length - made })]),
              ].join(', '),
              rows: days.map(({ date, skip }) => ({
                date: longDate(date, locale),
                isMade: skip.length === 0,
                text:
                  skip.length === 0
                    ? t('tour.repeat.willBeMade')
                    : skip.map((reason) => skipText(reason, picture, locale, t)).join(' '),
              })),
              fields: [
                { name: 'wochen', value: form.weeks },
                { name: 'tage', value: form.weekdays.filter((day) => day !== '').join('-') },
                { name: 'bis', value: form.until },
                { name: 'als', value: form.as },
              ],
              button: made === 0 ? null : t('tour.repeat.make', { count: made }),
            },
    },
  });
}
