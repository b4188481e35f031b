import { z } from 'zod';
import type { Directory } from '../../../domain/booking/office.ts';
import type { Query } from '../../../paths.ts';
import { lineValues, parseCount, parseLines } from '../choice.ts';
import type { VisitFilter } from './findVisits.ts';

/** Letters of a place that are read and shown again; no place has a longer name. */
export const LONGEST_PLACE = 80;

/** The radius that can be chosen, in kilometres. */
export const RADIUS_KM = 5;

export interface VisitsForm {
  /** The place as typed; null: the field was not sent. */
  typed: string | null;
  filter: VisitFilter;
  /** From 1. */
  page: number;
}

const schema = z.object({
  ort: z.string().optional().catch(undefined),
  stufenfrei: z.literal('1').optional().catch(undefined),
  umkreis: z.literal(String(RADIUS_KM)).optional().catch(undefined),
  tageszeit: z.literal('nachmittag').optional().catch(undefined),
  frei: z.literal('1').optional().catch(undefined),
});

/** Reads the query of the list of visits; whatever makes no sense counts as not said. */
export function parseVisitsForm(query: Readonly<Record<string, unknown>>, directory: Directory): VisitsForm {
  const { ort, stufenfrei, umkreis, tageszeit, frei } = schema.parse(query);
  const [line] = parseLines(query['leistung'], directory);
  return {
    typed: ort === undefined ? null : ort.trim().slice(0, LONGEST_PLACE),
    filter: {
      service: line?.service ?? null,
      stepFree: stufenfrei !== undefined,
      within: umkreis === undefined ? null : RADIUS_KM * 1_000,
      afternoon: tageszeit !== undefined,
      free: frei !== undefined,
    },
    page: Math.max(1, parseCount(query['seite']) ?? 1),
  };
}

/** The value of `leistung` for one service. */
export function serviceValue(service: VisitFilter['service']): string | null {
  return service === null ? null : (lineValues([{ service, persons: 1 }])[0] ?? null);
}

/** The query that says the same filters again. */
export function filterQuery(filter: VisitFilter): Query {
  return {
    leistung: filter.service?.slug,
    stufenfrei: filter.stepFree ? '1' : null,
    umkreis: filter.within === null ? null : String(RADIUS_KM),
    tageszeit: filter.afternoon ? 'nachmittag' : null,
    frei: filter.free ? '1' : null,
  };
}

export function hasFilter(filter: VisitFilter): boolean {
  return Object.values(filterQuery(filter)).some((value) => value !== null && value !== undefined);
}
