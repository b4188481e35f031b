import type { Request, Response } from 'express';
import type { Instant } from '../../domain/time.ts';
import { NEW } from '../../paths.ts';
import type { Translate } from '../../web/locale.ts';
import { actorOf } from '../../web/session.ts';
import { USES_SHOWN, type UseGroup } from './listConfirm.ts';
import { idOf, type Line } from './listPage.ts';
import type { Change, Picture } from './servicePorts.ts';

/** What the pages of services and clerks share. */

/** The number in an address; NEW for what does not exist yet; null when it is neither. */
export function idOrNew(request: Request): number | typeof NEW | null {
  return request.params['id'] === NEW ? NEW : idOf(request);
}

/** Who changes something now. */
export function changeOf(response: Response, now: Instant): Change {
  const { userId, name } = actorOf(response);
  return { author: { userId, name }, at: now };
}

export interface Differences {
  text: string;
  /** Where the new state and what was typed differ. */
  rows: { label: string; now: string; yours: string }[];
}

/** Both states side by side, where they differ. */
export function differences(now: Picture, yours: Picture): Differences['rows'] {
  const words = (text: string | null | undefined): string => (text === null || text === undefined ? '' : text) || '–';
  return Object.keys(now)
    .filter((field) => (now[field] ?? '') !== (yours[field] ?? ''))
    .map((field) => ({ label: field, now: words(now[field]), yours: words(yours[field]) }));
}

/** A heading with the first of what belongs to it; nothing where there is nothing. */
export function usesUnder(title: string, items: readonly Line[], t: Translate): UseGroup[] {
  const rest = items.length - USES_SHOWN;
  return items.length === 0
    ? []
    : [{ title, items: items.slice(0, USES_SHOWN), more: rest > 0 ? t('data.uses.more', { count: rest }) : null }];
}
