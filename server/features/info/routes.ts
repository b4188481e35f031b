import { Router } from 'express';
import type { Directory } from '../../domain/booking/office.ts';
import { ROUTES } from '../../paths.ts';
import type { Locale } from '../../web/locale.ts';
import { localeOf, type Render } from '../../web/render.ts';
import {
  presentAccessibility,
  presentEasyLanguage,
  presentImprint,
  presentPrivacy,
  type InfoPage,
} from './presenter.ts';

export interface InfoDeps {
  render: Render;
  /** The newest picture of the office, at most some seconds old. */
  directory: () => Promise<Directory>;
}

/** What every public office must say about itself: imprint, privacy, accessibility, and how it works in easy words. */
export function infoRoutes({ render, directory }: InfoDeps): Router {
  const router = Router();
  const pages: readonly [route: string, present: (directory: Directory, locale: Locale) => InfoPage][] = [
    [ROUTES.imprint, presentImprint],
    [ROUTES.privacy, presentPrivacy],
    [ROUTES.accessibility, presentAccessibility],
    [ROUTES.easyLanguage, presentEasyLanguage],
  ];
  for (const [route, present] of pages) {
    router.get(route, async (request, response) => {
      const page = present(await directory(), localeOf(response));
      await render(request, response, { view: 'info/page', title: page.title, locals: { page } });
    });
  }
  return router;
}
