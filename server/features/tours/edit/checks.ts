import type { Conflict } from '../../../domain/tours/conflicts.ts';
import type { PlanningPicture } from '../../../domain/tours/picture.ts';
import type { FormErrors } from '../../../web/form.ts';
import type { Locale, Translate } from '../../../web/locale.ts';
import { presentConflict, type ConflictFix } from '../conflictTexts.ts';

export interface ConflictView {
  severity: 'impossible' | 'warning';
  kind: string;
  title: string;
  text: string;
  fixes: readonly { value: string; label: string }[];
}

export type Verdict = 'fresh' | 'incomplete' | 'impossible' | 'possible';

export interface CheckView {
  verdict: Verdict;
  headline: string;
  text: string | null;
  conflicts: readonly ConflictView[];
  /** What cannot be understood yet. */
  missing: readonly { href: string; text: string }[];
}

export interface CheckInputs {
  conflicts: readonly Conflict[];
  errors: FormErrors;
  picture: PlanningPicture;
  places: readonly number[];
  /** Nothing was entered yet: nothing is held against it. */
  fresh: boolean;
}

export function presentCheck(
  { conflicts, errors, picture, places, fresh }: CheckInputs,
  locale: Locale,
  t: Translate,
): CheckView {
  if (fresh) {
    const text = t('tour.check.freshText');
    return { verdict: 'fresh', headline: t('tour.check.fresh'), text, conflicts: [], missing: [] };
  }
  const presented = conflicts.map((conflict): ConflictView => {
    const { severity, kind, title, text, fixes } = presentConflict(conflict, picture, locale);
    return {
      severity,
      kind,
      title,
      text,
      fixes: fixes.map((fix) => ({ value: fixValue(fix, places), label: fix.label })),
    };
  });
  const verdict = verdictOf(conflicts, errors);
  const headlines: Record<Verdict, string> = {
    fresh: t('tour.check.fresh'),
    incomplete: t('tour.check.incomplete'),
    impossible: t('tour.check.impossible'),
    possible: t('tour.check.possible'),
  };
  return {
    verdict,
    headline: headlines[verdict],
    text: verdict === 'possible' && presented.length === 0 ? t('tour.check.possibleText') : null,
    conflicts: presented,
    missing: errors.list,
  };
}

export function verdictOf(conflicts: readonly Conflict[], errors: FormErrors): Verdict {
  if (conflicts.some(({ severity }) => severity === 'impossible')) return 'impossible';
  return errors.list.length > 0 ? 'incomplete' : 'possible';
}

export function countImpossible(conflicts: readonly Conflict[]): number {
  return conflicts.filter(({ severity }) => severity === 'impossible').length;
}

/** The value of the button that takes a fix over, as `actions.ts` reads it; places count from 1 there. */
function fixValue({ field, at, value }: ConflictFix, places: readonly number[]): string {
  switch (field) {
    case 'depot':
      return `uebernehmen-depot-${value}`;
    case 'kit':
      return `uebernehmen-koffer-${value}`;
    case 'clerk':
      return `uebernehmen-team-${at === null ? 'neu' : at + 1}-${value}`;
    case 'stop':
      return `uebernehmen-halt-${(places[at ?? 0] ?? 0) + 1}-${value}`;
  }
}
