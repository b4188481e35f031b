import type { Coordinates } from '../../../domain/geo.ts';
import type { PlanningPicture } from '../../../domain/tours/picture.ts';
import type { Translate } from '../../../web/locale.ts';
import type { MapSettings } from '../ports.ts';

export interface MapView {
  /** What public/js/map.js draws, as JSON. */
  data: string;
  leafletJs: string;
  leafletCss: string;
}

export interface MapTour {
  depotId: number | null;
  /** `n`: the number of the stop on the page. */
  stops: readonly { n: number; venueId: number; problem: boolean }[];
}

/** The stops of a tour with their numbers, and the depot. Null: nothing to show. */
export function presentTourMap(
  settings: MapSettings,
  { depotId, stops }: MapTour,
  picture: PlanningPicture,
  t: Translate,
): MapView | null {
  const points = stops.flatMap(({ n, venueId, problem }) => {
    const venue = picture.venues.get(venueId);
    return venue === undefined ? [] : [{ n, venue, problem }];
  });
  if (points.length === 0) return null;
  const depot = depotId === null ? undefined : picture.depots.get(depotId);
  const { tiles } = settings;
  return {
    data: JSON.stringify({
      tiles:
        tiles === null
          ? null
          : {
              url: '/tiles/{z}/{y}/{x}.png',
              attribution: tiles.attribution,
              minZoom: tiles.zoom.min,
              maxZoom: tiles.zoom.max,
              bounds: [
                [tiles.area.south, tiles.area.west],
                [tiles.area.north, tiles.area.east],
              ],
            },
      stops: points.map(({ n, venue, problem }) => ({
        at: pair(venue.at),
        label: String(n),
        ...(problem ? { kind: 'problem' } : {}),
        title: t('tour.map.stop', { n, place: `${venue.locality}, ${venue.name}` }),
        name: venue.locality,
        href: `#halt-${n}`,
      })),
      // As the crow flies, in the order of the day.
      lines: [
        {
          points: [
            ...(depot === undefined ? [] : [depot.at]),
            ...points.map(({ venue }) => venue.at),
            ...(depot === undefined ? [] : [depot.at]),
          ].map(pair),
        },
      ],
      ...(depot === undefined
        ? {}
        : { here: { at: pair(depot.at), title: t('tour.map.depot', { depot: depot.name }) } }),
      texts: { zoomIn: t('common.map.zoomIn'), zoomOut: t('common.map.zoomOut'), noTiles: t('common.map.noTiles') },
    }),
    leafletJs: settings.leafletJs,
    leafletCss: settings.leafletCss,
  };
}

function pair({ lat, lon }: Coordinates): [number, number] {
  return [lat, lon];
}
