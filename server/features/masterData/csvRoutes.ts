import { randomBytes } from 'node:crypto';
import { Router, type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import multer, { MulterError } from 'multer';
import type { Permission, Scope } from '../../domain/access.ts';
import { Refusal } from '../../domain/refusal.ts';
import { ROUTES } from '../../paths.ts';
import { enteredFields } from '../../web/form.ts';
import { translator, type Translate } from '../../web/locale.ts';
import { localeOf } from '../../web/render.ts';
import { actorOf } from '../../web/session.ts';
import { applyPlan } from './csvApply.ts';
import { keptSince, planServices, planVenues, serviceCells, venueCells, type CsvPlan } from './csvPlan.ts';
import { COLUMNS, csvPaths, presentPreview, presentProblem, presentUpload } from './csvPresenter.ts';
import type { ServiceWrite, VenueWrite } from './csvPlan.ts';
import type { CsvReading, CsvSubject, Wanted } from './csvPorts.ts';
import { decode, readTable, writeTable, type Table } from './csvTable.ts';
import type { MasterDataDeps } from './deps.ts';
import { askerOf, takeFlash } from './listPage.ts';
import { changeOf } from './servicePage.ts';

/** Largest file, in bytes. */
const MOST_BYTES = 1024 * 1024;

export type AnyPlan = ({ subject: 'venues' } & CsvPlan<VenueWrite>) | ({ subject: 'services' } & CsvPlan<ServiceWrite>);

/** Compares a readable file with what there is. */
async function planOf(
  subject: CsvSubject,
  table: Extract<Table, { ok: true }>,
  reading: CsvReading,
  scope: Scope,
  t: Translate,
): Promise<AnyPlan> {
  if (subject === 'services') {
    const services = await reading.services();
    const capabilities = await reading.capabilities();
    return { subject, ...planServices(table, { services, capabilities }, t) };
  }
  const venues = await reading.venues(scope);
  const municipalities = await reading.municipalities(scope);
  return { subject, ...planVenues(table, { venues, municipalities }, t) };
}

const upload = multer({
  storage: multer.memoryStorage(),
  limits: { fileSize: MOST_BYTES, files: 1, fields: 5, fieldSize: 1000, parts: 7 },
}).single('datei');

/** Why an upload could not be read. */
type UploadProblem = 'tooLarge' | 'noFile';

/** Reads a file that was sent along; what is wrong with it waits in `response.locals`. */
const readUpload: RequestHandler = (request, response, next) => {
  upload(request, response, (error: unknown) => {
    if (error === undefined || error === null) {
      next();
    } else if (error instanceof MulterError) {
      response.locals['uploadProblem'] = error.code === 'LIMIT_FILE_SIZE' ? 'tooLarge' : 'noFile';
      next();
    } else {
      next(Object.assign(error instanceof Error ? error : new Error('unreadable upload'), { status: 400 }));
    }
  });
};

/** Venues and services as CSV files, both ways. A file is looked at first and then taken over as a whole or not at all. */
export function csvRoutes(deps: MasterDataDeps): Router {
  const { csv, clock } = deps;
  const router = Router();

  async function uploadPage(
    request: Request,
    response: Response,
    subject: CsvSubject,
    errors: readonly string[] = [],
    status = errors.length > 0 ? 422 : 200,
  ): Promise<void> {
    const t = translator(localeOf(response));
    const view = presentUpload(subject, errors, localeOf(response));
    await deps.render(request, response, {
      view: 'masterData/csvImport',
      title: (status === 200 ? '' : t('staff.form.errorPrefix')) + view.heading,
      staff: 'masterData',
      status,
      locals: { view, errors: view.errors, flash: takeFlash(request) },
    });
  }

  async function previewPage(
    request: Request,
    response: Response,
    about: { id: string; plan: AnyPlan; windows: boolean; changedMeanwhile: boolean },
  ): Promise<void> {
    const view = presentPreview({ ...about, subject: about.plan.subject }, localeOf(response));
    await deps.render(request, response, {
      view: 'masterData/csvPreview',
      title: view.heading,
      staff: 'masterData',
      status: about.changedMeanwhile ? 422 : 200,
      locals: { view },
    });
  }

  function wantedBy(response: Response, subject: CsvSubject, id: unknown): Wanted | null {
    return typeof id === 'string' && /^[A-Za-z0-9_-]{22}$/.test(id)
      ? { id, userId: actorOf(response).userId, subject, since: keptSince(clock.now()) }
      : null;
  }

  function mount(subject: CsvSubject, permission: Permission, routes: { download: string; upload: string }): void {
    async function download(_request: Request, response: Response): Promise<void> {
      const { reading } = csv;
      const { scope } = askerOf(response, subject === 'venues' ? 'office.write' : 'services.read');
      const cells =
        subject === 'services'
          ? serviceCells(await reading.services())
          : venueCells(await reading.venues(scope), await reading.municipalities(scope));
      response.set({
        'Content-Type': 'text/csv; charset=utf-8; header=present',
        'Content-Disposition': `attachment; filename="${subject === 'venues' ? 'standorte' : 'leistungen'}.csv"`,
        'Cache-Control': 'no-store',
      });
      response.send(writeTable(COLUMNS[subject], cells));
    }

    async function show(request: Request, response: Response): Promise<void> {
      const { t, scope } = askerOf(response, permission);
      const { vorschau, zeichen } = request.query;
      if (vorschau === undefined) {
        await uploadPage(request, response, subject);
        return;
      }
      const wanted = wantedBy(response, subject, vorschau);
      const content = wanted === null ? undefined : await csv.content(wanted);
      if (wanted === null || content === undefined) {
        await uploadPage(request, response, subject, [t('csv.problem.expired')], 404);
        return;
      }
      const table = readTable(content, COLUMNS[subject]);
      if (!table.ok) {
        throw new Error('A kept file cannot be read'); // it was read before it was kept
      }
      const plan = await planOf(subject, table, csv.reading, scope, t);
      await previewPage(request, response, {
        id: wanted.id,
        plan,
        windows: zeichen === 'windows',
        changedMeanwhile: false,
      });
    }

    async function receive(request: Request, response: Response, next: NextFunction): Promise<void> {
      if (enteredFields(request.body)['aktion'] === 'uebernehmen') {
        next();
        return;
      }
      const { t, locale } = askerOf(response, permission);
      const problem = response.locals['uploadProblem'] as UploadProblem | undefined;
      if (problem === 'tooLarge') {
        await uploadPage(request, response, subject, [t('csv.problem.tooLarge')], 413);
        return;
      }
      const bytes = request.file?.buffer;
      if (problem !== undefined || bytes === undefined || bytes.length === 0) {
        await uploadPage(request, response, subject, [t('csv.problem.noFile')]);
        return;
      }
      const decoded = decode(bytes);
      if (decoded === null) {
        await uploadPage(request, response, subject, [t('csv.problem.noText')]);
        return;
      }
      const table = readTable(decoded.text, COLUMNS[subject]);
      if (!table.ok) {
        await uploadPage(
          request,
          response,
          subject,
          table.problems.map((one) => presentProblem(one, t)),
        );
        return;
      }
      const id = randomBytes(16).toString('base64url');
      const now = clock.now();
      await csv.keep({ id, userId: actorOf(response).userId, subject, content: decoded.text }, now, keptSince(now));
      const zeichen = decoded.encoding === 'windows' ? 'windows' : undefined;
      response.redirect(303, csvPaths(subject, locale).upload({ vorschau: id, zeichen }));
    }

    /** Looks at the file once more, within the transaction that writes it. */
    async function takeOver(request: Request, response: Response): Promise<void> {
      const { t, scope, locale } = askerOf(response, permission);
      const { vorschau, stand } = enteredFields(request.body);
      const wanted = wantedBy(response, subject, vorschau);
      if (wanted === null) {
        await uploadPage(request, response, subject, [t('csv.problem.expired')]);
        return;
      }
      const change = changeOf(response, clock.now());
      const outcome = await csv.unit(async (unit) => {
        const content = await unit.take(wanted);
        if (content === undefined) {
          return { kind: 'expired' as const };
        }
        const table = readTable(content, COLUMNS[subject]);
        const plan = table.ok ? await planOf(subject, table, unit, scope, t) : null;
        const faulty = plan === null || plan.lines.some((line) => line.kind === 'faulty');
        if (plan === null || faulty || plan.fingerprint !== stand) {
          throw new Refusal({ kind: 'stale' as const }); // the file stays, to be looked at once more
        }
        await applyPlan(unit, plan, change);
        return { kind: 'applied' as const, count: plan.writes.length };
      });
      if (outcome.kind === 'applied') {
        request.session.flash = { kind: 'success', text: t('csv.applied', { count: outcome.count }) };
        response.redirect(303, csvPaths(subject, locale).list);
        return;
      }
      const content = outcome.kind === 'expired' ? undefined : await csv.content(wanted);
      const table = content === undefined ? undefined : readTable(content, COLUMNS[subject]);
      if (table === undefined || !table.ok) {
        await uploadPage(request, response, subject, [t('csv.problem.expired')]);
        return;
      }
      const plan = await planOf(subject, table, csv.reading, scope, t);
      await previewPage(request, response, { id: wanted.id, plan, windows: false, changedMeanwhile: true });
    }

    router.get(routes.download, download);
    router.route(routes.upload).get(show).post(readUpload, receive, takeOver);
  }

  mount('venues', 'office.write', { download: ROUTES.staffVenuesExport, upload: ROUTES.staffVenuesImport });
  mount('services', 'services.write', { download: ROUTES.staffServicesExport, upload: ROUTES.staffServicesImport });
  return router;
}
