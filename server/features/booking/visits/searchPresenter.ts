import type { VisitFilter } from './findVisits.ts';
import { filterQuery } from './forms.ts';

export interface SearchView {
  /** As typed. */
  value: string;
  /** The message beside the field; null: all is well. */
  error: string | null;
  /** Filters that stay when another place is searched. */
  keep: { name: string; value: string }[];
}

/** The form that asks for a place. */
export function presentSearch(value: string, error: string | null, filter: VisitFilter | null): SearchView {
  const query = filter === null ? {} : filterQuery(filter);
  return {
    value,
    error,
    keep: Object.entries(query).flatMap(([name, one]) => (typeof one === 'string' ? [{ name, value: one }] : [])),
  };
}
