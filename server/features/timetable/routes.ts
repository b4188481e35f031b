import { Router, type Request } from 'express';
import type { Directory, Municipality, Venue } from '../../domain/booking/office.ts';
import { pathsFor, ROUTES } from '../../paths.ts';
import { calendarLinks, type CalendarLinks } from '../../web/calendarLinks.ts';
import { keepByKey } from '../../web/keep.ts';
import { translator, type Locale } from '../../web/locale.ts';
import { localeOf } from '../../web/render.ts';
import type { TimetableDeps } from './deps.ts';
import { findComing, findNextByMunicipality } from './findComing.ts';
import { presentMunicipalityPoster, presentVenuePoster, type PosterView } from './poster.ts';
import { presentMunicipalities, presentTimetable, type MunicipalityView, type TimetableView } from './presenter.ts';

/** How old what these pages say may be, in milliseconds. */
const KEPT = 1_000;
/** Pages kept at a time. */
const MOST_KEPT = 300;
const STYLES = ['kt-poster.css'];

/** When the Bürgerkoffer comes, for everybody: as a page and as a poster. */
export function timetableRoutes(deps: TimetableDeps): Router {
  const router = Router();
  const now = (): number => deps.clock.now();
  const keepList = keepByKey<{ municipalities: MunicipalityView[] }>(KEPT, 4, now);
  const keepTimetable = keepByKey<TimetableView & { calendar: CalendarLinks }>(KEPT, MOST_KEPT, now);
  const keepPoster = keepByKey<PosterView | null>(KEPT, MOST_KEPT, now);

  router.get(ROUTES.timetables, async (request, response) => {
    const locale = localeOf(response);
    const { municipalities } = await deps.directory();
    const [only] = municipalities.values();
    if (municipalities.size === 1 && only !== undefined) {
      response.redirect(303, pathsFor(locale).timetable(only.slug));
      return;
    }
    const locals = await keepList(locale, async () => ({
      municipalities: presentMunicipalities(await findNextByMunicipality(deps), locale),
    }));
    const title = translator(locale)('timetable.listTitle');
    await deps.render(request, response, {
      view: 'timetable/list',
      title,
      section: 'visits',
      styles: STYLES,
      locals,
    });
  });

  router.get(ROUTES.timetable, async (request, response, next) => {
    const locale = localeOf(response);
    const directory = await deps.directory();
    const municipality = municipalityCalled(directory, request.params.slug);
    if (municipality === undefined) {
      next();
      return;
    }
    const origin = originOf(request);
    const view = await keepTimetable(keyOf('timetable', municipality.id, origin, locale), async () => {
      const coming = await findComing(deps, venuesOf(directory, municipality));
      return {
        ...presentTimetable(municipality, coming, directory.municipalities.size > 1, locale),
        calendar: calendarLinks(pathsFor(locale).timetableCalendar(municipality.slug), origin),
      };
    });
    await deps.render(request, response, {
      view: 'timetable/timetable',
      title: view.title,
      section: 'visits',
      styles: STYLES,
      locals: view,
    });
  });

  router.get(ROUTES.timetablePoster, async (request, response, next) => {
    const locale = localeOf(response);
    const directory = await deps.directory();
    const municipality = municipalityCalled(directory, request.params.slug);
    if (municipality === undefined) {
      next();
      return;
    }
    const origin = originOf(request);
    const view = await keepPoster(keyOf('municipality', municipality.id, origin, locale), async () =>
      presentMunicipalityPoster(municipality, await findComing(deps, venuesOf(directory, municipality)), {
        directory,
        origin,
        locale,
      }),
    );
    await deps.render(request, response, posterPage(view as PosterView));
  });

  router.get(ROUTES.venuePoster, async (request, response, next) => {
    const locale = localeOf(response);
    const directory = await deps.directory();
    const venue = [...directory.venues.values()].find(({ slug }) => slug === request.params.slug);
    if (venue === undefined) {
      next();
      return;
    }
    const origin = originOf(request);
    const view = await keepPoster(keyOf('venue', venue.id, origin, locale), async () => {
      const coming = await findComing(deps, [venue]);
      const isGivenUp = venue.retired && coming.visits.length === 0;
      return isGivenUp ? null : presentVenuePoster(venue, coming, { directory, origin, locale });
    });
    if (view === null) {
      next();
      return;
    }
    await deps.render(request, response, posterPage(view));
  });

  return router;

  /** Where citizens reach the office: it goes into the QR code. */
  function originOf(request: Request): string {
    const origin = deps.publicUrl ?? `${request.protocol}://${request.get('Host') ?? request.hostname}`;
    return URL.canParse(origin) ? origin : 'http://localhost'; // a Host that no browser sends
  }
}

function posterPage(view: PosterView) {
  return { view: 'timetable/poster', title: view.title, section: 'visits', styles: STYLES, locals: view } as const;
}

function keyOf(kind: string, id: number, origin: string, locale: Locale): string {
  return JSON.stringify([kind, id, origin, locale]);
}

function municipalityCalled(directory: Directory, slug: string): Municipality | undefined {
  return [...directory.municipalities.values()].find((one) => one.slug === slug);
}

function venuesOf(directory: Directory, { id }: Municipality): Venue[] {
  return [...directory.venues.values()].filter(({ municipalityId }) => municipalityId === id);
}
