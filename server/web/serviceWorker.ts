import { readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { pathsFor, ROUTES } from '../paths.ts';
import { LOCALES, translator, type Locale } from './locale.ts';

/** Static files without which a page of the clerk's day cannot be shown. */
const NEEDED = [
  'kern.css',
  'kt.css',
  'kt-staff.css',
  'htmx.js',
  'leaflet.js',
  'leaflet.css',
  'favicon.svg',
  'fira-sans-latin-400.woff2',
  'fira-sans-latin-600.woff2',
];
/** What the page for "no signal" is drawn with. */
const STYLES = ['kern.css', 'kt.css', 'kt-staff.css'];

/**
 * The service worker as it is served: public/sw.js with what only the program knows in front (addresses, static files,
 * texts). It changes whenever one of them does, and browsers then take the new one.
 *
 * @param url address of a static file
 * @param modules addresses of the modules of public/js
 * @param timeZone of the office: what day it is there
 */
export function serviceWorkerSource(
  root: string,
  url: (name: string) => string,
  modules: readonly string[],
  timeZone: string,
): string {
  const needed = [...new Set([...NEEDED.map(url), ...modules])];
  const settings = {
    timeZone,
    needed,
    styles: STYLES.map(url),
    icon: url('favicon.svg'),
    tiles: ROUTES.tiles.slice(0, ROUTES.tiles.indexOf(':')),
    languages: LOCALES.map(languageSettings),
  };
  const script = readFileSync(join(root, 'public/sw.js'), 'utf8');
  const json = JSON.stringify(settings);
  const version = createHash('sha256').update(json).update(script).digest('hex').slice(0, 12);
  return `self.ktVersion = '${version}';\nself.ktSettings = ${json};\n${script}`;
}

function languageSettings(locale: Locale): object {
  const t = translator(locale);
  const p = pathsFor(locale);
  return {
    locale,
    home: p.staffHome(),
    day: p.myDay(),
    week: p.myWeek(),
    signIn: p.signIn(),
    signOut: p.signOut(),
    texts: {
      title: t('offline.page.title'),
      text: t('offline.page.text'),
      days: t('offline.page.days'),
      none: t('offline.page.none'),
      signedOut: t('offline.page.signedOut'),
      again: t('offline.page.again'),
    },
  };
}
