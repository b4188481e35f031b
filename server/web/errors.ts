import type { ErrorRequestHandler, RequestHandler } from 'express';
import { localeOf, type Render } from './render.ts';
import { translator } from './locale.ts';
import { maybeActorOf } from './session.ts';

export interface ErrorLogger {
  error(fields: object, message: string): void;
}

/** An address that leads nowhere: a page that says where to go on. */
export function notFound(render: Render): RequestHandler {
  return async (request, response) => {
    const t = translator(localeOf(response));
    const isStaff = maybeActorOf(response) !== null;
    await render(request, response, {
      view: isStaff ? 'errors/staff' : 'errors/page',
      title: t('errors.notFound.title'),
      ...(isStaff ? { staff: null } : {}),
      status: 404,
      locals: { heading: t('errors.notFound.title'), text: t(isStaff ? 'staff.notHere' : 'errors.notFound.text') },
    });
  };
}

const KINDS: Readonly<Record<number, string>> = {
  400: 'badRequest',
  403: 'forbidden',
  413: 'tooLarge',
  429: 'tooMany',
};

/**
 * The one handler for whatever went wrong unexpectedly. It logs the error without the address (which may hold a secret)
 * and answers a page; a partial request gets a notice for the permanent message region instead of a broken fragment.
 */
export function errorHandler(render: Render, log: ErrorLogger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const status = statusOf(error);
    if (status >= 500) {
      log.error(
        { err: withoutData(error), method: request.method, route: (request.route as { path?: string })?.path },
        'failed',
      );
    }
    const t = translator(localeOf(response));
    const kind = KINDS[status] ?? (status < 500 ? 'badRequest' : 'failure');
    const partial = request.get('HX-Request-Type') === 'partial';
    if (partial) {
      response.set({ 'HX-Retarget': '#meldungen', 'HX-Reswap': 'innerHTML' });
    }
    if (status === 503) {
      response.set('Retry-After', '10');
    }
    response.set('Cache-Control', 'no-store');
    const isStaff = maybeActorOf(response) !== null;
    render(request, response, {
      view: partial ? 'errors/_notice' : isStaff ? 'errors/staff' : 'errors/page',
      ...(isStaff ? { staff: null } : {}),
      title: t(`errors.${kind}.title`),
      status,
      locals: {
        heading: t(`errors.${kind}.title`),
        text: t(isStaff && status === 403 ? 'staff.notAllowed' : `errors.${kind}.text`),
      },
      // Whatever part was asked for: the notice takes its place in the answer, HX-Retarget says where it goes.
      ...(partial ? { fragments: { [request.get('HX-Target')?.split('#')[1] ?? '']: 'errors/_notice' } } : {}),
    }).catch(() => response.type('text').send(t(`errors.${kind}.text`)));
  };
}

/** What a log may hold of an error: PostgreSQL adds the row it refused (`detail`, `where`), with names and secrets. */
function withoutData(error: unknown): unknown {
  if (!(error instanceof Error) || !('detail' in error || 'where' in error)) {
    return error;
  }
  const { name, message, stack = '' } = error;
  return { type: name, message, stack, code: (error as { code?: string }).code };
}

function statusOf(error: unknown): number {
  const { status, code, message } = error as { status?: unknown; code?: unknown; message?: unknown };
  if (typeof status === 'number' && status >= 400 && status < 600) {
    return status;
  }
  // The database does not answer or is busy beyond patience: it is worth trying again.
  const busy =
    code === 'SQLITE_BUSY' || code === 'ECONNREFUSED' || code === '57P03' || code === '53300' || code === '57P01';
  return busy || /Timeout acquiring a connection/.test(String(message)) ? 503 : 500;
}
