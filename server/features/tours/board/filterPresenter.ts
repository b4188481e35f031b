import { weekName, monthName } from './calendar.ts';
import { byName, type BoardContext } from './context.ts';
import { countFilters, isFiltered, monthHref, STATES, weekHref, withoutFilter, type StateName } from './query.ts';

interface Choice {
  value: string;
  name: string;
  selected: boolean;
}

export interface FilterView {
  action: string;
  /** What the form keeps besides the filter. */
  kept: readonly { name: string; value: string }[];
  fields: readonly { name: string; label: string; options: readonly Choice[] }[];
  summary: string;
  isActive: boolean;
  clearHref: string;
}

export type View = 'week' | 'month';

/** The choices by which both views of the board can be narrowed. */
export function presentFilter(view: View, context: BoardContext): FilterView {
  const { t, p, picture, query } = context;
  const { filter } = query;
  const municipalities = [...picture.municipalities.values()].sort(byName);
  const kits = [...picture.kits.values()].filter((kit) => !kit.retired || kit.id === filter.kitId).sort(byName);
  const clerks = [...picture.clerks.values()].filter((one) => !one.retired || one.id === filter.clerkId).sort(byName);
  const venues = [...picture.venues.values()]
    .filter((venue) => !venue.retired || venue.id === filter.venueId)
    .map(({ id, locality, name }) => ({ id, name: `${locality}, ${name}` }))
    .sort(byName);
  const states = (Object.keys(STATES) as StateName[]).map((name) => ({
    value: name,
    name: t(`tour.state.${STATES[name]}`),
    selected: name === filter.state,
  }));
  const kept = [
    view === 'week' ? { name: 'woche', value: weekName(query.week) } : { name: 'monat', value: monthName(query.month) },
    ...(query.rows === 'team' ? [{ name: 'zeilen', value: 'team' }] : []),
    ...(query.weekend ? [{ name: 'wochenende', value: '1' }] : []),
  ];
  const count = countFilters(filter);
  return {
    action: view === 'week' ? p.boardWeek() : p.boardMonth(),
    kept,
    fields: [
      ...(municipalities.length > 1
        ? [choiceOf('kommune', t('board.filter.municipality'), municipalities, filter.municipalityId)]
        : []),
      choiceOf('koffer', t('board.filter.kit'), kits, filter.kitId),
      choiceOf('person', t('board.filter.clerk'), clerks, filter.clerkId),
      choiceOf('standort', t('board.filter.venue'), venues, filter.venueId),
      { name: 'stand', label: t('board.filter.state'), options: states },
    ],
    summary: count === 0 ? t('board.filter.title') : t('board.filter.active', { count }),
    isActive: isFiltered(query),
    clearHref: view === 'week' ? weekHref(p, withoutFilter(query)) : monthHref(p, withoutFilter(query)),
  };
}

function choiceOf(name: string, label: string, things: readonly { id: number; name: string }[], chosen: number | null) {
  const options = things.map((one) => ({ value: String(one.id), name: one.name, selected: one.id === chosen }));
  return { name, label, options };
}
