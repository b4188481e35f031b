import { Router } from 'express';
import { may, scopeOf } from '../../domain/access.ts';
import { pathsFor, ROUTES } from '../../paths.ts';
import { localeOf, translator } from '../../web/locale.ts';
import { actorOf } from '../../web/session.ts';
import type { MasterDataDeps } from './deps.ts';
import { todayOf } from './listConfirm.ts';

/** What there is of everything the office works with, as a page of links. */
export function indexRoutes(deps: MasterDataDeps): Router {
  const router = Router();
  router.get(ROUTES.masterData, async (request, response) => {
    const locale = localeOf(response);
    const t = translator(locale);
    const p = pathsFor(locale);
    const actor = actorOf(response);
    const scope = scopeOf(actor, 'office.write');
    const [counts, services, closingDays, managed] = await Promise.all([
      deps.office.counts(scope),
      deps.office.servicesCount(),
      deps.office.closingDaysCount(scope, todayOf(deps)),
      deps.office.counts(scopeOf(actor, 'municipalities.write')),
    ]);
    const entry = (key: string, href: string, count: number | null) => ({
      href,
      name: t(`data.index.${key}.name`),
      text: t(`data.index.${key}.text`),
      count: count === null ? '' : String(count),
    });
    const groups = [
      {
        id: 'orte',
        title: t('data.index.places'),
        entries: [
          ...(may(actor, 'municipalities.write')
            ? [entry('municipalities', p.staffMunicipalities(), managed.municipalities)]
            : []),
          entry('venues', p.staffVenues(), counts.venues),
          entry('depots', p.staffDepots(), counts.depots),
          entry('closingDays', p.staffClosingDays(), closingDays),
          ...(may(actor, 'municipalities.write') ? [entry('mapData', p.mapData(), null)] : []),
        ],
      },
      {
        id: 'angebot',
        title: t('data.index.offer'),
        entries: [
          entry('services', p.staffServices(), services),
          entry('kits', p.staffKits(), counts.kits),
          entry('clerks', p.staffClerks(), counts.clerks),
        ],
      },
    ];
    await deps.render(request, response, {
      view: 'masterData/index',
      title: t('data.index.title'),
      staff: 'masterData',
      locals: { groups },
    });
  });
  return router;
}
