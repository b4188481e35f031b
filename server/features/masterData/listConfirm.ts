import { Router, type Request, type Response } from 'express';
import { isIn, scopeOf } from '../../domain/access.ts';
import type { Instant, LocalDate } from '../../domain/time.ts';
import { longDate, timeSpan } from '../../web/format.ts';
import { actorOf } from '../../web/session.ts';
import type { MasterDataDeps } from './deps.ts';
import { askerOf, foundIn, savingOf, versionOf, type Asker, type Line } from './listPage.ts';
import type { Retirement, Use, Uses } from './ports.ts';

/** The pages that ask before something is put out of use or deleted, and say what still uses it. */

export interface ConfirmView {
  title: string;
  lead: string;
  back: { href: string; text: string };
  uses: readonly UseGroup[];
  advice: string | null;
  action: string;
  version: number;
  /** Sent as `stillgelegt`; null: deletion. */
  value: '1' | '0' | null;
  /** Null: refused. */
  button: string | null;
  /** What can be done instead. */
  instead: { href: string; text: string } | null;
}

export interface UseGroup {
  title: string;
  items: readonly Line[];
  more: string | null;
}

/** At most so many uses are listed; the rest is counted. */
export const USES_SHOWN = 5;

/** A group of uses as the pages show it; none at all is no group. */
export function useGroup<T>({ t }: Pick<Asker, 't'>, title: string, uses: Uses<T>, line: (use: T) => Line): UseGroup[] {
  const rest = uses.total - uses.first.length;
  return uses.total === 0
    ? []
    : [{ title, items: uses.first.map(line), more: rest > 0 ? t('data.uses.more', { count: rest }) : null }];
}

/** "Dienstag, 8. Dezember 2026, 9 bis 12 Uhr (Entwurf)", with a link for who may see the tour. */
export function tourLine({ t, p, locale }: Asker, response: Response): (use: Use & { place?: string }) => Line {
  const scope = scopeOf(actorOf(response), 'tours.read');
  return (use) => {
    const { fromMinute, toMinute, state } = use;
    const parts = [
      longDate(use.date, locale),
      ...(fromMinute === null || toMinute === null ? [] : [timeSpan(fromMinute, toMinute, locale)]),
      ...(use.place === undefined ? [] : [use.place]),
    ];
    const text = parts.join(', ') + (state === 'published' ? '' : ` (${t(`data.tourState.${state}`)})`);
    return { href: isIn(scope, use.municipalityId) ? p.tour(use.tourId) : null, text };
  };
}

export function todayOf({ clock, zone }: Pick<MasterDataDeps, 'clock' | 'zone'>): LocalDate {
  return zone.local(clock.now()).date;
}

/** What can be retired and deleted, as these pages need it. */
export interface Retired {
  id: number;
  municipalityId: number;
  version: number;
  retiredAt: Instant | null;
}

export interface RetirementPages<T extends Retired> {
  routes: { retirement: string; deletion: string };
  rows: Retirement & { find: (id: number) => Promise<T | undefined> };
  /** What it is called. */
  label: (item: T) => string;
  /** Addresses of its form, of these pages and of its list. */
  at: (asker: Asker, id: number) => { form: string; retirement: string; deletion: string; list: string };
  /** What comes to nothing or goes on without it when it is retired: coming visits, tours. */
  affected: (asker: Asker, response: Response, item: T) => Promise<UseGroup[]>;
  /** What has to be gone before it can be deleted. */
  uses: (asker: Asker, response: Response, item: T) => Promise<UseGroup[]>;
}

