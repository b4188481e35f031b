import compression from 'compression';
import express, { type Express, type RequestHandler, type Router } from 'express';
import { ROUTES } from './paths.ts';
import { errorHandler, notFound, type ErrorLogger } from './web/errors.ts';
import { localeFromPath } from './web/locale.ts';
import type { Render } from './web/render.ts';
import { requestLog, type RequestLogger } from './web/requestLog.ts';
import { refuseCrossSite, securityHeaders } from './web/security.ts';

export interface AppDeps {
  render: Render;
  assets: Router;
  /** Reads the session of who works with the program, then asks the table of access; in front of all features. */
  access: readonly RequestHandler[];
  /** One router a feature, in the order they are asked. */
  features: readonly Router[];
  log: RequestLogger & ErrorLogger;
  trustProxy: number;
  publicUrl: string | null;
  /** Rejects when the database does not answer. */
  checkDatabase: () => Promise<void>;
}

/** The web application: middleware in order, one router a feature, 404, error handler. It never listens. */
export function createApp(deps: AppDeps): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', deps.trustProxy);
  app.set('etag', false); // pages carry times and counts; assets and tiles have their own

  app.get(ROUTES.alive, (_request, response) => {
    response.type('text').send('alive\n');
  });
  app.get(ROUTES.ready, async (_request, response) => {
    await deps.checkDatabase().then(
      () => response.type('text').send('ready\n'),
      () => response.status(503).type('text').send('database does not answer\n'),
    );
  });

  app.use(securityHeaders());
  app.use(deps.assets);
  app.use(requestLog(deps.log));
  app.use(localeFromPath());
  app.use(compression());
  app.use(refuseCrossSite(deps.publicUrl));
  app.use(forms());

  for (const handler of deps.access) {
    app.use(handler);
  }

  for (const feature of deps.features) {
    app.use(feature);
  }

  app.use(notFound(deps.render));
  app.use(errorHandler(deps.render, deps.log));
  return app;
}

/** Reads sent forms: small ones of everybody, those of staff with many fields (a tour with all its appointments). */
function forms(): RequestHandler {
  const small = express.urlencoded({ extended: false, limit: '32kb', parameterLimit: 200 });
  const large = express.urlencoded({ extended: false, limit: '256kb', parameterLimit: 2_000 });
  return (request, response, next) => {
    const parse = request.path.toLowerCase().startsWith(ROUTES.staffHome) ? large : small;
    parse(request, response, next);
  };
}
