import path from 'node:path';
import ejs from 'ejs';
import type { Request, Response } from 'express';
import { pathsFor } from '../paths.ts';
import type { Assets } from './assets.ts';
import { PREFIX, translator, type Locale } from './locale.ts';

/** Where a page stands in the main menu. */
export type Section = 'visits' | 'appointment' | null;

export interface Page {
  /** Template below views/, without ending, e.g. 'booking/times'. */
  view: string;
  /** Title of the window, without the name of the office. */
  title: string;
  section?: Section;
  status?: number;
  /** The page shows personal data or a secret: never stored, never indexed, never told to another site. */
  private?: boolean;
  /** Full-bleed page without the padding of main. */
  flush?: boolean;
  /** Loads Leaflet's address into the page, for a page with a map. */
  locals: object;
  /** Fragments the page may be asked for alone: element id → template. The id is the file name without underscore. */
  fragments?: Readonly<Record<string, string>>;
}

export type Render = (request: Request, response: Response, page: Page) => Promise<void>;

export interface RenderSettings {
  /** Folder of the templates. */
  views: string;
  assets: Assets;
  demonstration: boolean;
  officialSite: boolean;
  /** Keeps compiled templates; off while developing. */
  cache: boolean;
  /** "Meerane und Schönberg": whose office this is, for header and footer. */
  owner: (locale: Locale) => Promise<{ name: string; line: string }>;
}

export function localeOf(response: Response): Locale {
  return (response.locals['locale'] as Locale | undefined) ?? 'de';
}

/** The id that a partial request wants to replace: htmx sends `HX-Target: tag#id`. */
function wantedFragment(request: Request, fragments: Page['fragments']): string | undefined {
  if (fragments === undefined || request.get('HX-Request-Type') !== 'partial') {
    return undefined;
  }
  const id = request.get('HX-Target')?.split('#')[1];
  return id === undefined ? undefined : fragments[id];
}

/**
 * Renders pages in the layout, or one fragment of them where htmx asks for a part only. Views know nothing of that:
 * a page includes its fragments, and here the decision is made.
 */
export function createRender(settings: RenderSettings): Render {
  const options = { views: [settings.views], cache: settings.cache, rmWhitespace: false };
  const file = (view: string): string => path.join(settings.views, `${view}.ejs`);

  return async (request, response, page) => {
    const locale = localeOf(response);
    const t = translator(locale);
    const p = pathsFor(locale);
    const other: Locale = locale === 'de' ? 'en' : 'de';
    const asset = settings.assets.url;
    const locals = { ...page.locals, t, p, locale, asset };

    response.status(page.status ?? 200);
    response.type('html');
    response.vary('HX-Request-Type');
    response.vary('HX-Target');
    if (page.private === true) {
      response.set('Cache-Control', 'no-store');
      response.set('X-Robots-Tag', 'noindex, nofollow');
      // Not no-referrer: browsers without Sec-Fetch-Site would then send `Origin: null` with our own forms.
      response.set('Referrer-Policy', 'same-origin');
    }

    const fragment = wantedFragment(request, page.fragments);
    if (fragment !== undefined) {
      response.send(await ejs.renderFile(file(fragment), locals, options));
      return;
    }

    const owner = await settings.owner(locale);
    const [body] = await Promise.all([ejs.renderFile(file(page.view), locals, options)]);
    const html = await ejs.renderFile(
      file('layouts/page'),
      {
        ...locals,
        body,
        title: page.title,
        owner,
        section: page.section ?? null,
        flush: page.flush === true,
        private: page.private === true,
        demonstration: settings.demonstration,
        officialSite: settings.officialSite,
        other,
        otherUrl: otherLanguage(request.originalUrl, locale),
      },
      options,
    );
    response.send(html);
  };
}

/** The same page in the other language. */
export function otherLanguage(originalUrl: string, locale: Locale): string {
  const bare = locale === 'en' ? originalUrl.replace(/^\/en(?=\/|\?|$)/, '') : originalUrl;
  const target: Locale = locale === 'de' ? 'en' : 'de';
  return PREFIX[target] + (bare.startsWith('/') ? bare : `/${bare}`);
}