/** GET asks, POST does it; both answer 404 for what is out of scope. */
export function retirementRoutes<T extends Retired>(deps: MasterDataDeps, pages: RetirementPages<T>): Router {
  const router = Router();
  const { rows, label, at } = pages;

  async function show(request: Request, response: Response, page: ConfirmView, status = 200): Promise<void> {
    await deps.render(request, response, {
      view: 'masterData/confirm',
      title: page.title,
      staff: 'masterData',
      status,
      locals: { page },
    });
  }

  function stale(request: Request, response: Response, to: string): void {
    request.session.flash = { kind: 'warning', text: askerOf(response, 'office.write').t('data.changedMeanwhile') };
    response.redirect(303, to);
  }

  router
    .route(pages.routes.retirement)
    .get(async (request, response, next) => {
      const asker = askerOf(response, 'office.write');
      const item = await foundIn(request, asker, rows.find);
      if (item === undefined) return next();
      const { t } = asker;
      const name = label(item);
      const retires = item.retiredAt === null;
      const affected = retires ? await pages.affected(asker, response, item) : [];
      await show(request, response, {
        title: retires ? t('data.retire.title', { name }) : t('data.restore.title', { name }),
        lead: retires ? t('data.retire.lead') : t('data.restore.lead'),
        back: { href: at(asker, item.id).form, text: name },
        uses: affected,
        advice: affected.length > 0 ? t('data.retire.advice') : null,
        action: at(asker, item.id).retirement,
        version: item.version,
        value: retires ? '1' : '0',
        button: retires ? t('data.retire.button') : t('data.restore.button'),
        instead: null,
      });
    })
    .post(async (request, response, next) => {
      const asker = askerOf(response, 'office.write');
      const item = await foundIn(request, asker, rows.find);
      if (item === undefined) return next();
      const { t } = asker;
      const name = label(item);
      const retires = (request.body as Record<string, unknown> | undefined)?.['stillgelegt'] !== '0';
      const to = at(asker, item.id).form;
      const done = (): void => {
        const text = retires ? t('data.retire.done', { name }) : t('data.restore.done', { name });
        request.session.flash = { kind: 'success', text };
        response.redirect(303, to);
      };
      if (retires === (item.retiredAt !== null)) return done(); // sent twice
      const saving = savingOf(deps, response, { municipalityId: item.municipalityId, label: name });
      const version = versionOf(request.body);
      const outcome = await rows.retire(item.id, version, retires ? deps.clock.now() : null, saving);
      return outcome === 'stale' ? stale(request, response, to) : done();
    });

  router
    .route(pages.routes.deletion)
    .get(async (request, response, next) => {
      const asker = askerOf(response, 'office.write');
      const item = await foundIn(request, asker, rows.find);
      if (item === undefined) return next();
      await show(request, response, await deletion(asker, response, item));
    })
    .post(async (request, response, next) => {
      const asker = askerOf(response, 'office.write');
      const item = await foundIn(request, asker, rows.find);
      if (item === undefined) return next();
      const name = label(item);
      const saving = savingOf(deps, response, { municipalityId: item.municipalityId, label: name });
      const outcome = await rows.remove(item.id, versionOf(request.body), saving);
      if (outcome === 'used') return show(request, response, await deletion(asker, response, item, 'used'), 422);
      if (outcome === 'stale') return stale(request, response, at(asker, item.id).form);
      request.session.flash = { kind: 'success', text: asker.t('data.remove.done', { name }) };
      response.redirect(303, at(asker, item.id).list);
    });

  async function deletion(asker: Asker, response: Response, item: T, known?: 'used'): Promise<ConfirmView> {
    const { t } = asker;
    const uses = await pages.uses(asker, response, item);
    const name = label(item);
    const addresses = at(asker, item.id);
    const free = uses.length === 0 && known === undefined;
    return {
      title: free ? t('data.remove.title', { name }) : t('data.remove.refused', { name }),
      lead: free ? t('data.remove.lead') : t('data.remove.refusedLead'),
      back: { href: addresses.form, text: name },
      uses,
      advice: free || item.retiredAt !== null ? null : t('data.remove.instead'),
      action: addresses.deletion,
      version: item.version,
      value: null,
      button: free ? t('data.remove.button') : null,
      instead: free || item.retiredAt !== null ? null : { href: addresses.retirement, text: t('data.retire.short') },
    };
  }

  return router;
}

/** The links below a form to these pages. */
export function retirementLinks(
  { t }: Asker,
  retiredAt: Instant | null,
  at: { retirement: string; deletion: string },
): { href: string; text: string }[] {
  return [
    { href: at.retirement, text: retiredAt === null ? t('data.retire.short') : t('data.restore.short') },
    { href: at.deletion, text: t('data.remove.short') },
  ];
}
