import { isIn, type Scope } from '../../domain/access.ts';
import type { Translate } from '../../web/locale.ts';

/** What the lists of the master data have in common: search, filter by municipality, what has been retired. */

export interface ListQuery {
  /** As typed. */
  search: string;
  /** Null: all in scope. */
  municipalityId: number | null;
  withRetired: boolean;
}

/** Names of the fields: `suche`, `kommune`, `stillgelegte`. What makes no sense counts as not said. */
export function readListQuery(query: unknown, scope: Scope): ListQuery {
  const fields = (query ?? {}) as Record<string, unknown>;
  const text = (name: string): string => (typeof fields[name] === 'string' ? fields[name] : '');
  const id = /^[1-9]\d{0,8}$/.test(text('kommune')) ? Number(text('kommune')) : null;
  return {
    search: text('suche').slice(0, 100).trim(),
    municipalityId: id !== null && isIn(scope, id) ? id : null,
    withRetired: text('stillgelegte') === '1',
  };
}

/** For comparing what is looked for: small, without accents, ß as ss. */
export function foldForSearch(text: string): string {
  return text.toLowerCase().replaceAll('ß', 'ss').normalize('NFD').replace(/\p{M}/gu, '');
}

/** True when every word that is looked for stands somewhere in the texts. */
export function matches(search: string, texts: readonly (string | null)[]): boolean {
  const all = foldForSearch(texts.join(' '));
  return foldForSearch(search)
    .split(/\s+/)
    .every((word) => all.includes(word));
}

/** More rows than anybody reads through. */
const MOST_ROWS = 200;

export interface ListRow {
  href: string;
  name: string;
  /** Beside the name, muted. */
  detail: string;
  /** Short facts on the right. */
  facts: readonly string[];
  retired: boolean;
  /** A state that matters, e.g. "defekt". */
  mark: string | null;
}

export interface Listed {
  municipalityId: number | null;
  retired: boolean;
  /** What the search looks in. */
  texts: readonly (string | null)[];
}

/** What views/masterData/list.ejs shows; `lead`, `more` and `below` may be left out. */
export interface ListView {
  title: string;
  lead: string | null;
  back: { href: string; text: string };
  /** The form for something new; null: not allowed. */
  add: { href: string; text: string } | null;
  /** Further links, e.g. for import and export. */
  more: readonly { href: string; text: string }[];
  filter: {
    action: string;
    search: string;
    /** Empty: there is only one, no choice is shown. */
    municipalities: readonly { value: string; name: string; selected: boolean }[];
    /** Null: nothing of this kind is ever retired. */
    withRetired: boolean | null;
  };
  count: string;
  rows: readonly ListRow[];
  empty: { title: string; text: string } | null;
}

export interface ListPage {
  t: Translate;
  query: ListQuery;
  title: string;
  lead?: string;
  backHref: string;
  action: string;
  add: ListView['add'];
  more?: ListView['more'];
  municipalities: readonly { id: number; name: string }[];
  /** False: nothing of this kind is ever retired. */
  retires?: boolean;
  /** Said when there is nothing at all. */
  emptyTitle: string;
  emptyText: string;
}

/** Filters and presents; items in the order they come in. */
export function presentList<T extends Listed>(
  page: ListPage,
  items: readonly T[],
  row: (item: T) => ListRow,
): ListView {
  const { t, query } = page;
  const found = items.filter(
    (item) =>
      (query.withRetired || !item.retired) &&
      (query.municipalityId === null || item.municipalityId === query.municipalityId) &&
      matches(query.search, item.texts),
  );
  const asked = query.search !== '' || query.municipalityId !== null;
  const hidden = items.length > 0;
  return {
    title: page.title,
    lead: page.lead ?? null,
    back: { href: page.backHref, text: t('data.index.title') },
    add: page.add,
    more: page.more ?? [],
    filter: {
      action: page.action,
      search: query.search,
      municipalities:
        page.municipalities.length < 2
          ? []
          : page.municipalities.map(({ id, name }) => ({
              value: String(id),
              name,
              selected: id === query.municipalityId,
            })),
      withRetired: page.retires === false ? null : query.withRetired,
    },
    count:
      found.length > MOST_ROWS
        ? t('data.list.countMore', { shown: MOST_ROWS, count: found.length })
        : t('data.list.count', { count: found.length }),
    rows: found.slice(0, MOST_ROWS).map(row),
    empty:
      found.length > 0
        ? null
        : asked || hidden
          ? { title: t('data.list.noneFound'), text: t('data.list.noneFoundText') }
          : { title: page.emptyTitle, text: page.emptyText },
  };
}
