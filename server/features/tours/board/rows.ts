import type { LocalDate } from '../../../domain/time.ts';
import type { PlanningClerk, PlanningKit } from '../../../domain/tours/picture.ts';
import { presentChip, type ChipView } from './chips.ts';
import { busyNote, ordered, townOf, type BoardContext } from './context.ts';
import type { LookedAt } from './look.ts';
import { absentOn, hoursText } from './crew.ts';

export interface CellView {
  date: LocalDate;
  /** "Mo 7." */
  which: string;
  chips: readonly ChipView[];
  /** Why there is none, or what else is that day: "frei", "nicht da", "auf einer Tour einer anderen Kommune". */
  note: string | null;
  /** There is nothing to see: left out where the board is a list. */
  isFree: boolean;
  add: { href: string; label: string } | null;
}

export interface RowView {
  name: string;
  small: string | null;
  /** For drag and drop: where the row puts a tour; null: nowhere. Empty: it keeps the kit it has. */
  kitId: string | null;
  kind: 'usual' | 'pool';
  cells: readonly CellView[];
  isFree: boolean;
}

interface Column {
  date: LocalDate;
  which: string;
  long: string;
}

/** The rows of the board. @param shown what the filter leaves of all tours */
export function presentRows(shown: readonly LookedAt[], columns: readonly Column[], context: BoardContext): RowView[] {
  return context.query.rows === 'kits' ? kitRows(shown, columns, context) : teamRows(shown, columns, context);
}

function kitRows(shown: readonly LookedAt[], columns: readonly Column[], context: BoardContext): RowView[] {
  const { t, picture, query, today } = context;
  const withTours = new Set(shown.flatMap(({ tour }) => tour.kitId ?? []));
  const kits = ordered(picture.kits.values(), context).filter(
    (kit) => withTours.has(kit.id) || (isOffered(kit, context) && (query.filter.kitId ?? kit.id) === kit.id),
  );
  const known = new Set(kits.map(({ id }) => id));
  const rows = kits.map((kit): RowView => {
    const cells = columns.map((column): CellView => {
      const chips = chipsIn(shown, column.date, ({ tour }) => tour.kitId === kit.id, context);
      const busy = picture.busy.find(({ what, id, date }) => what === 'kit' && id === kit.id && date === column.date);
      const isFree = chips.length === 0 && busy === undefined;
      const mayAdd =
        isFree &&
        column.date >= today &&
        !isClosed(kit.municipalityId, column.date, context) &&
        !kit.retired &&
        kit.status === 'ready' &&
        context.mayChange(kit.municipalityId);
      return {
        ...column,
        chips,
        isFree,
        note: chips.length > 0 ? null : busy === undefined ? t('board.free') : busyNote(busy, context),
        add: mayAdd ? addTo(column, { koffer: kit.id, kommune: kit.municipalityId }, kit.name, context) : null,
      };
    });
    return rowOf({ name: kit.name, small: smallOfKit(kit, context), kitId: String(kit.id), cells });
  });
  // What is cancelled has given its kit back; what is published without one is a conflict, and stands with the drafts.
  const without = shown.filter(({ tour }) => tour.kitId === null || !known.has(tour.kitId));
  const open = without.filter(({ tour }) => tour.state !== 'cancelled');
  const cancelled = without.filter(({ tour }) => tour.state === 'cancelled');
  return [
    ...rows,
    ...(open.length > 0 ? [poolOf(t('board.rows.noKit'), t('board.rows.toAssign'), '', open, columns, context)] : []),
    ...(cancelled.length > 0 ? [poolOf(t('board.rows.cancelled'), null, null, cancelled, columns, context)] : []),
  ];
}

