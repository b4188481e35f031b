import type { Way } from '../../../domain/routing/travel.ts';
import type { Arrangement } from '../../../domain/tours/improve.ts';
import type { PlanningPicture } from '../../../domain/tours/picture.ts';
import { tourNumber, type Tour } from '../../../domain/tours/tour.ts';
import { longDate } from '../../../web/format.ts';
import type { Locale, Translate } from '../../../web/locale.ts';
import { presentTourMap, type MapView } from '../edit/map.ts';
import type { EditorContext } from '../edit/presenter.ts';
import { presentDay, type DepotView } from '../edit/stands.ts';
import { signatureOf, type OrderAnswer, type StopChoice } from './proposeOrder.ts';
import { placeOf, plainResult, presentResult, spanOf, type ResultView } from './resultPresenter.ts';

export interface OrderView {
  heading: string;
  tour: { href: string; text: string };
  lead: string;
  errors: readonly { href: string; text: string }[];
  /** Null: nothing to choose. */
  choice: {
    action: string;
    options: readonly { value: string; name: string; hint: string; checked: boolean }[];
    /** Why other stops are not among them. */
    held: readonly string[];
  } | null;
  result: ResultView;
  lists: readonly ListView[];
  map: MapView | null;
}

export interface ListView {
  id: string;
  heading: string;
  isBefore: boolean;
  start: DepotView;
  stands: readonly { id: string | null; n: number; title: string; times: string | null; leg: string | null }[];
  end: DepotView;
}

export interface OrderInput {
  tour: Tour;
  answer: OrderAnswer;
  /** `proposed` null: nothing is proposed. */
  ways: { now: readonly Way[]; proposed: readonly Way[] | null };
  /** Why what was sent was not taken over. */
  problem: string | null;
}

export function presentOrder({ tour, answer, ways, problem }: OrderInput, context: EditorContext): OrderView {
  const { locale, t, p } = context;
  const { improvement, picture, choices, promised, past } = answer;
  const now = improvement.kind === 'notYet' ? null : improvement.now;
  const proposal = improvement.kind === 'better' ? improvement.proposal : null;
  const shown = proposal?.plan ?? tour;
  return {
    heading: t('order.heading'),
    tour: {
      href: p.tour(tour.id),
      text: t('tour.title', { number: tourNumber(tour.id), date: longDate(tour.date, locale) }),
    },
    lead: past ? t('order.past.lead') : promised ? t('order.leadPromised') : t('order.lead'),
    errors: problem === null ? [] : [{ href: '#ergebnis', text: problem }],
    choice: presentChoice(tour, answer, context),
    result: past
      ? plainResult('info', t('order.past.headline'), [t('order.past.text')])
      : promised
        ? plainResult('info', t('order.promised.headline'), [t('order.promised.text'), t('order.promised.instead')])
        : { ...presentResult(answer, locale, t), accept: acceptOf(tour, choices, proposal, context) },
    lists: [
      ...(now === null
        ? []
        : [
            presentList(
              now,
              picture,
              { id: 'jetzt', isBefore: proposal !== null, isShownOnMap: proposal === null },
              locale,
              t,
            ),
          ]),
      ...(proposal === null
        ? []
        : [presentList(proposal, picture, { id: 'vorschlag', isBefore: false, isShownOnMap: true }, locale, t)]),
    ],
    map: presentTourMap(
      context.map,
      {
        depotId: tour.depotId,
        stops: shown.stops.map(({ venueId }, index) => ({ n: index + 1, venueId, problem: false })),
        ways: ways.proposed ?? ways.now,
        ...(ways.proposed === null ? {} : { before: ways.now }),
      },
      picture,
      t,
    ),
  };
}

function presentChoice(
  tour: Tour,
  { choices, picture, promised, past, improvement }: OrderAnswer,
  { t, p }: EditorContext,
): OrderView['choice'] {
  if (promised || past || improvement.kind === 'notYet') return null;
  return {
    action: p.tourOrder(tour.id),
    options: choices
      .filter(({ held }) => held === null)
      .map(({ stop, free }) => ({
        value: String(stop.id),
        name: placeOf(stop, picture),
        hint: spanOf(stop),
        checked: free,
      })),
    held: choices.flatMap(({ stop, held }) => {
      const place = placeOf(stop, picture);
      if (held === null) return [];
      return [held === 'sameVenue' ? t('order.held.sameVenue', { place }) : t('order.held.noOtherTime', { place })];
    }),
  };
}

function acceptOf(
  tour: Tour,
  choices: readonly StopChoice[],
  proposal: Arrangement | null,
  { p }: EditorContext,
): ResultView['accept'] {
  if (proposal === null) return null;
  return {
    action: p.tourOrder(tour.id),
    fields: [
      { name: 'version', value: String(tour.version) },
      { name: 'auswahl', value: '1' },
      {
        name: 'frei',
        value: choices
          .filter(({ free }) => free)
          .map(({ stop }) => stop.id)
          .join('-'),
      },
      { name: 'vorschlag', value: signatureOf(proposal.plan.stops) },
    ],
  };
}

function presentList(
  { plan, day, metres, conflicts }: Arrangement,
  picture: PlanningPicture,
  { id, isBefore, isShownOnMap }: { id: string; isBefore: boolean; isShownOnMap: boolean },
  locale: Locale,
  t: Translate,
): ListView {
  const places = plan.stops.map((_, index) => index);
  const venueIds = plan.stops.map(({ venueId }) => venueId);
  const view = presentDay({ plan, day, metres, conflicts, places, picture, load: null, venueIds }, locale, t);
  return {
    id,
    heading: id === 'vorschlag' ? t('order.lists.proposed') : t('order.lists.now'),
    isBefore,
    start: view.start,
    stands: view.stands.map(({ n, title, times, leg }) => ({
      id: isShownOnMap ? `halt-${n}` : null,
      n,
      title,
      times,
      leg,
    })),
    end: view.end,
  };
}
