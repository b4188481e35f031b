import type { z } from 'zod';
import type { Parameters, Translate } from './locale.ts';

/** What is wrong with a form: for the summary above it and beside its fields, both in the order of the fields. */
export interface FormErrors {
  list: { href: string; text: string }[];
  /** By the name of the field, which is the id of its control too. */
  fields: Record<string, string>;
}

export const NO_ERRORS: FormErrors = { list: [], fields: {} };

/** What was typed, by the name of the field: for showing a refused form again. */
export type Entered = Readonly<Record<string, string>>;

/**
 * Fields of a sent form as single trimmed texts; of repeated fields the last one counts. Line ends become \n;
 * the character NUL, which PostgreSQL keeps in no text, is left out.
 */
export function enteredFields(body: unknown): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [name, value] of Object.entries((body ?? {}) as Record<string, unknown>)) {
    const last: unknown = Array.isArray(value) ? value.at(-1) : value;
    if (typeof last === 'string') {
      fields[name] = last.replaceAll('\r\n', '\n').replaceAll('\0', '').trim();
    }
  }
  return fields;
}

/** All values of a repeated field (checkboxes), each once. */
export function listField(body: unknown, name: string): string[] {
  const value = ((body ?? {}) as Record<string, unknown>)[name];
  const all: unknown[] = Array.isArray(value) ? value : [value];
  return [...new Set(all.filter((one): one is string => typeof one === 'string' && one !== ''))];
}

/** Adds a problem; the first one of a field stays. */
export function addError(errors: FormErrors, field: string, text: string): void {
  if (errors.fields[field] === undefined) {
    errors.fields[field] = text;
    errors.list.push({ href: `#${field}`, text });
  }
}

/**
 * Parses a sent form. The messages of the schema are keys of texts, perhaps with parameters behind a `?`:
 * `data.errors.tooLong?max=120`.
 * @param schema an object whose keys are the names of the fields
 */
export function parseForm<Schema extends z.ZodType>(
  schema: Schema,
  fields: unknown,
  t: Translate,
): { ok: true; value: z.output<Schema> } | { ok: false; errors: FormErrors } {
  const parsed = schema.safeParse(fields);
  if (parsed.success) {
    return { ok: true, value: parsed.data };
  }
  const errors: FormErrors = { list: [], fields: {} };
  for (const issue of parsed.error.issues) {
    addError(errors, String(issue.path[0] ?? ''), translateMessage(issue.message, t));
  }
  return { ok: false, errors };
}

function translateMessage(message: string, t: Translate): string {
  const [key = '', query] = message.split('?');
  const parameters: Parameters | undefined =
    query === undefined ? undefined : Object.fromEntries(new URLSearchParams(query));
  return t(key, parameters);
}
