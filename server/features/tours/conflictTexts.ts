import type { Conflict } from '../../domain/tours/conflicts.ts';
import type { PlanningPicture } from '../../domain/tours/picture.ts';
import type { SkipReason } from '../../domain/tours/repeat.ts';
import { timeSpan } from '../../web/format.ts';
import { translator, type Locale } from '../../web/locale.ts';
import { conflictWords } from './conflictWords.ts';
import { planningNames, type PlanningNames } from './planningNames.ts';

/** A change of one field that would mend a conflict. */
export interface ConflictFix {
  field: 'depot' | 'kit' | 'clerk' | 'stop';
  /**
   * Which of several, from 0: for `clerk` the place in the crew (null: one more), for `stop` the place in the day;
   * else null.
   */
  at: number | null;
  /** The id of the depot, kit or clerk; for a stop its announced time in minutes of the day, `540-660`. */
  value: string;
  /** For a button: "David Lenz einteilen". */
  label: string;
}

export interface PresentedConflict {
  severity: Conflict['severity'];
  kind: Conflict['kind'];
  /** A few words: "Anna Winter ist im Urlaub". */
  title: string;
  /** What, who, when and how to mend it, in sentences. */
  text: string;
  /** At most three. */
  fixes: ConflictFix[];
}

/** More choices than this help nobody. */
const FIXES_SHOWN = 3;

/** The sentences to a conflict. What the picture does not know has its number for a name. */
export function presentConflict(conflict: Conflict, picture: PlanningPicture, locale: Locale): PresentedConflict {
  const t = translator(locale);
  const names = planningNames(picture, locale);
  const { title, text, parameters } = conflictWords(conflict, names, locale);
  return {
    severity: conflict.severity,
    kind: conflict.kind,
    title: t(title, parameters),
    text: [t(text, parameters), ...mendingSentences(conflict, names, locale)].join(' '),
    fixes: fixesOf(conflict, names, locale),
  };
}

/** Why a date of a repetition is left out, as a sentence. */
export function presentSkip(reason: SkipReason, picture: PlanningPicture, locale: Locale): string {
  const t = translator(locale);
  const names = planningNames(picture, locale);
  switch (reason.kind) {
    case 'inPast':
      return t('conflicts.skip.inPast');
    case 'holiday':
      return t('conflicts.skip.holiday', { name: reason.name });
    case 'venueClosed':
      return t(reason.everywhere ? 'conflicts.skip.everywhere' : 'conflicts.skip.venueClosed', {
        venue: names.venue(reason.venueId),
        municipality: names.municipalityOfVenue(reason.venueId),
        reason: names.reason(reason.reason),
      });
    case 'outsideOpeningWindow':
      return t('conflicts.skip.outsideOpeningWindow', { venue: names.venue(reason.venueId) });
    case 'clerkAbsent':
      return t('conflicts.clerkAbsent.text', {
        clerk: names.clerk(reason.clerkId),
        absence: t(`conflicts.absence.${reason.absence}`),
        when: names.days(reason.fromDate, reason.toDate),
      });
    case 'clerkTaken':
      return t(reason.tourId === null ? 'conflicts.skip.clerkTakenHidden' : 'conflicts.skip.clerkTaken', {
        clerk: names.clerk(reason.clerkId),
        tour: names.tour(reason.tourId),
      });
    case 'kitTaken':
      return t(reason.tourId === null ? 'conflicts.skip.kitTakenHidden' : 'conflicts.skip.kitTaken', {
        kit: names.kit(reason.kitId),
        tour: names.tour(reason.tourId),
      });
    case 'inSeries':
      return t('conflicts.skip.inSeries', { tour: names.tour(reason.tourId) });
  }
}

