import { Router, type Request, type Response } from 'express';
import { resolvePlace, suggestPlaces } from '../../../domain/places/search.ts';
import type { Directory } from '../../../domain/booking/office.ts';
import { pathsFor, ROUTES } from '../../../paths.ts';
import { calendarLinks, type CalendarLinks } from '../../../web/calendarLinks.ts';
import { keepByKey } from '../../../web/keep.ts';
import { translator } from '../../../web/locale.ts';
import { localeOf } from '../../../web/render.ts';
import type { BookingDeps } from '../deps.ts';
import { coordinatesOf, parseOrigin, type Origin } from '../origin.ts';
import { addressSuggestions, roughly, whatIsMeant } from './addresses.ts';
import { findNextVisits, findVenueVisits, findVisits } from './findVisits.ts';
import { filterQuery, LONGEST_PLACE, parseVisitsForm, type VisitsForm } from './forms.ts';
import { presentVisits, type VisitsView } from './listPresenter.ts';
import { presentPlaceChoice, presentSuggestions } from './placesPresenter.ts';
import { presentSearch, type SearchView } from './searchPresenter.ts';
import { presentStart, type StartView } from './startPresenter.ts';
import { presentVenuePage, type VenuePageView } from './venuePresenter.ts';

/** How old what is counted on these pages may be, in milliseconds: who books is checked by the insert anyway. */
const KEPT = 1_000;
/** Pages kept at a time; one view is some ten kilobytes. */
const MOST_KEPT = 300;
const SUGGESTIONS = 8;
const SOONEST = 3;

