import { mapView, type MapView } from '../../web/mapView.ts';
import type { Request, Response } from 'express';
import { isIn, scopeOf, type Permission, type Scope } from '../../domain/access.ts';
import type { AuditChange, AuditSubject } from '../../domain/audit.ts';
import { distanceMetres, type Coordinates } from '../../domain/geo.ts';
import { pathsFor, type Paths } from '../../paths.ts';
import { addError, NO_ERRORS, type Entered, type FormErrors } from '../../web/form.ts';
import { localeOf, translator, type Locale, type Translate } from '../../web/locale.ts';
import { actorOf } from '../../web/session.ts';
import type { MasterDataDeps } from './deps.ts';
import type { MapSettings, Saving } from './ports.ts';

/** What the forms of the master data have in common, and how views/masterData/form.ejs wants them. */

/** Who asks for a page, in which language, and for which municipalities. */
export interface Asker {
  locale: Locale;
  t: Translate;
  p: Paths;
  scope: Scope;
}

export function askerOf(response: Response, permission: Permission): Asker {
  const locale = localeOf(response);
  return { locale, t: translator(locale), p: pathsFor(locale), scope: scopeOf(actorOf(response), permission) };
}

/** The `:id` of an address; null when it is none. */
export function idOf(request: Request): number | null {
  const { id } = request.params;
  return typeof id === 'string' && /^[1-9]\d{0,8}$/.test(id) ? Number(id) : null;
}

/** What `:id` leads to if it is in scope; undefined: answer as for something that does not exist. */
export async function foundIn<T extends { municipalityId: number }>(
  request: Request,
  { scope }: Asker,
  find: (id: number) => Promise<T | undefined>,
): Promise<T | undefined> {
  const id = idOf(request);
  const found = id === null ? undefined : await find(id);
  return found !== undefined && isIn(scope, found.municipalityId) ? found : undefined;
}

/** True when a form would change nothing: sent twice, or saved as it was. Names alone do not tell, they may be equal. */
export function isUnchanged(
  saving: { municipalityId: number; changes: readonly unknown[] },
  saved: { municipalityId: number },
): boolean {
  return saving.changes.length === 0 && saving.municipalityId === saved.municipalityId;
}

/** The version a form was filled in for; 0 fits nothing. */
export function versionOf(body: unknown): number {
  const { version } = (body ?? {}) as Record<string, unknown>;
  return typeof version === 'string' && /^\d{1,9}$/.test(version) ? Number(version) : 0;
}

export function savingOf(
  deps: Pick<MasterDataDeps, 'clock'>,
  response: Response,
  about: { municipalityId: number; label: string; changes?: readonly AuditChange[] },
): Saving {
  const { userId, name } = actorOf(response);
  // What was empty was nothing: the history shows both alike.
  const changes = (about.changes ?? []).map(({ field, from, to }) => ({ field, from: from || null, to: to || null }));
  return { author: { userId, name }, at: deps.clock.now(), ...about, changes };
}

/** Takes the sentence for this page out of the session. */
export function takeFlash(request: Request): { kind: 'success' | 'warning'; text: string } | undefined {
  const { flash } = request.session;
  delete request.session.flash;
  return flash;
}

/** A control, as the partials below views/staff/form want it. */
export interface Field {
  partial: 'input' | 'textarea' | 'select' | 'checks';
  id: string;
  [option: string]: unknown;
}

export interface FormSection {
  id: string;
  title: string;
  text: string | null;
  fields: readonly Field[];
  /** Two fields beside each other where there is room. */
  two: boolean;
  map: PositionMap | null;
}

/** A map on which the position is set; the two fields always are there too. */
export type PositionMap = MapView;

export interface Line {
  href: string | null;
  text: string;
}

export interface Panel {
  id: string;
  title: string;
  text: string | null;
  items: readonly Line[];
  warning: boolean;
}

export interface StaleView {
  text: string;
  /** Fields in which what is stored differs from what was typed. */
  differences: { label: string; value: string }[];
}

export interface FormView {
  title: string;
  lead: string | null;
  back: { href: string; text: string };
  /** Such as "stillgelegt". */
  state: string | null;
  action: string;
  /** Null: something new. */
  version: number | null;
  submit: string;
  sections: readonly FormSection[];
  stale: StaleView | null;
  panels: readonly Panel[];
  /** Retire, restore, delete. */
  more: readonly { href: string; text: string }[];
}

export interface Choice {
  value: string;
  name: string;
}

interface Options {
  hint?: string;
  [option: string]: unknown;
}

/** Makes controls that know what was typed and what is wrong with it. */
export function fieldMaker(entered: Entered, errors: FormErrors) {
  const common = (id: string, label: string, options: Options) => {
    const error = errors.fields[id];
    return { id, label, ...options, ...(error === undefined ? {} : { error }) };
  };
  const value = (id: string): string => entered[id] ?? '';
  return {
    input: (id: string, label: string, options: Options = {}): Field => ({
      partial: 'input',
      value: value(id),
      ...common(id, label, options),
    }),
    textarea: (id: string, label: string, options: Options = {}): Field => ({
      partial: 'textarea',
      value: value(id),
      ...common(id, label, options),
    }),
    select: (id: string, label: string, choices: readonly Choice[], options: Options = {}): Field => ({
      partial: 'select',
      options: choices.map((choice) => ({ ...choice, selected: choice.value === value(id) })),
      ...common(id, label, options),
    }),
    radios: (id: string, label: string, choices: readonly Choice[], options: Options = {}): Field => ({
      partial: 'checks',
      kind: 'radio',
      name: id,
      legend: label,
      options: choices.map((choice) => ({ ...choice, checked: choice.value === value(id) })),
      ...common(id, label, options),
    }),
    checks: (
      id: string,
      label: string,
      choices: readonly Choice[],
      ticked: readonly string[],
      options: Options = {},
    ): Field => ({
      partial: 'checks',
      name: id,
      legend: label,
      options: choices.map((choice) => ({ ...choice, checked: ticked.includes(choice.value) })),
      ...common(id, label, options),
    }),
  };
}

