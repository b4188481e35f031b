import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import ejs from 'ejs';
import type { Request, Response } from 'express';
import { pathsFor } from '../paths.ts';
import type { Assets } from './assets.ts';
import { localeOf, PREFIX, translator, type Locale } from './locale.ts';
import { staffFrame } from './staffFrame.ts';

/** Where a page stands in the main menu. */
export type Section = 'visits' | 'appointment' | null;

/** Where a page stands in the menu of those who work with the program; null: nowhere, as when signing in. */
export type StaffSection =
  | 'hotline'
  | 'myDay'
  | 'board'
  | 'calls'
  | 'callbacks'
  | 'letters'
  | 'messages'
  | 'calendar'
  | 'masterData'
  | 'users'
  | 'audit'
  | 'account'
  | null;

export interface Page {
  /** Template below views/, without ending, e.g. 'booking/times'. */
  view: string;
  /** Title of the window, without the name of the office. */
  title: string;
  section?: Section;
  /** A page for those who work with the program: their menu, their stylesheet, never stored. */
  staff?: StaffSection;
  /** More stylesheets than the usual, by their names as assets. */
  styles?: readonly string[];
  /** The whole width of the screen, for boards and wide tables. */
  wide?: boolean;
  status?: number;
  /** The page shows personal data or a secret: never stored, never indexed, never told to another site. */
  private?: boolean;
  /** Full-bleed page without the padding of main. */
  flush?: boolean;
  /** Loads Leaflet's address into the page, for a page with a map. */
  locals: object;
  /**
   * A text that is this page's own, whoever else is sent the same: it is put where the rendered page holds the
   * placeholder. Both consist of letters, digits, - and _.
   */
  own?: { placeholder: string; value: string };
  /** Fragments the page may be asked for alone: element id → template. The id is the file name without underscore. */
  fragments?: Readonly<Record<string, string>>;
}

export { localeOf } from './locale.ts';

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
  const kept = new WeakMap<object, Map<string, Finished>>();

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
    const isPrivate = page.private === true || page.staff !== undefined;
    if (isPrivate) {
      response.set('Cache-Control', 'no-store');
      response.set('X-Robots-Tag', 'noindex, nofollow');
      // Not no-referrer: browsers without Sec-Fetch-Site would then send `Origin: null` with our own forms.
      response.set('Referrer-Policy', 'same-origin');
    }

    const fragment = wantedFragment(request, page.fragments);
    const withOwn = (html: string): string =>
      page.own === undefined ? html : html.replaceAll(page.own.placeholder, page.own.value);
    if (fragment !== undefined) {
      response.send(withOwn(await ejs.renderFile(file(fragment), locals, options)));
      return;
    }

    const owner = await settings.owner(locale);
    const whole = async (): Promise<string> => {
      const body = await ejs.renderFile(file(page.view), locals, options);
      return ejs.renderFile(
        file(page.staff === undefined ? 'layouts/page' : 'layouts/staff'),
        {
          ...locals,
          body,
          title: page.title,
          owner,
          section: page.section ?? null,
          flush: page.flush === true,
          private: isPrivate,
          styles: page.styles ?? [],
          wide: page.wide === true,
          ...(page.staff === undefined ? {} : { staff: staffFrame(response, page.staff, locale) }),
          demonstration: settings.demonstration,
          officialSite: settings.officialSite,
          other,
          otherUrl: otherLanguage(request.originalUrl, locale),
        },
        options,
      );
    };
    if (!settings.cache || (isPrivate && page.own === undefined)) {
      response.send(withOwn(await whole()));
      return;
    }
    const key = JSON.stringify([
      page.view,
      page.title,
      page.section,
      page.styles,
      page.flush,
      locale,
      owner,
      request.originalUrl,
    ]);
    const finished = keepFinished(kept, page.locals, key, whole);
    const { own } = page;
    await sendKept(
      request,
      response,
      own === undefined ? finished : { html: finished.html.then((html) => fill(html, own)), encoded: new Map() },
    );
  };
}

/** A page as it was sent, with its compressed forms. */
interface Finished {
  html: Promise<Buffer>;
  encoded: Map<string, Promise<Buffer>>;
}

/** Addresses under which one set of locals is kept: a query can be varied without end. */
const MOST_ADDRESSES = 20;

/**
 * A page is finished once for each object of locals, and forgotten with it: a route that keeps its presented view for a
 * second hands in the same object, and the page need not be rendered and compressed again.
 */
function keepFinished(
  kept: WeakMap<object, Map<string, Finished>>,
  locals: object,
  key: string,
  whole: () => Promise<string>,
): Finished {
  const pages = kept.get(locals) ?? new Map<string, Finished>();
  kept.set(locals, pages);
  const known = pages.get(key);
  if (known !== undefined) {
    return known;
  }
  const finished: Finished = { html: whole().then((html) => Buffer.from(html)), encoded: new Map() };
  if (pages.size < MOST_ADDRESSES) {
    pages.set(key, finished);
  }
  return finished;
}

function fill(html: Buffer, own: { placeholder: string; value: string }): Buffer {
  return Buffer.from(html.toString().replaceAll(own.placeholder, own.value));
}

const ENCODERS = {
  br: (html: Buffer) => promisify(brotliCompress)(html, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }),
  // half the time of the usual 6, for a twentieth more bytes
  gzip: (html: Buffer) => promisify(gzip)(html, { level: 4, memLevel: 6 }),
};

async function sendKept(request: Request, response: Response, { html, encoded }: Finished): Promise<void> {
  const encoding = request.acceptsEncodings('br', 'gzip', 'identity');
  response.vary('Accept-Encoding');
  if (encoding !== 'br' && encoding !== 'gzip') {
    response.send(await html);
    return;
  }
  let body = encoded.get(encoding);
  if (body === undefined) {
    body = html.then(ENCODERS[encoding]);
    encoded.set(encoding, body);
  }
  const bytes = await body;
  response.set('Content-Encoding', encoding); // the compression of all other answers leaves it as it is
  response.send(bytes);
}

/** The same page in the other language. */
export function otherLanguage(originalUrl: string, locale: Locale): string {
  const bare = locale === 'en' ? originalUrl.replace(/^\/en(?=\/|\?|$)/, '') : originalUrl;
  const target: Locale = locale === 'de' ? 'en' : 'de';
  // One slash only: `//host` and `/\host` would lead to another site.
  return `${PREFIX[target]}/${bare.replace(/^[/\\]+/, '')}`;
}
