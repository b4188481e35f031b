import { Router } from 'express';
import { ROUTES } from '../../paths.ts';
import { localeOf } from '../../web/render.ts';
import type { AddressRoutesDeps } from './ports.ts';
import { presentAddresses } from './presenter.ts';

/** Letters that are read; no address is longer. */
const LONGEST = 120;
const SUGGESTIONS = 8;

/** GET /adressen?q=…: suggestions while an address is typed, as JSON for public/js/suggest.js. */
export function addressRoutes({ addresses }: AddressRoutesDeps): Router {
  const router = Router();

  router.get(ROUTES.addressSuggestions, async (request, response) => {
    const typed = request.query['q'];
    const text = typeof typed === 'string' ? typed.slice(0, LONGEST) : '';
    const hits = text.trim() === '' ? [] : await addresses.suggest(text, SUGGESTIONS);
    // Nobody on the way learns where somebody lives.
    response.set('Cache-Control', 'private, no-store');
    response.json(presentAddresses(hits, localeOf(response)));
  });

  return router;
}
