import type { Request, Response } from 'express';
import { isIn, scopeOf } from '../../../domain/access.ts';
import type { AuditChange } from '../../../domain/audit.ts';
import { pathsFor, type Paths } from '../../../paths.ts';
import { localeOf, translator, type Locale, type Translate } from '../../../web/locale.ts';
import { actorOf } from '../../../web/session.ts';
import type { MessageSettingsDeps } from './deps.ts';
import type { Rules, Saving } from './ports.ts';

/** What the pages about how a municipality writes have in common. */

export interface Asker {
  locale: Locale;
  t: Translate;
  p: Paths;
}

export function askerOf(response: Response): Asker {
  const locale = localeOf(response);
  return { locale, t: translator(locale), p: pathsFor(locale) };
}

/** The municipality of the address, if whoever asks is responsible for it. */
export async function municipalityOf(
  { relays }: Pick<MessageSettingsDeps, 'relays'>,
  request: Request,
  response: Response,
): Promise<Rules | undefined> {
  const { id } = request.params;
  if (typeof id !== 'string' || !/^[1-9]\d{0,8}$/.test(id)) return undefined;
  const scope = scopeOf(actorOf(response), 'municipalities.write');
  return isIn(scope, Number(id)) ? relays.rules(Number(id)) : undefined;
}

/** The version a form was filled in for; 0: there was nothing. */
export function versionOf(fields: Readonly<Record<string, string>>): number {
  const text = fields['version'] ?? '';
  const version = /^\d{1,10}$/.test(text) ? Number(text) : 0;
  return version <= LARGEST ? version : 0;
}

/** That the database can compare with. */
const LARGEST = 2 ** 31 - 1;

export function savingOf(
  { clock }: Pick<MessageSettingsDeps, 'clock'>,
  response: Response,
  municipality: Pick<Rules, 'id' | 'name'>,
  changes: readonly AuditChange[],
): Saving {
  const { userId, name } = actorOf(response);
  return {
    author: { userId, name },
    at: clock.now(),
    municipalityId: municipality.id,
    label: municipality.name,
    changes,
  };
}

/** Takes the sentence for this page out of the session. */
export function takeFlash(request: Request): { kind: 'success' | 'warning'; text: string } | undefined {
  const { flash } = request.session;
  delete request.session.flash;
  return flash;
}

/** What somebody else has stored meanwhile, where it differs from what was typed. */
export interface StaleView {
  text: string;
  differences: { label: string; value: string }[];
}

export async function staleView(
  { lastChange }: Pick<MessageSettingsDeps, 'lastChange'>,
  { t }: Asker,
  municipalityId: number,
  fields: readonly { label: string; typed: string; stored: string }[],
): Promise<StaleView> {
  const name = (await lastChange('municipality', municipalityId)) ?? t('data.somebody');
  return {
    text: t('staff.stale', { name }),
    differences: fields
      .filter(({ typed, stored }) => typed !== stored)
      .map(({ label, stored }) => ({ label, value: stored === '' ? t('data.empty') : stored })),
  };
}
