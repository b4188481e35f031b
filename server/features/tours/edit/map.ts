import { mapView, type MapView as DrawnMap } from '../../../web/mapView.ts';
import type { Coordinates } from '../../../domain/geo.ts';
import type { Way } from '../../../domain/routing/travel.ts';
import { simplifyLine } from '../../../domain/simplifyLine.ts';
import type { PlanningPicture } from '../../../domain/tours/picture.ts';
import type { Translate } from '../../../web/locale.ts';
import type { MapSettings, TravelTimes } from '../ports.ts';

export interface MapView extends DrawnMap {
  /** What its lines mean; empty where there is nothing to explain. */
  legend: readonly { kind: 'road' | 'estimated' | 'before'; text: string }[];
}

export interface MapTour {
  depotId: number | null;
  /** `n`: the number of the stop on the page. */
  stops: readonly { n: number; venueId: number; problem: boolean }[];
  /** As `askWays` answers them for this tour. */
  ways: readonly Way[];
  /** The ways without the change that the page is about, shown below the others. */
  before?: readonly Way[];
}

/** Points of a way nearer than that to the line are left out, in metres: less than a pixel where a tour fills the map. */
const DETAIL_METRES = 8;
/** A metre. */
const DECIMALS = 5;

/** The ways of a tour in the order of the day, from the depot and back, as far as its places are known. */
export function askWays(
  travel: Pick<TravelTimes, 'ways'>,
  tour: { depotId: number | null; stops: readonly { venueId: number }[] },
  picture: Pick<PlanningPicture, 'depots' | 'venues'>,
): Promise<Way[]> {
  const places = placesOf(tour, picture);
  return places.length < 2 ? Promise.resolve([]) : travel.ways(places);
}

function placesOf(
  { depotId, stops }: { depotId: number | null; stops: readonly { venueId: number }[] },
  picture: Pick<PlanningPicture, 'depots' | 'venues'>,
): Coordinates[] {
  const depot = depotId === null ? undefined : picture.depots.get(depotId)?.at;
  const venues = stops.flatMap(({ venueId }) => picture.venues.get(venueId)?.at ?? []);
  return depot === undefined || venues.length === 0 ? venues : [depot, ...venues, depot];
}

/** The stops of a tour with their numbers, the depot, and the ways between them. Null: nothing to show. */
export function presentTourMap(
  settings: MapSettings,
  { depotId, stops, ways, before = [] }: MapTour,
  picture: PlanningPicture,
  t: Translate,
): MapView | null {
  const points = stops.flatMap(({ n, venueId, problem }) => {
    const venue = picture.venues.get(venueId);
    return venue === undefined ? [] : [{ n, venue, problem }];
  });
  if (points.length === 0) return null;
  const depot = depotId === null ? undefined : picture.depots.get(depotId);
  const map = mapView(settings, {
    stops: points.map(({ n, venue, problem }) => ({
      at: pair(venue.at),
      label: String(n),
      ...(problem ? { kind: 'problem' } : {}),
      title: t('tour.map.stop', { n, place: `${venue.locality}, ${venue.name}` }),
      name: venue.locality,
      href: `#halt-${n}`,
    })),
    lines: [
      ...linesOf(before).map(({ points: line }) => ({ points: line, kind: 'before' })),
      ...linesOf(ways).map(({ points: line, estimated }) => ({
        points: line,
        ...(estimated ? { kind: 'estimated' } : {}),
      })),
    ],
    ...(depot === undefined ? {} : { here: { at: pair(depot.at), title: t('tour.map.depot', { depot: depot.name }) } }),
    texts: { zoomIn: t('common.map.zoomIn'), zoomOut: t('common.map.zoomOut'), noTiles: t('common.map.noTiles') },
  });
  return { ...map, legend: legendOf(ways, before.length > 0, t) };
}

/** Ways of the same kind that follow each other are one line. */
function linesOf(ways: readonly Way[]): { points: [number, number][]; estimated: boolean }[] {
  const lines: { points: [number, number][]; estimated: boolean }[] = [];
  for (const { points, estimated } of ways) {
    const line = simplifyLine(points, DETAIL_METRES).map(pair);
    const last = lines.at(-1);
    if (last?.estimated === estimated) last.points.push(...line);
    else lines.push({ points: line, estimated });
  }
  return lines;
}

function legendOf(ways: readonly Way[], isComparison: boolean, t: Translate): MapView['legend'] {
  const hasEstimates = ways.some(({ estimated }) => estimated);
  if (!isComparison && !hasEstimates) return [];
  const hasRoads = ways.some(({ estimated }) => !estimated);
  return [
    ...(hasRoads
      ? [{ kind: 'road', text: isComparison ? t('order.legend.after') : t('order.legend.road') } as const]
      : []),
    ...(hasEstimates
      ? [
          {
            kind: 'estimated',
            text: isComparison ? t('order.legend.afterEstimated') : t('order.legend.estimated'),
          } as const,
        ]
      : []),
    ...(isComparison ? [{ kind: 'before', text: t('order.legend.before') } as const] : []),
  ];
}

function pair({ lat, lon }: Coordinates): [number, number] {
  return [Number(lat.toFixed(DECIMALS)), Number(lon.toFixed(DECIMALS))];
}
