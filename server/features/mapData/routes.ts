import { Router } from 'express';
import { ROUTES } from '../../paths.ts';
import { translator } from '../../web/locale.ts';
import { localeOf } from '../../web/render.ts';
import type { MapDataDeps } from './ports.ts';
import { presentMapData } from './presenter.ts';

/** What was imported of OpenStreetMap, for administrators; importing is done on the command line. */
export function mapDataRoutes(deps: MapDataDeps): Router {
  const router = Router();

  router.get(ROUTES.mapData, async (request, response) => {
    const locale = localeOf(response);
    const view = presentMapData(await deps.imports(), deps.open(), deps.clock.now(), deps.zone, locale);
    await deps.render(request, response, {
      view: 'mapData/mapData',
      title: translator(locale)('mapData.title'),
      staff: 'masterData',
      locals: view,
    });
  });

  return router;
}
