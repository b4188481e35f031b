import type { Request, Response } from 'express';
import type { Tour } from '../../../domain/tours/tour.ts';
import { longDate } from '../../../web/format.ts';
import { tourNumber } from '../../../domain/tours/tour.ts';
import type { TourDeps } from '../deps.ts';
import { checkPlan, pictureOf } from './checkForm.ts';
import { contextOf, mayChange, readerOf, takeFlash } from './context.ts';
import { askWays, presentTourMap } from './map.ts';
import { presentNotes } from './notes.ts';
import { backLink, stateText } from './presenter.ts';
import { presentDay } from './stands.ts';

/** A tour to read: for who may not change it, and once it is cancelled. It names no citizen. */
export async function renderTour(deps: TourDeps, request: Request, response: Response, tour: Tour): Promise<void> {
  const context = contextOf(deps, response);
  const { locale, t, p } = context;
  const picture = await pictureOf(deps, readerOf(response), tour.date);
  const checked = await checkPlan(deps, picture, tour, tour.id);
  const places = tour.stops.map((_, index) => index);
  const day = presentDay(
    {
      plan: tour,
      ...checked,
      conflicts: [],
      places,
      picture,
      load: picture.tours.find(({ id }) => id === tour.id) ?? null,
      venueIds: tour.stops.map(({ venueId }) => venueId),
    },
    locale,
    t,
  );
  const nameIn = (map: ReadonlyMap<number, { name: string }>, id: number | null): string =>
    id === null ? t('tour.show.none') : (map.get(id)?.name ?? t('tour.fields.foreign'));
  const heading = t('tour.title', { number: tourNumber(tour.id), date: longDate(tour.date, locale) });
  await deps.render(request, response, {
    view: 'tours/edit/show',
    title: heading,
    staff: 'board',
    wide: true,
    locals: {
      heading,
      back: backLink(tour.date, context),
      state: { kind: tour.state, text: stateText(tour.state, t) },
      flash: takeFlash(request),
      day,
      facts: [
        { key: t('tour.fields.municipality'), value: nameIn(picture.municipalities, tour.municipalityId) },
        { key: t('tour.fields.depot'), value: nameIn(picture.depots, tour.depotId) },
        { key: t('tour.fields.kit'), value: nameIn(picture.kits, tour.kitId) },
        {
          key: t('tour.fields.crew'),
          value:
            tour.clerkIds.length === 0
              ? t('tour.show.none')
              : tour.clerkIds.map((id) => nameIn(picture.clerks, id)).join(', '),
        },
        {
          key: t('tour.fields.announced'),
          value:
            tour.announced === null
              ? t('tour.fields.announceAll')
              : tour.announced.map((id) => picture.services.get(id)?.names[locale] ?? '').join(', '),
        },
        ...(tour.note === null ? [] : [{ key: t('tour.fields.note'), value: tour.note }]),
      ],
      map: presentTourMap(
        context.map,
        {
          depotId: tour.depotId,
          ways: await askWays(deps.travel, tour, picture),
          stops: tour.stops.map(({ venueId }, index) => ({ n: index + 1, venueId, problem: false })),
        },
        picture,
        t,
      ),
      history: p.tourHistory(tour.id),
      notes: presentNotes(await deps.notes(tour.id), deps.zone, locale, t),
      copy: mayChange(response, tour) ? p.newTour({ vorlage: tour.id }) : null,
    },
  });
}
