import type { Response } from 'express';
import { NEW } from '../../paths.ts';
import { NO_ERRORS, type Entered, type FormErrors } from '../../web/form.ts';
import type { Translate } from '../../web/locale.ts';
import type { MasterDataDeps } from './deps.ts';
import type { ListRow } from './list.ts';
import { retirementLinks, todayOf, tourLine } from './listConfirm.ts';
import {
  fieldMaker,
  municipalityField,
  section,
  type Asker,
  type FormView,
  type Panel,
  type StaleView,
} from './listPage.ts';
import { capabilityName } from '../../web/capability.ts';
import type { DepotRecord, KitRecord, KitValues } from './ports.ts';

export function presentKitRow({ t, p }: Asker, kit: KitRecord, municipalities: ReadonlyMap<number, string>): ListRow {
  return {
    href: p.staffKit(kit.id),
    name: kit.name,
    detail: t('kits.keptAt', { depot: kit.depotName }),
    facts: [
      t('kits.capabilityCount', { count: kit.capabilities.length }),
      ...(municipalities.size > 1 ? [municipalities.get(kit.municipalityId) ?? ''] : []),
    ],
    retired: kit.retiredAt !== null,
    mark: kit.status === 'defect' ? t('kits.status.defect') : null,
  };
}

export function kitTexts(kit: KitRecord, t: Translate): Record<string, string> {
  return {
    kommune: String(kit.municipalityId),
    name: kit.name,
    depot: String(kit.depotId),
    zustand: kit.status,
    ausstattung: capabilityNames(kit.capabilities, t),
  };
}

export function capabilityNames(codes: readonly string[], t: Translate): string {
  return [...codes]
    .sort()
    .map((code) => capabilityName(code, t))
    .join(', ');
}

export function kitLabels(t: Translate): Record<string, string> {
  return {
    kommune: t('data.municipality'),
    name: t('kits.fields.name'),
    depot: t('kits.fields.depot'),
    zustand: t('kits.fields.zustand'),
    ausstattung: t('kits.fields.ausstattung'),
  };
}

export interface KitForm {
  kit: KitRecord | null;
  entered: Entered;
  /** Ticked codes. */
  ticked: readonly string[];
  errors?: FormErrors;
  stale?: StaleView;
  municipalities: readonly { id: number; name: string }[];
  depots: readonly DepotRecord[];
  capabilities: readonly string[];
  panels: readonly Panel[];
}

/** Depots to choose from: those in use, and the one the kit has. */
export function depotsFor(depots: readonly DepotRecord[], kit: KitRecord | null): DepotRecord[] {
  return depots.filter(({ id, retiredAt }) => retiredAt === null || id === kit?.depotId);
}

export function presentKitForm(asker: Asker, form: KitForm): FormView {
  const { t, p } = asker;
  const { kit, municipalities } = form;
  const make = fieldMaker(form.entered, form.errors ?? NO_ERRORS);
  const labels = kitLabels(t);
  const municipalityName = new Map(municipalities.map(({ id, name }) => [id, name]));
  const depots = depotsFor(form.depots, kit).map(({ id, name, municipalityId }) => ({
    value: String(id),
    name: municipalities.length > 1 ? `${name} (${municipalityName.get(municipalityId) ?? ''})` : name,
  }));
  // A depot of another municipality stays: its name is on the kit already.
  if (kit !== null && !depots.some(({ value }) => value === String(kit.depotId))) {
    depots.push({ value: String(kit.depotId), name: kit.depotName });
  }
  return {
    title: kit === null ? t('kits.newTitle') : kit.name,
    lead: kit === null ? t('kits.newLead') : null,
    back: { href: p.staffKits(), text: t('kits.title') },
    state: kit === null || kit.retiredAt === null ? null : t('data.retired'),
    action: p.staffKit(kit?.id ?? NEW),
    version: kit?.version ?? null,
    submit: t('staff.form.save'),
    stale: form.stale ?? null,
    panels: form.panels,
    more:
      kit === null
        ? []
        : retirementLinks(asker, kit.retiredAt, {
            retirement: p.staffKitRetirement(kit.id),
            deletion: p.staffKitDeletion(kit.id),
          }),
    sections: [
      section('angaben', t('kits.sections.what'), [
        municipalityField(asker, make, municipalities),
        make.input('name', labels['name'] ?? '', { hint: t('kits.hints.name'), maxlength: 120 }),
        make.select('depot', labels['depot'] ?? '', depots, {
          empty: t('staff.form.choose'),
          ...(depots.length === 0 ? { hint: t('kits.hints.noDepot') } : {}),
        }),
        make.radios(
          'zustand',
          labels['zustand'] ?? '',
          (['ready', 'defect'] as const).map((value) => ({ value, name: t(`kits.status.${value}`) })),
          { hint: t('kits.hints.zustand') },
        ),
      ]),
      section('ausstattung-abschnitt', t('kits.sections.capabilities'), [
        make.checks(
          'ausstattung',
          t('kits.fields.ausstattung'),
          form.capabilities.map((code) => ({ value: code, name: capabilityName(code, t) })),
          form.ticked,
          { hint: t('kits.hints.ausstattung'), columns: true },
        ),
      ]),
    ],
  };
}

/** Coming tours with this kit; a warning when it is defect. */
export async function kitPanels(
  deps: MasterDataDeps,
  asker: Asker,
  response: Response,
  kit: KitRecord,
): Promise<Panel[]> {
  const { t } = asker;
  const tours = await deps.kits.tours(kit.id, { from: todayOf(deps), limit: 10 });
  const rest = tours.total - tours.first.length;
  const defect = kit.status === 'defect' && tours.total > 0;
  return [
    {
      id: 'touren',
      title: defect ? t('kits.panels.defect', { count: tours.total }) : t('kits.panels.tours'),
      text: defect
        ? t('kits.panels.defectText')
        : tours.total === 0
          ? t('kits.panels.noTours')
          : t('kits.panels.toursText'),
      items: [
        ...tours.first.map(tourLine(asker, response)),
        ...(rest > 0 ? [{ href: null, text: t('data.uses.more', { count: rest }) }] : []),
      ],
      warning: defect,
    },
  ];
}

/** A kit as the history shows it, in German. */
export function kitPicture(
  kit: Pick<KitValues, 'name' | 'status' | 'capabilities'>,
  municipality: string,
  depot: string,
  german: Translate,
): Record<string, string> {
  return {
    municipality,
    name: kit.name,
    depot,
    status: german(`kits.status.${kit.status}`),
    capabilities: capabilityNames(kit.capabilities, german),
  };
}