function teamRows(shown: readonly LookedAt[], columns: readonly Column[], context: BoardContext): RowView[] {
  const { t, picture, query } = context;
  const withTours = new Set(shown.flatMap(({ tour }) => tour.clerkIds));
  const clerks = ordered(picture.clerks.values(), context).filter(
    (one) => withTours.has(one.id) || (isOffered(one, context) && (query.filter.clerkId ?? one.id) === one.id),
  );
  const known = new Set(clerks.map(({ id }) => id));
  const rows = clerks.map((clerk): RowView => {
    const cells = columns.map((column): CellView => {
      const chips = chipsIn(shown, column.date, ({ tour }) => tour.clerkIds.includes(clerk.id), context);
      const busy = picture.busy.find(
        ({ what, id, date }) => what === 'clerk' && id === clerk.id && date === column.date,
      );
      const absent = absentOn(clerk, column.date);
      const note = absent
        ? t('board.crew.absent')
        : chips.length > 0
          ? null
          : busy === undefined
            ? t('board.free')
            : busyNote(busy, context);
      return { ...column, chips, note, isFree: chips.length === 0 && busy === undefined && !absent, add: null };
    });
    return rowOf({ name: clerk.name, small: smallOfClerk(clerk, context), kitId: null, cells });
  });
  const without = shown.filter(({ tour }) => !tour.clerkIds.some((id) => known.has(id)));
  const open = without.filter(({ tour }) => tour.state !== 'cancelled');
  const cancelled = without.filter(({ tour }) => tour.state === 'cancelled');
  return [
    ...rows,
    ...(open.length > 0
      ? [poolOf(t('board.rows.noCrew'), t('board.rows.toAssign'), null, open, columns, context)]
      : []),
    ...(cancelled.length > 0 ? [poolOf(t('board.rows.cancelled'), null, null, cancelled, columns, context)] : []),
  ];
}

/** The whole municipality makes no visits. */
function isClosed(municipality: number, date: LocalDate, { picture }: BoardContext): boolean {
  return picture.closings.some(
    ({ municipalityId, venueId, fromDate, toDate }) =>
      venueId === null && municipalityId === municipality && fromDate <= date && date <= toDate,
  );
}

function isOffered(one: { municipalityId: number; retired: boolean }, { picture, query }: BoardContext): boolean {
  return (
    !one.retired &&
    picture.municipalities.has(one.municipalityId) &&
    (query.filter.municipalityId ?? one.municipalityId) === one.municipalityId
  );
}

function rowOf(row: Omit<RowView, 'kind' | 'isFree'>): RowView {
  return { ...row, kind: 'usual', isFree: row.cells.every(({ isFree }) => isFree) };
}

function poolOf(
  name: string,
  small: string | null,
  kitId: string | null,
  tours: readonly LookedAt[],
  columns: readonly Column[],
  context: BoardContext,
): RowView {
  const cells = columns.map((column): CellView => {
    const chips = chipsIn(tours, column.date, () => true, context);
    const note = chips.length > 0 ? null : context.t('board.none');
    return { ...column, chips, note, isFree: chips.length === 0, add: null };
  });
  return { name, small, kitId, kind: 'pool', cells, isFree: false };
}

function chipsIn(
  tours: readonly LookedAt[],
  date: LocalDate,
  belongs: (looked: LookedAt) => boolean,
  context: BoardContext,
): ChipView[] {
  return tours.filter((looked) => looked.tour.date === date && belongs(looked)).map((one) => presentChip(one, context));
}

function addTo(
  { date, long }: Column,
  query: { koffer: number; kommune: number },
  kit: string,
  { t, p }: BoardContext,
): CellView['add'] {
  return { href: p.newTour({ datum: date, ...query }), label: t('board.addTo', { kit, date: long }) };
}

function smallOfKit(kit: PlanningKit, context: BoardContext): string | null {
  const { t } = context;
  const words = [
    townOf(kit.municipalityId, context),
    kit.retired ? t('board.rows.retired') : kit.status === 'defect' ? t('board.rows.defect') : null,
  ].filter((word) => word !== null);
  return words.length === 0 ? null : words.join(', ');
}

function smallOfClerk(clerk: PlanningClerk, context: BoardContext): string | null {
  const words = [townOf(clerk.municipalityId, context), hoursText(clerk, context)].filter((word) => word !== null);
  return words.join(', ');
}
