import type { RequestHandler } from 'express';

export interface RequestLogger {
  info(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/**
 * One line a request: method, the route's pattern (never the address itself: it may hold a secret or a place somebody
 * lives in), status, milliseconds. No network address, no agent string.
 */
export function requestLog(log: RequestLogger): RequestHandler {
  return (request, response, next) => {
    const begun = process.hrtime.bigint();
    response.on('finish', () => {
      const milliseconds = Number(process.hrtime.bigint() - begun) / 1e6;
      const route = (request.route as { path?: string } | undefined)?.path ?? '-';
      if (route !== '-' || response.statusCode >= 400) {
        log.info(
          { method: request.method, route, status: response.statusCode, ms: Math.round(milliseconds * 10) / 10 },
          'request',
        );
      }
    });
    next();
  };
}
