import type { Request, Response } from 'express';
import type { Tour } from '../../../domain/tours/tour.ts';
import { tourNumber } from '../../../domain/tours/tour.ts';
import { longDate } from '../../../web/format.ts';
import type { TourDeps } from '../deps.ts';
import type { Affected } from '../outcomes.ts';
import { pictureOf } from './checkForm.ts';
import { contextOf, readerOf } from './context.ts';
import { presentDecisions } from './decisions.ts';
import { fieldsOf, type TourForm } from './form.ts';

export interface DecisionQuestion {
  kind: 'save' | 'cancel';
  tour: Tour | null;
  /** What was entered, to be sent again; null: nothing but the decisions. */
  form: TourForm | null;
  affected: readonly Affected[];
  /** Whether somebody has answered already: what is still open is an error then. */
  asked: boolean;
  /** Default: 422, the change was not made. */
  status?: number;
}

/** Asks what becomes of the appointments that a change, or the end of a tour, concerns. Nothing is saved yet. */
export async function renderDecisions(
  deps: TourDeps,
  request: Request,
  response: Response,
  { kind, tour, form, affected, asked, status = 422 }: DecisionQuestion,
): Promise<void> {
  const { locale, t, p } = contextOf(deps, response);
  const date = tour?.date ?? deps.zone.local(deps.clock.now()).date;
  const picture = await pictureOf(deps, readerOf(response), date);
  const { decisions, errors } = presentDecisions(affected, request.body, { picture, asked }, locale, t);
  const name = tour === null ? '' : t('tour.title', { number: tourNumber(tour.id), date: longDate(date, locale) });
  const heading = t('tour.decisions.heading', { count: affected.length });
  await deps.render(request, response, {
    view: 'tours/edit/decisions',
    title: errors.list.length > 0 ? `${t('staff.form.errorPrefix')}${heading}` : heading,
    staff: 'board',
    status,
    locals: {
      heading,
      name,
      lead: kind === 'save' ? t('tour.decisions.leadSave') : t('tour.decisions.leadCancel'),
      errors: errors.list,
      action: kind === 'save' ? p.tour(tour?.id ?? 'neu') : p.tourCancellation(tour?.id ?? 0),
      isSave: kind === 'save',
      back: p.tour(tour?.id ?? 'neu'),
      fields: form === null ? [{ name: 'version', value: String(tour?.version ?? 0) }] : fieldsOf(form),
      decisions,
      submitText: kind === 'save' ? t('tour.decisions.save') : t('tour.decisions.cancelTour'),
    },
  });
}