/** Where the citizen begins: the start page, places, visits, venues. */
export function visitsRoutes(deps: BookingDeps): Router {
  const router = Router();
  const now = (): number => deps.clock.now();
  const keepStart = keepByKey<StartView & { search: SearchView; knowsStreets: boolean }>(KEPT, 4, now);
  const keepVisits = keepByKey<VisitsView>(KEPT, MOST_KEPT, now);
  const keepVenue = keepByKey<(VenuePageView & { calendar: CalendarLinks }) | null>(KEPT, MOST_KEPT, now);

  router.get(ROUTES.start, async (request, response) => {
    const directory = await deps.directory();
    if (directory.municipalities.size === 0) {
      await renderSetUp(request, response);
      return;
    }
    await renderStart(request, response, directory, null);
  });

  router.get(ROUTES.placeSuggestions, async (request, response) => {
    const { places } = await deps.directory();
    const typed = request.query['q'];
    const text = typeof typed === 'string' ? typed.slice(0, LONGEST_PLACE) : '';
    const found = suggestPlaces(places, text, SUGGESTIONS);
    const offered = await addressSuggestions(text, found, deps.addresses, SUGGESTIONS);
    response.set('Cache-Control', offered.addresses.length === 0 ? 'public, max-age=300' : 'private, no-store');
    response.vary('Accept');
    response.json(presentSuggestions(offered, localeOf(response)));
  });

  router.get(ROUTES.visits, async (request, response) => {
    const directory = await deps.directory();
    if (directory.municipalities.size === 0) {
      await renderSetUp(request, response);
      return;
    }
    const form = parseVisitsForm(request.query, directory);
    const origin = parseOrigin(request.query, directory);
    // A suggestion that was chosen: the id of a place is a number, that of an address is not.
    const { place: id } = request.query;
    const chosen = typeof id === 'string' ? await deps.addresses.byId(id) : null;
    if (chosen !== null) {
      const { filter } = form;
      response.redirect(303, pathsFor(localeOf(response)).visits({ ...roughly(chosen), ...filterQuery(filter) }));
      return;
    }
    if (origin.kind === 'place' || form.typed === null) {
      await renderVisits(request, response, directory, origin, form);
    } else if (form.typed !== '') {
      await answerPlace(request, response, directory, form.typed, form);
    } else if (origin.kind === 'position') {
      await renderVisits(request, response, directory, origin, form);
    } else {
      await renderStart(request, response, directory, translator(localeOf(response))('start.error.empty'), form);
    }
  });

  router.get(ROUTES.venue, async (request, response, next) => {
    const directory = await deps.directory();
    const venue = [...directory.venues.values()].find(({ slug }) => slug === request.params.slug);
    if (venue === undefined) {
      next();
      return;
    }
    const locale = localeOf(response);
    const origin = deps.publicUrl ?? `${request.protocol}://${request.get('Host') ?? request.hostname}`;
    const view = await keepVenue(JSON.stringify([locale, venue.id, origin]), async () => {
      const found = await findVenueVisits(deps, venue);
      const isGivenUp = venue.retired && found.visits.length === 0;
      return isGivenUp
        ? null
        : {
            ...presentVenuePage(directory, venue, found, deps.map, locale),
            calendar: calendarLinks(pathsFor(locale).venueCalendar(venue.slug), origin),
          };
    });
    if (view === null) {
      next();
      return;
    }
    await deps.render(request, response, { view: 'visits/venue', title: view.title, section: 'visits', locals: view });
  });

  return router;

  async function renderSetUp(request: Request, response: Response): Promise<void> {
    const t = translator(localeOf(response));
    await deps.render(request, response, { view: 'visits/setUp', title: t('start.setUp.title'), locals: {} });
  }

  async function renderStart(
    request: Request,
    response: Response,
    directory: Directory,
    error: string | null,
    form?: VisitsForm,
  ): Promise<void> {
    const locale = localeOf(response);
    const t = translator(locale);
    const view = await keepStart(locale, async () => {
      const start = presentStart(directory, await findNextVisits(deps, SOONEST), locale);
      const knowsStreets = await deps.addresses.isAvailable();
      return { ...start, knowsStreets, search: presentSearch({ ...start, knowsStreets }, locale) };
    });
    await deps.render(request, response, {
      view: 'visits/start',
      title: error === null ? t('start.windowTitle') : `${t('start.error.title')}: ${t('start.windowTitle')}`,
      status: error === null ? 200 : 422,
      section: null,
      flush: true,
      // The very same object while nothing was typed: the finished page is then kept with it.
      locals:
        error === null && form === undefined
          ? view
          : { ...view, search: presentSearch({ ...view, ...form, typed: form?.typed ?? '', error }, locale) },
    });
  }

  async function renderVisits(
    request: Request,
    response: Response,
    directory: Directory,
    origin: Origin,
    { filter, page }: VisitsForm,
  ): Promise<void> {
    const locale = localeOf(response);
    const key = JSON.stringify([locale, origin, filterQuery(filter), page]);
    const view = await keepVisits(key, async () => {
      const found = await findVisits(deps, { ...filter, from: coordinatesOf(origin), page });
      return presentVisits(directory, found, origin, filter, deps.map, locale);
    });
    await deps.render(request, response, { view: 'visits/visits', title: view.title, section: 'visits', locals: view });
  }

  /** One place: its own address, which can be shared. Else the citizen is asked what was meant. */
  async function answerPlace(
    request: Request,
    response: Response,
    directory: Directory,
    typed: string,
    { filter }: VisitsForm,
  ): Promise<void> {
    const locale = localeOf(response);
    const meant = await whatIsMeant(typed, resolvePlace(directory.places, typed), deps.addresses);
    if (meant.kind === 'place' || meant.kind === 'position') {
      const from = meant.kind === 'place' ? { place: meant.placeId } : roughly(meant.at);
      response.redirect(303, pathsFor(locale).visits({ ...from, ...filterQuery(filter) }));
      return;
    }
    const knowsStreets = await deps.addresses.isAvailable();
    const view = presentPlaceChoice(meant, typed, { filter, knowsStreets }, locale);
    await deps.render(request, response, { view: 'visits/choice', title: view.title, section: 'visits', locals: view });
  }
}
