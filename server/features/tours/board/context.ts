import type { Response } from 'express';
import { mayIn } from '../../../domain/access.ts';
import type { LocalDate } from '../../../domain/time.ts';
import type { PlanningPicture } from '../../../domain/tours/picture.ts';
import { tourNumber } from '../../../domain/tours/tour.ts';
import { pathsFor, type Paths } from '../../../paths.ts';
import { localeOf, translator, type Locale, type Translate } from '../../../web/locale.ts';
import { actorOf } from '../../../web/session.ts';
import type { TourDeps } from '../deps.ts';
import type { BoardQuery } from './query.ts';

/** What everything on the board is presented with. */
export interface BoardContext {
  locale: Locale;
  t: Translate;
  p: Paths;
  picture: PlanningPicture;
  query: BoardQuery;
  today: LocalDate;
  /** Whether tours of this municipality may be changed by the one who looks. */
  mayChange: (municipalityId: number) => boolean;
  holidayOn: (date: LocalDate, region: string) => string | null;
  /** Villages with more than one venue. */
  crowded: ReadonlySet<string>;
  /** Minutes of work on the tours that are shown, by clerk. */
  planned: ReadonlyMap<number, number>;
}

export function boardContext(
  deps: TourDeps,
  response: Response,
  picture: PlanningPicture,
  query: BoardQuery,
  today: LocalDate,
  planned: ReadonlyMap<number, number> = new Map(),
): BoardContext {
  const locale = localeOf(response);
  const actor = actorOf(response);
  const changeable = new Set(
    [...picture.municipalities.keys()].filter((municipalityId) => mayIn(actor, 'tours.write', municipalityId)),
  );
  return {
    locale,
    t: translator(locale),
    p: pathsFor(locale),
    picture,
    query,
    today,
    mayChange: (municipalityId) => changeable.has(municipalityId),
    holidayOn: (date, region) => deps.holidays.on(date, region),
    crowded: crowdedIn(picture),
    planned,
  };
}

function crowdedIn(picture: PlanningPicture): Set<string> {
  const seen = new Set<string>();
  const crowded = new Set<string>();
  for (const { locality } of picture.venues.values()) {
    if (seen.has(locality)) crowded.add(locality);
    seen.add(locality);
  }
  return crowded;
}

/** By name as people look it up: "Koffer 2" before "Koffer 10". */
export function byName(a: { name: string }, b: { name: string }): number {
  return COLLATOR.compare(a.name, b.name);
}

/** In the order of their municipalities, then by name. */
export function ordered<Thing extends { municipalityId: number; name: string }>(
  things: Iterable<Thing>,
  { picture }: Pick<BoardContext, 'picture'>,
): Thing[] {
  const town = (one: Thing) => picture.municipalities.get(one.municipalityId) ?? LAST;
  return [...things].sort((a, b) => byName(town(a), town(b)) || byName(a, b));
}

/** Null: there is only one, so that it goes without saying. */
export function townOf(municipalityId: number, { t, picture }: BoardContext): string | null {
  const town = picture.municipalities.get(municipalityId);
  if (town === undefined) return t('board.foreign');
  return picture.municipalities.size > 1 ? town.name : null;
}

/** On a tour that the filter hides, or on one of which nothing more may be told. */
export function busyNote({ visible, tourId }: { visible: boolean; tourId: number }, { t }: BoardContext): string {
  return visible ? t('board.onTour', { number: tourNumber(tourId) }) : t('board.onForeignTour');
}

/** Behind every name. */
const LAST = { name: '\u{10FFFF}' };
const COLLATOR = new Intl.Collator('de', { numeric: true });