export function section(id: string, title: string, fields: readonly Field[], more: Partial<FormSection> = {}) {
  return { id, title, text: null, two: false, map: null, ...more, fields };
}

export const NO_PANEL = { text: null, items: [], warning: false } as const;

/** The choice of a municipality in scope: what there is to choose from, the only one chosen already. */
export function municipalityField(
  { t }: Asker,
  make: ReturnType<typeof fieldMaker>,
  municipalities: readonly { id: number; name: string }[],
): Field {
  return make.select(
    'kommune',
    t('data.municipality'),
    municipalities.map(({ id, name }) => ({ value: String(id), name })),
    municipalities.length === 1 ? {} : { empty: t('staff.form.choose') },
  );
}

/** Chosen beforehand where there is only one. */
export function municipalityText(municipalities: readonly { id: number }[]): string {
  const [only] = municipalities;
  return only !== undefined && municipalities.length === 1 ? String(only.id) : '';
}

/** The two fields of a position, and the map for them. */
export function positionSection(
  { t }: Asker,
  make: ReturnType<typeof fieldMaker>,
  map: MapSettings,
  /** Names on the map for finding one's way, and where it begins: null is not known. */
  { around, center }: { around: readonly Named[]; center: Coordinates | null },
): FormSection {
  return section(
    'lage',
    t('data.position.title'),
    [
      make.input('breite', t('data.position.lat'), {
        hint: t('data.position.latHint'),
        inputmode: 'decimal',
        maxlength: 60,
      }),
      make.input('laenge', t('data.position.lon'), {
        hint: t('data.position.lonHint'),
        inputmode: 'decimal',
        maxlength: 30,
      }),
    ],
    { text: t('data.position.text'), two: true, map: positionMap(t, map, nearestFirst(around, center), center) },
  );
}

export interface Named {
  at: Coordinates;
  name: string;
}

function nearestFirst(around: readonly Named[], center: Coordinates | null): Named[] {
  return center === null
    ? [...around]
    : [...around].sort((a, b) => distanceMetres(center, a.at) - distanceMetres(center, b.at));
}

/** More names would cover the map. */
const MOST_AROUND = 60;

function positionMap(
  t: Translate,
  settings: MapSettings,
  around: readonly Named[],
  center: Coordinates | null,
): PositionMap {
  return mapView(settings, {
    lat: 'breite',
    lon: 'laenge',
    center: center === null ? null : [center.lat, center.lon],
    around: around.slice(0, MOST_AROUND).map(({ at, name }) => ({ at: [at.lat, at.lon], name })),
    texts: {
      zoomIn: t('common.map.zoomIn'),
      zoomOut: t('common.map.zoomOut'),
      marker: t('data.position.marker'),
      moved: t('data.position.moved'),
    },
  });
}

/** What somebody else has stored meanwhile, where it differs from what was typed. */
export async function staleView(
  deps: Pick<MasterDataDeps, 'office'>,
  { t }: Asker,
  about: {
    subject: AuditSubject;
    id: number;
    typed: Entered;
    stored: Entered;
    /** Name of a field → its label; fields without are not shown. */
    labels: Readonly<Record<string, string>>;
    /** What is stored in words, where the field holds a key or an id. */
    words?: Readonly<Record<string, string>>;
  },
): Promise<StaleView> {
  const name = (await deps.office.lastChange(about.subject, about.id)) ?? t('data.somebody');
  return {
    text: t('staff.stale', { name }),
    differences: Object.entries(about.labels).flatMap(([field, label]) => {
      const stored = about.stored[field] ?? '';
      const value = about.words?.[field] ?? stored;
      return stored === (about.typed[field] ?? '') ? [] : [{ label, value: value === '' ? t('data.empty') : value }];
    }),
  };
}

/** Renders a form; with errors or a stale version the status is 422 and the title says so. */
export async function showForm(
  deps: Pick<MasterDataDeps, 'render'>,
  request: Request,
  response: Response,
  form: FormView,
  errors: FormErrors = NO_ERRORS,
): Promise<void> {
  const t = translator(localeOf(response));
  const refused = errors.list.length > 0 || form.stale !== null;
  await deps.render(request, response, {
    view: 'masterData/form',
    title: refused ? t('staff.form.errorPrefix') + form.title : form.title,
    staff: 'masterData',
    status: refused ? 422 : 200,
    locals: { form, errors: errors.list, flash: takeFlash(request) },
  });
}

/** The municipality of a sent form if it is one in scope, else an error at its field. */
export function chosenMunicipality(
  { t, scope }: Asker,
  municipalities: readonly { id: number }[],
  entered: Entered,
  errors: FormErrors,
): number | null {
  const id = Number(entered['kommune'] ?? '');
  const known = municipalities.some((one) => one.id === id) && isIn(scope, id);
  if (!known) addError(errors, 'kommune', t('data.errors.municipality'));
  return known ? id : null;
}

/** Errors in the order of the fields on the page. */
export function inOrder(errors: FormErrors, fields: readonly string[]): FormErrors {
  const place = (href: string): number => (fields.indexOf(href.slice(1)) + fields.length + 1) % (fields.length + 1);
  return { ...errors, list: [...errors.list].sort((a, b) => place(a.href) - place(b.href)) };
}
