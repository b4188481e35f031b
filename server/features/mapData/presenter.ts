import { distanceMetres } from '../../domain/geo.ts';
import type { Instant } from '../../domain/time.ts';
import { distance, longDate, timeOfDay } from '../../web/format.ts';
import { translator, type Locale } from '../../web/locale.ts';
import type { Zone } from '../../zone.ts';
import type { OsmImport } from './ports.ts';

export interface MapDataView {
  /** What should be done or known; each with how it looks. */
  notices: { kind: 'warning' | 'info'; text: string }[];
  facts: { name: string; value: string }[];
  faults: { what: string; count: string }[];
  /** The command that imports; shown in any case. */
  command: string;
}

/** Data older than this lacks new roads and houses. In days. */
const OLD_AFTER = 92;
const DAY = 86_400_000;

/** Counts that an administrator knows what to do with, in the order in which they are shown. */
const SHOWN = ['roads.junctions', 'addresses.streets', 'addresses.houses', 'addresses.places', 'map.tiles'] as const;

const SAMPLE = 'sachsen-latest.osm.pbf --around 50.849,12.464 --km 30';

/** A newer file of that name, and the same area. */
function sameAs({ fileName, area: { south, west, north, east } }: OsmImport): string {
  return `${fileName} --bbox ${[south, west, north, east].map((degrees) => degrees.toFixed(4)).join(',')}`;
}

export function presentMapData(
  imports: readonly OsmImport[],
  open: { map: boolean; roads: boolean },
  now: Instant,
  zone: Zone,
  locale: Locale,
): MapDataView {
  const t = translator(locale);
  const active = imports.find(({ state }) => state === 'active');
  const running = imports.find(({ state }) => state === 'running');
  const when = (instant: Instant): string => {
    const { date, minute } = zone.local(instant);
    return t('mapData.when', { date: longDate(date, locale), time: timeOfDay(minute, locale) });
  };
  const notices: MapDataView['notices'] = [];
  if (running !== undefined) {
    notices.push({
      kind: 'info',
      text: t('mapData.running', { file: running.fileName, when: when(running.startedAt) }),
    });
  }
  if (active === undefined) notices.push({ kind: 'info', text: t('mapData.nothing') });
  else if (!open.map || !open.roads) notices.push({ kind: 'warning', text: t('mapData.missing') });
  if (active?.dataAt !== null && active !== undefined && now - active.dataAt > OLD_AFTER * DAY) {
    notices.push({ kind: 'warning', text: t('mapData.old') });
  }
  const number = new Intl.NumberFormat(locale === 'de' ? 'de-DE' : 'en-GB');
  const counts = active?.report?.counts ?? {};
  return {
    notices,
    facts:
      active === undefined
        ? []
        : [
            { name: t('mapData.facts.file'), value: active.fileName },
            {
              name: t('mapData.facts.dataAt'),
              value:
                active.dataAt === null ? t('mapData.facts.unknown') : longDate(zone.local(active.dataAt).date, locale),
            },
            { name: t('mapData.facts.finishedAt'), value: active.finishedAt === null ? '' : when(active.finishedAt) },
            { name: t('mapData.facts.area'), value: areaText(active.area, locale) },
            ...SHOWN.flatMap((key) =>
              counts[key] === undefined
                ? []
                : [{ name: t(`mapData.counts.${key}`), value: number.format(counts[key]) }],
            ),
          ],
    faults: Object.entries(active?.report?.faults ?? {}).map(([what, count]) => ({
      what: what.replace(/^[a-z]+\./, ''),
      count: number.format(count),
    })),
    command: `npm run import:osm -- ${active === undefined ? SAMPLE : sameAs(active)}`,
  };
}

/** "50,50° bis 51,10° Nord, 11,90° bis 13,00° Ost, etwa 60 × 60 km" */
function areaText({ south, west, north, east }: OsmImport['area'], locale: Locale): string {
  const t = translator(locale);
  const middle = (south + north) / 2;
  const degrees = new Intl.NumberFormat(locale === 'de' ? 'de-DE' : 'en-GB', {
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  });
  return t('mapData.facts.areaText', {
    south: degrees.format(south),
    north: degrees.format(north),
    west: degrees.format(west),
    east: degrees.format(east),
    width: distance(distanceMetres({ lat: middle, lon: west }, { lat: middle, lon: east }), locale),
    height: distance(distanceMetres({ lat: south, lon: west }, { lat: north, lon: west }), locale),
  });
}
