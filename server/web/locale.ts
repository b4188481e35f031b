import type { RequestHandler, Response } from 'express';
import de from '../locales/de.json' with { type: 'json' };
import en from '../locales/en.json' with { type: 'json' };

export const LOCALES = ['de', 'en'] as const;
export type Locale = (typeof LOCALES)[number];

type Text = string | { one: string; other: string };
export type Parameters = Readonly<Record<string, string | number>>;
/** The text of a key; `{name}` is filled from the parameters, `count` chooses between one and other. */
export type Translate = (key: string, parameters?: Parameters) => string;

interface Tree {
  readonly [key: string]: string | Tree;
}

function flatten(tree: Tree, prefix: string, into: Map<string, Text>): Map<string, Text> {
  for (const [key, value] of Object.entries(tree)) {
    const name = prefix === '' ? key : `${prefix}.${key}`;
    if (typeof value === 'string') {
      into.set(name, value);
    } else if (typeof value['one'] === 'string' && typeof value['other'] === 'string') {
      into.set(name, { one: value['one'], other: value['other'] });
    } else {
      flatten(value, name, into);
    }
  }
  return into;
}

const TEXTS: Record<Locale, Map<string, Text>> = { de: flatten(de, '', new Map()), en: flatten(en, '', new Map()) };
const PLURALS: Record<Locale, Intl.PluralRules> = { de: new Intl.PluralRules('de'), en: new Intl.PluralRules('en') };

/** Every key of a language with its text, for tests. */
export function textsOf(locale: Locale): ReadonlyMap<string, Text> {
  return TEXTS[locale];
}

function createTranslate(locale: Locale): Translate {
  const texts = TEXTS[locale];
  const plural = PLURALS[locale];
  return (key, parameters) => {
    const text = texts.get(key);
    if (text === undefined) {
      throw new Error(`No text "${key}" in ${locale}`);
    }
    const chosen =
      typeof text === 'string' ? text : plural.select(Number(parameters?.['count'])) === 'one' ? text.one : text.other;
    return parameters === undefined
      ? chosen
      : chosen.replace(/\{(\w+)\}/g, (whole, name: string) => String(parameters[name] ?? whole));
  };
}

const TRANSLATE: Record<Locale, Translate> = { de: createTranslate('de'), en: createTranslate('en') };

/** @throws Error on a key the language lacks: a test sees to it that none does */
export function translator(locale: Locale): Translate {
  return TRANSLATE[locale];
}

export const PREFIX: Record<Locale, '' | '/en'> = { de: '', en: '/en' };

/** Takes the language from the address (`/en/…`, else German) and leaves the rest of the address to the routes. */
export function localeFromPath(): RequestHandler {
  return (request, response, next) => {
    const english = /^\/en(?=\/|\?|$)/.test(request.url);
    if (english) {
      request.url = request.url.slice(3).replace(/^(?!\/)/, '/');
    }
    response.locals['locale'] = english ? 'en' : 'de';
    next();
  };
}

/** The language of the page that is being answered. */
export function localeOf(response: Response): Locale {
  return (response.locals['locale'] as Locale | undefined) ?? 'de';
}
