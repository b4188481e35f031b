import type { RequestHandler } from 'express';
import helmet from 'helmet';

/** Security headers: everything from our own origin, nothing inline. */
export function securityHeaders(): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    // Only a proxy knows whether there is TLS; it sets Strict-Transport-Security (docs/operations.md).
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'strict-origin-when-cross-origin' },
    crossOriginEmbedderPolicy: false,
  });
}

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses changes that another site's page asks for. Browsers say where a request comes from: `Sec-Fetch-Site`, older
 * ones `Origin`. A request without either is not a browser's and carries no cookies worth stealing.
 * (Source: Fetch Metadata Request Headers, W3C; the same approach as Go's http.CrossOriginProtection.)
 */
export function refuseCrossSite(publicUrl: string | null): RequestHandler {
  return (request, response, next) => {
    if (SAFE_METHODS.has(request.method)) {
      next();
      return;
    }
    const site = request.get('Sec-Fetch-Site');
    const origin = request.get('Origin');
    const allowed =
      site !== undefined
        ? site === 'same-origin' || site === 'none'
        : origin === undefined || isOwn(origin, request.get('Host'), publicUrl);
    if (allowed) {
      next();
      return;
    }
    response.status(403);
    next(new ForbiddenOrigin());
  };
}

/** Compares hosts, not protocols: behind a proxy that ends TLS we see http where the browser sees https. */
function isOwn(origin: string, host: string | undefined, publicUrl: string | null): boolean {
  return origin === publicUrl || (host !== undefined && URL.canParse(origin) && new URL(origin).host === host);
}

/** A change was asked for by a page of another site. */
export class ForbiddenOrigin extends Error {
  readonly status = 403;
}
