import { Router, type Request, type Response } from 'express';
import { isIn, scopeOf } from '../../domain/access.ts';
import { formatReference } from '../../domain/booking/reference.ts';
import { pathsFor, ROUTES } from '../../paths.ts';
import { listField } from '../../web/form.ts';
import { localeOf, translator, type Translate } from '../../web/locale.ts';
import { actorOf } from '../../web/session.ts';
import type { LetterDeps } from './deps.ts';
import { markPrinted, parseSeen, type Marked } from './markPrinted.ts';
import type { Printer } from './ports.ts';
import { presentLetters, presentPrint, type Today } from './presenter.ts';
import { readOwn } from './texts.ts';

/** How long printed letters can be printed once more, in milliseconds. */
const PRINTED_SHOWN = 7 * 24 * 60 * 60_000;
const MOST_PRINTED = 300;
/** So many are printed at once: one stack of paper, and no page that a browser cannot lay out. */
const MOST_SHEETS = 200;
const STYLES = ['kt-letter.css'];

type Flash = NonNullable<Request['session']['flash']>;

/** Letters to people without e-mail: what waits, printing it, marking it as printed. */
export function letterRoutes(deps: LetterDeps): Router {
  const router = Router();

  const todayOf = (response: Response): Today => ({
    locale: localeOf(response),
    zone: deps.zone,
    now: deps.clock.now(),
  });

  router.get(ROUTES.letters, async (request, response) => {
    const { scope } = printerOf(response);
    const today = todayOf(response);
    const { flash } = request.session;
    delete request.session.flash;
    const [waiting, printed, directory] = await Promise.all([
      deps.letters.waiting(scope, today.now),
      deps.letters.printed(scope, today.now - PRINTED_SHOWN, today.now, MOST_PRINTED),
      deps.directory(),
    ]);
    await deps.render(request, response, {
      view: 'letters/list',
      title: translator(today.locale)('letters.title'),
      staff: 'letters',
      locals: { ...presentLetters(waiting, printed, directory, today), flash: flash ?? null },
    });
  });

  router.get(ROUTES.lettersPrint, async (request, response, next) => {
    const id = idOf(request.query['kommune']);
    const directory = await deps.directory();
    const municipality = id === null ? undefined : directory.municipalities.get(id);
    if (municipality === undefined || !isIn(printerOf(response).scope, municipality.id)) {
      next();
      return;
    }
    const today = todayOf(response);
    const letters = await deps.letters.open(municipality.id, today.now, MOST_SHEETS + 1);
    const view = presentPrint(
      {
        letters: letters.slice(0, MOST_SHEETS),
        ownOf: await readOwn(deps.texts, letters),
        areMore: letters.length > MOST_SHEETS,
      },
      municipality,
      directory,
      originOf(request),
      today,
    );
    await deps.render(request, response, {
      view: 'letters/print',
      title: view.title,
      staff: 'letters',
      styles: STYLES,
      wide: true,
      locals: view,
    });
  });

  router.post(ROUTES.lettersPrinted, async (request, response, next) => {
    const t = translator(localeOf(response));
    const again = listField(request.body, 'nochmal')[0];
    const flash = again === undefined ? await mark(request, response, t) : await repeat(response, idOf(again), t);
    if (flash === null) {
      next();
      return;
    }
    request.session.flash = flash;
    response.redirect(303, pathsFor(localeOf(response)).letters());
  });

  async function mark(request: Request, response: Response, t: Translate): Promise<Flash> {
    const seen = listField(request.body, 'brief').flatMap((value) => parseSeen(value) ?? []);
    if (seen.length === 0) return { kind: 'warning', text: t('letters.marked.nothing') };
    return markedWords(await markPrinted(deps, printerOf(response), seen, originOf(request)), t);
  }

  async function repeat(response: Response, id: number | null, t: Translate): Promise<Flash | null> {
    if (id === null) return null;
    const outcome = await deps.unit((unit) => unit.repeat(printerOf(response), id, deps.clock.now()));
    if (outcome === null) return null;
    return { kind: outcome === 'no' ? 'warning' : 'success', text: t(`letters.again.${outcome}`) };
  }

  function originOf(request: Request): string {
    const origin = deps.publicUrl ?? `${request.protocol}://${request.get('Host') ?? request.hostname}`;
    return URL.canParse(origin) ? origin : 'http://localhost'; // a Host that no browser sends
  }

  return router;
}

function printerOf(response: Response): Printer {
  const actor = actorOf(response);
  return { actor, scope: scopeOf(actor, 'letters.write') };
}

function idOf(value: unknown): number | null {
  return typeof value === 'string' && /^[1-9]\d{0,8}$/.test(value) ? Number(value) : null;
}

function markedWords({ marked, before, changed, dropped }: Marked, t: Translate): Flash {
  const list = (references: readonly string[]): string => references.map(formatReference).join(', ');
  const parts = [
    ...(marked > 0 || (before === 0 && changed.length === 0 && dropped.length === 0)
      ? [t('letters.marked.done', { count: marked })]
      : []),
    ...(before > 0 ? [t('letters.marked.before', { count: before })] : []),
    ...(changed.length > 0 ? [t('letters.marked.changed', { references: list(changed), count: changed.length })] : []),
    ...(dropped.length > 0 ? [t('letters.marked.dropped', { references: list(dropped), count: dropped.length })] : []),
  ];
  return {
    kind: changed.length + dropped.length > 0 || marked + before === 0 ? 'warning' : 'success',
    text: parts.join(' '),
  };
}
