import type { MinuteOfDay } from '../../../domain/time.ts';
import { tourNumber, type TourWithLoad } from '../../../domain/tours/tour.ts';
import type { PlanningPicture } from '../../../domain/tours/picture.ts';
import { clockTime } from '../../../web/format.ts';
import { presentConflict } from '../conflictTexts.ts';
import { stateText } from '../edit/presenter.ts';
import type { BoardContext } from './context.ts';
import type { LookedAt } from './look.ts';

export interface LoadView {
  booked: number;
  possible: number;
  text: string;
}

/** One tour in a cell of the board. */
export interface ChipView {
  id: number;
  number: string;
  href: string;
  state: { kind: 'draft' | 'published' | 'cancelled' | 'conflict'; text: string };
  times: string | null;
  stops: readonly { id: number; text: string; moveHref: string | null }[];
  /** Crew in the rows of kits, the kit in the rows of the team. */
  with: string;
  problem: string | null;
  load: LoadView | null;
  /** Null: not for this person, or nothing to move any more. */
  move: { href: string; version: number } | null;
}

export function presentChip(looked: LookedAt, context: BoardContext): ChipView {
  const { tour, obstacles } = looked;
  const { p, t, picture, query, locale } = context;
  const isMovable = tour.state !== 'cancelled' && tour.date >= context.today && context.mayChange(tour.municipalityId);
  const first = obstacles[0];
  return {
    id: tour.id,
    number: tourNumber(tour.id),
    href: p.tour(tour.id),
    state: stateOf(looked, context),
    times: timesOf(looked),
    stops: tour.stops.map((stop) => ({
      id: stop.id ?? 0,
      text: t('board.stop', {
        place: placeName(picture, stop.venueId, context),
        time: hours(stop.fromMinute, stop.toMinute),
      }),
      moveHref: isMovable && stop.id !== null ? p.stopMove(stop.id) : null,
    })),
    with: query.rows === 'kits' ? crewNames(tour, context) : kitName(tour, context),
    problem: first === undefined ? null : presentConflict(first, picture, locale).title,
    load: tour.state === 'published' ? loadOf(tour.bookedMinutes, tour.possibleMinutes, context) : null,
    move: isMovable ? { href: p.tourMove(tour.id), version: tour.version } : null,
  };
}

export function stateOf({ tour, obstacles }: LookedAt, { t }: BoardContext): ChipView['state'] {
  // A draft that lacks something is work in progress; what is published and cannot be is a broken promise.
  return tour.state === 'published' && obstacles.length > 0
    ? { kind: 'conflict', text: t('board.state.conflict') }
    : { kind: tour.state, text: stateText(tour.state, t) };
}

/** Null: nothing can be booked there. In minutes of the counters. */
export function loadOf(booked: number, possible: number, { t }: Pick<BoardContext, 't'>): LoadView | null {
  if (possible <= 0) return null;
  const share = Math.min(100, Math.round((booked / possible) * 100));
  const percent = booked < possible ? Math.min(99, share) : 100;
  const text =
    booked === 0
      ? t('board.load.none')
      : percent === 100
        ? t('board.load.full')
        : t('board.load.some', { percent: Math.max(1, percent) });
  return { booked: Math.min(booked, possible), possible, text };
}

/** The load of several tours together: of those that can be booked. */
export function loadOfAll(tours: readonly TourWithLoad[], context: Pick<BoardContext, 't'>): LoadView | null {
  const published = tours.filter(({ state }) => state === 'published');
  const sum = (of: (tour: TourWithLoad) => number): number => published.reduce((all, tour) => all + of(tour), 0);
  return loadOf(
    sum(({ bookedMinutes }) => bookedMinutes),
    sum(({ possibleMinutes }) => possibleMinutes),
    context,
  );
}

function timesOf({ day }: LookedAt): string | null {
  if (day === null) return null;
  const clock = (minute: number): string => clockTime(((minute % 1440) + 1440) % 1440);
  return `${clock(day.departureMinute)} – ${clock(day.returnMinute)}`;
}

/** "9–12", "14:30–16:30": as short as on a timetable at a stop, in both languages. */
export function hours(from: MinuteOfDay, to: MinuteOfDay): string {
  const short = (minute: MinuteOfDay): string => clockTime(minute).replace(/:00$/, '');
  return `${short(from)}–${short(to)}`;
}

/** The village; with the house where it has more than one. */
export function placeName(picture: PlanningPicture, venueId: number, { t, crowded }: BoardContext): string {
  const venue = picture.venues.get(venueId);
  if (venue === undefined) return t('board.elsewhere');
  return crowded.has(venue.locality) ? `${venue.locality}, ${venue.name}` : venue.locality;
}

export function crewNames({ clerkIds, state }: TourWithLoad, { t, picture }: BoardContext): string {
  if (clerkIds.length === 0) return state === 'cancelled' ? NOBODY : t('board.noCrew');
  return clerkIds.map((id) => picture.clerks.get(id)?.name ?? t('board.foreign')).join(', ');
}

export function kitName({ kitId, state }: TourWithLoad, { t, picture }: BoardContext): string {
  return kitId === null
    ? state === 'cancelled'
      ? NOBODY
      : t('board.noKit')
    : (picture.kits.get(kitId)?.name ?? t('board.foreign'));
}

/** What is cancelled has given kit and crew back: nothing is missing there. */
const NOBODY = '–';
