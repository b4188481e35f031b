import { translator, type Locale } from '../../../web/locale.ts';
import type { VisitFilter } from './findVisits.ts';
import { filterQuery } from './forms.ts';

export interface SearchView {
  label: string;
  hint: string;
  autocomplete: string;
  /** As typed. */
  value: string;
  /** The message beside the field; null: all is well. */
  error: string | null;
  /** Filters that stay when another place is searched. */
  keep: { name: string; value: string }[];
}

export interface SearchState {
  typed?: string;
  error?: string | null;
  filter?: VisitFilter | null;
  /** A place that is visited soon; null: none is. */
  example?: { place: string; postcode: string } | null;
  /** Addresses can be found, not places only. */
  knowsStreets: boolean;
}

/** The form that asks for a place. */
export function presentSearch(state: SearchState, locale: Locale): SearchView {
  const { typed = '', error = null, filter = null, example = null, knowsStreets } = state;
  const t = translator(locale);
  const texts = knowsStreets ? 'start.streets' : 'start.places';
  const query = filter === null ? {} : filterQuery(filter);
  return {
    label: t(`${texts}.label`),
    hint: example === null ? t(`${texts}.hintPlain`) : t(`${texts}.hint`, example),
    autocomplete: knowsStreets ? 'address-line1' : 'address-level2',
    value: typed,
    error,
    keep: Object.entries(query).flatMap(([name, one]) => (typeof one === 'string' ? [{ name, value: one }] : [])),
  };
}
