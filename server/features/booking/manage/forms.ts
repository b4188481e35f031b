import { z } from 'zod';
import { parseReference } from '../../../domain/booking/reference.ts';
import type { Translate } from '../../../web/locale.ts';
import { parseSlot } from '../choice.ts';
import type { Slot } from '../holdTime.ts';

/** Longer than any real name or number; what is beyond is not even looked at. */
const LONGEST_INPUT = 200;

const text = z
  .string()
  .catch('')
  .transform((value) => value.slice(0, LONGEST_INPUT));

const lookupSchema = z.object({ vorgangsnummer: text, familienname: text });
const moveSchema = z.object({ zeit: z.string().optional().catch(undefined) });

export interface LookupValues {
  vorgangsnummer: string;
  familienname: string;
}

export type LookupField = keyof LookupValues;

/** What is wrong with which field, as a sentence that says what to do. */
export type LookupErrors = Partial<Record<LookupField, string>>;

export type LookupForm =
  | { kind: 'ok'; values: LookupValues; reference: string; familyName: string }
  | { kind: 'invalid'; values: LookupValues; errors: LookupErrors };

/** Reads the form that finds an appointment. A reference that can't exist is told apart from one that is unknown. */
export function parseLookup(body: unknown, t: Translate): LookupForm {
  const values = lookupSchema.parse(body ?? {});
  const parsed = parseReference(values.vorgangsnummer);
  const familyName = values.familienname.trim();
  if (parsed.kind === 'ok' && familyName !== '') {
    return { kind: 'ok', values, reference: parsed.reference, familyName };
  }
  const errors: LookupErrors = {};
  if (parsed.kind !== 'ok') {
    errors.vorgangsnummer = t(
      `manage.lookup.errors.${parsed.kind}`,
      parsed.kind === 'wrongSymbol' ? { symbol: parsed.symbol } : {},
    );
  }
  if (familyName === '') {
    errors.familienname = t('manage.lookup.errors.noName');
  }
  return { kind: 'invalid', values, errors };
}

/** Reads the chosen new time; null when none was chosen. */
export function parseMove(body: unknown): Slot | null {
  return parseSlot(moveSchema.parse(body ?? {}).zeit);
}