/** Who or what is free instead; for a mere warning only if there is somebody. */
function mendingSentences(conflict: Conflict, names: PlanningNames, locale: Locale): string[] {
  const t = translator(locale);
  if ('freeKitIds' in conflict) {
    const shown = conflict.freeKitIds.slice(0, FIXES_SHOWN);
    if (shown.length === 0) {
      return [t(conflict.forAnnounced ? 'conflicts.mend.noKitAnnounced' : 'conflicts.mend.noKit')];
    }
    const parameters = { names: names.list(shown.map(names.kit)), count: shown.length };
    return [t(conflict.forAnnounced ? 'conflicts.mend.kitAnnounced' : 'conflicts.mend.kit', parameters)];
  }
  if ('freeClerkIds' in conflict && conflict.kind !== 'clerkTwice') {
    const shown = conflict.freeClerkIds.slice(0, FIXES_SHOWN);
    if (shown.length === 0) {
      if (conflict.severity === 'warning') return [];
      return [t(conflict.forAnnounced ? 'conflicts.mend.noClerkAnnounced' : 'conflicts.mend.noClerk')];
    }
    const parameters = { names: names.list(shown.map(names.clerk)), count: shown.length };
    return [t(conflict.forAnnounced ? 'conflicts.mend.clerkAnnounced' : 'conflicts.mend.clerk', parameters)];
  }
  return [];
}

function fixesOf(conflict: Conflict, names: PlanningNames, locale: Locale): ConflictFix[] {
  const t = translator(locale);
  if ('depotIds' in conflict) {
    return conflict.depotIds.slice(0, FIXES_SHOWN).map((id) => ({
      field: 'depot',
      at: null,
      value: String(id),
      label: t('conflicts.fix.depot', { name: names.depot(id) }),
    }));
  }
  if ('freeKitIds' in conflict) {
    return conflict.freeKitIds.slice(0, FIXES_SHOWN).map((id) => ({
      field: 'kit',
      at: null,
      value: String(id),
      label: t('conflicts.fix.kit', { name: names.kit(id) }),
    }));
  }
  if ('freeClerkIds' in conflict) {
    const replaced = 'position' in conflict ? conflict : null;
    return conflict.freeClerkIds.slice(0, FIXES_SHOWN).map((id) => ({
      field: 'clerk',
      at: replaced?.position ?? null,
      value: String(id),
      label:
        replaced === null
          ? t('conflicts.fix.clerk', { name: names.clerk(id) })
          : t('conflicts.fix.clerkInstead', { name: names.clerk(id), other: names.clerk(replaced.clerkId) }),
    }));
  }
  const moved = movedTime(conflict);
  if (moved === null) return [];
  return [
    {
      field: 'stop',
      at: moved.stop,
      value: `${moved.fromMinute}-${moved.toMinute}`,
      label: t('conflicts.fix.stop', {
        stop: moved.stop + 1,
        time: timeSpan(moved.fromMinute, moved.toMinute, locale),
      }),
    },
  ];
}

/** An announced time of the same length that would do, or null. */
function movedTime(conflict: Conflict): { stop: number; fromMinute: number; toMinute: number } | null {
  if ('movedFromMinute' in conflict) {
    const { stop, movedFromMinute: fromMinute, movedToMinute: toMinute } = conflict;
    return toMinute <= 1440 ? { stop, fromMinute, toMinute } : null;
  }
  if (conflict.kind !== 'outsideOpeningWindow') return null;

  const { stop, fromMinute, toMinute, windows } = conflict;
  const length = toMinute - fromMinute;
  const starts = windows.flatMap((window) => {
    const earliest = Math.ceil(window.fromMinute / 5) * 5;
    const latest = Math.floor((window.toMinute - length) / 5) * 5;
    return length > 0 && earliest <= latest ? [Math.min(Math.max(fromMinute, earliest), latest)] : [];
  });
  const nearest = starts.sort((a, b) => Math.abs(a - fromMinute) - Math.abs(b - fromMinute))[0];
  return nearest === undefined ? null : { stop, fromMinute: nearest, toMinute: nearest + length };
}
