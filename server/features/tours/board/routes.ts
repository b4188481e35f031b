import { Router } from 'express';
import type { TourDeps } from '../deps.ts';
import { moveRoutes } from './moveRoutes.ts';
import { boardPages } from './pages.ts';

export function boardRoutes(deps: TourDeps): Router {
  return Router().use(boardPages(deps), moveRoutes(deps));
}
