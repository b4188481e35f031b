import { mapView, type MapView as DrawnMap } from '../../../web/mapView.ts';
import type { Coordinates } from '../../../domain/geo.ts';
import type { Way } from '../../../domain/routing/travel.ts';
import type { MapSettings } from '../ports.ts';
import { isThere, minuteOf, stopAhead, type Day } from './day.ts';

export interface MapView extends DrawnMap {
  /** "15 km, 28 Minuten Fahrt" */
  summary: string | null;
}

/** Depot, stops in order, and back to the depot. */
export function placesOn({ tour }: Pick<Day, 'tour'>): Coordinates[] {
  const depot = tour.depot === null ? [] : [tour.depot.at];
  return [...depot, ...tour.stops.map(({ venue }) => venue.at), ...depot];
}

/**
 * The stops with their numbers and the way between them.
 * @param ways between `placesOn`
 */
export function presentMap(day: Day, ways: readonly Way[], settings: MapSettings, summary: string | null): MapView {
  const { t, tour } = day;
  const ahead = stopAhead(day);
  const now = minuteOf(day, tour.date);
  const isOver = (stop: number): boolean =>
    !isThere(day, stop) && day.expected.some((step) => step.kind === 'open' && step.stop === stop && step.to <= now);
  // Where there is no depot the first way leads to the second stop.
  const first = tour.depot === null ? 1 : 0;
  const isDriven = (way: number): boolean => {
    const to = way + first;
    if (to < tour.stops.length) return isOver(to) || isThere(day, to);
    return day.phase.kind === 'done';
  };
  const map = mapView(settings, {
    stops: tour.stops.map(({ id, venue }, index) => {
      const state = isThere(day, index) ? 'now' : index === ahead ? 'next' : isOver(index) ? 'over' : 'coming';
      const kind = { now: 'next', next: 'ahead', over: 'full', coming: undefined }[state];
      return {
        at: pair(venue.at),
        label: String(index + 1),
        ...(kind === undefined ? {} : { kind }),
        title: t(`myDay.map.stop.${state}`, { n: index + 1, place: `${venue.locality}, ${venue.name}` }),
        name: venue.locality,
        href: `#halt-${id}`,
      };
    }),
    lines: ways.map(({ points, estimated }, index) => ({
      points: points.map(pair),
      ...(isDriven(index) ? { kind: 'done' } : estimated ? { kind: 'estimated' } : {}),
    })),
    ...(tour.depot === null
      ? {}
      : { here: { at: pair(tour.depot.at), title: t('myDay.map.depot', { depot: tour.depot.name }) } }),
    texts: { zoomIn: t('common.map.zoomIn'), zoomOut: t('common.map.zoomOut'), noTiles: t('common.map.noTiles') },
    ...(ways.some(({ estimated }) => estimated) ? { note: t('myDay.map.estimated') } : {}),
  });
  return { ...map, summary };
}

function pair({ lat, lon }: Coordinates): [number, number] {
  return [lat, lon];
}
