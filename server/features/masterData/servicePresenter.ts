import { feeOn, type Locale, type ServiceCategory } from '../../domain/booking/office.ts';
import type { LocalDate } from '../../domain/time.ts';
import { NEW, pathsFor } from '../../paths.ts';
import { NO_ERRORS, type FormErrors } from '../../web/form.ts';
import { duration, longDate, money } from '../../web/format.ts';
import { translator } from '../../web/locale.ts';
import {
  CATEGORY_WORDS,
  cellsOfService,
  feeFieldId,
  SERVICE_FIELDS,
  type FeeEntered,
  type FeePart,
  type ServiceEntered,
} from './serviceFields.ts';
import { capabilityName } from '../../web/capability.ts';
import { presentList, type ListQuery, type ListView } from './list.ts';
import type { ConfirmView } from './listConfirm.ts';
import { usesUnder, type Differences } from './servicePage.ts';
import type { ServiceRecord, ServiceUses } from './servicePorts.ts';

const CATEGORIES = Object.keys(CATEGORY_WORDS) as ServiceCategory[];

function nameIn(service: ServiceRecord, locale: Locale): string {
  return service.texts[locale]?.name ?? service.texts.de?.name ?? service.slug;
}

function feeWords(cents: number | null | undefined, locale: Locale): string {
  const t = translator(locale);
  if (cents === undefined) return '–';
  if (cents === null) return t('services.byStatute');
  return cents === 0 ? t('common.free') : money(cents, locale);
}

export function presentServiceList(
  services: readonly ServiceRecord[],
  asked: { query: ListQuery; today: LocalDate; canWrite: boolean },
  locale: Locale,
): ListView {
  const t = translator(locale);
  const p = pathsFor(locale);
  const { query, today, canWrite } = asked;
  return presentList(
    {
      t,
      query,
      title: t('services.list.title'),
      lead: canWrite ? t('services.list.lead') : t('services.list.readOnly'),
      backHref: p.masterData(),
      action: p.staffServices(),
      add: canWrite ? { href: p.staffService(NEW), text: t('services.list.add') } : null,
      more: [
        ...(canWrite ? [{ href: p.staffServicesImport(), text: t('csv.import.services') }] : []),
        { href: p.staffServicesExport(), text: t('csv.export.services') },
      ],
      municipalities: [],
      emptyTitle: t('services.list.empty'),
      emptyText: t('services.list.emptyText'),
    },
    services.map((service) => ({
      service,
      municipalityId: null,
      retired: service.retiredAt !== null,
      texts: [
        service.slug,
        service.leikaKey,
        service.texts.de?.name ?? '',
        service.texts.en?.name ?? '',
        ...service.synonyms,
      ],
    })),
    ({ service, retired }) => ({
      href: p.staffService(service.id),
      name: nameIn(service, locale),
      detail: t(`services.category.${service.category}`),
      facts: [duration(service.minutes, locale), feeWords(feeOn(service, today)?.cents, locale)],
      retired,
      mark: null,
    }),
  );
}

/** What a service looks like to those who may only read it. */
export function presentServiceFacts(service: ServiceRecord, locale: Locale) {
  const t = translator(locale);
  const cells = cellsOfService(service);
  const text: Record<string, readonly string[]> = {
    kategorie: [t(`services.category.${service.category}`)],
    minuten_halt: [duration(service.minutes, locale)],
    minuten_hausbesuch: service.homeMinutes === null ? [t('services.no')] : [duration(service.homeMinutes, locale)],
    persoenlich: [t(service.inPerson ? 'services.yes' : 'services.no')],
    kombinierbar: [t(service.combinable ? 'services.yes' : 'services.no')],
    bedarf: service.needs.map((code) => capabilityName(code, t)),
    gebuehren: service.fees.map((fee) =>
      t('services.feeFrom', {
        date: longDate(fee.validFrom, locale).replace(/^.*?, /, ''),
        amount: feeWords(fee.cents, locale),
        basis: fee.legalBasis,
      }),
    ),
    unterlagen_de: service.texts.de?.documents ?? [],
    unterlagen_en: service.texts.en?.documents ?? [],
    vordrucke: service.forms,
    suchwoerter: service.synonyms,
  };
  return {
    name: nameIn(service, locale),
    back: { href: pathsFor(locale).staffServices(), text: t('services.list.title') },
    state: service.retiredAt === null ? null : t('data.retired'),
    facts: SERVICE_FIELDS.map((field) => ({
      label: t(`services.field.${field}`),
      lines: text[field] ?? (cells[field] === '' ? [] : cells[field].split('\n')),
    })).filter(({ lines }) => lines.length > 0),
  };
}

/** The form for a new service, before anything was typed. */
export function emptyService(position: number): ServiceEntered {
  return {
    fields: {
      kategorie: CATEGORY_WORDS.identity,
      reihenfolge: String(position),
      minuten_halt: '15',
      personen: '4',
      persoenlich: 'ja',
      kombinierbar: 'ja',
      hausbesuch: 'nein',
    },
    needs: [],
    fees: [{ ab: '', betrag: '', grundlage: '' }],
  };
}

export interface ServiceFormInput {
  /** Null: a new one. */
  service: ServiceRecord | null;
  entered: ServiceEntered;
  version: number;
  errors?: FormErrors;
  stale?: Differences | null;
  capabilities: readonly string[];
  /** Which fee row has just been added, from 0. */
  focus?: number | null;
}

export function presentServiceForm(input: ServiceFormInput, locale: Locale) {
  const t = translator(locale);
  const p = pathsFor(locale);
  const { service, entered, errors = NO_ERRORS } = input;
  const value = (name: string): string => entered.fields[name] ?? '';
  const rows: readonly FeeEntered[] = entered.fees.length > 0 ? entered.fees : [{ ab: '', betrag: '', grundlage: '' }];
  const part = (index: number, name: FeePart) => ({
    id: feeFieldId(index, name),
    label: t(`services.form.fee.${name}`),
    value: rows[index]?.[name] ?? '',
    error: errors.fields[feeFieldId(index, name)],
  });
  return {
    heading: service === null ? t('services.form.new') : nameIn(service, locale),
    version: input.version,
    errors: errors.list,
    stale: input.stale ?? null,
    text: (name: string) => ({
      id: name,
      label: t(`services.field.${name}`),
      value: value(name),
      error: errors.fields[name],
    }),
    categories: {
      id: 'kategorie',
      label: t('services.field.kategorie'),
      error: errors.fields['kategorie'],
      options: CATEGORIES.map((category) => ({
        value: CATEGORY_WORDS[category],
        name: t(`services.category.${category}`),
        selected: value('kategorie') === CATEGORY_WORDS[category],
      })),
    },
    flags: (['persoenlich', 'kombinierbar'] as const).map((name) => ({
      id: name,
      label: t(`services.form.${name}`),
      checked: value(name) === 'ja',
    })),
    homeVisit: value('hausbesuch') === 'ja',
    needs: {
      id: 'bedarf',
      name: 'bedarf',
      legend: t('services.field.bedarf'),
      hint: t('services.form.needsHint'),
      columns: true,
      options: input.capabilities.map((code) => ({
        value: code,
        name: capabilityName(code, t),
        checked: entered.needs.includes(code),
      })),
    },
    fees: rows.map((_, index) => ({
      number: index + 1,
      legend: t('services.form.fee.legend', { number: index + 1 }),
      date: { ...part(index, 'ab'), type: 'date' },
      amount: part(index, 'betrag'),
      basis: part(index, 'grundlage'),
      remove: `gebuehr-weg-${index + 1}`,
      focus: input.focus === index,
    })),
    back: { href: p.staffServices(), text: t('services.list.title') },
    state: service !== null && service.retiredAt !== null ? t('data.retired') : null,
    service:
      service === null
        ? null
        : {
            slug: service.slug,
            retirementText: t(service.retiredAt === null ? 'data.retire.short' : 'data.restore.short'),
            retirementHref: p.staffServiceRetirement(service.id),
            deletionHref: p.staffServiceDeletion(service.id),
          },
  };
}

/** Asks whether to delete it, or says where it is used. */
export function presentServiceDeletion(service: ServiceRecord, uses: ServiceUses, locale: Locale): ConfirmView {
  const t = translator(locale);
  const p = pathsFor(locale);
  const used = [
    ...usesUnder(
      t('services.deletion.appointments'),
      uses.appointments === 0
        ? []
        : [{ text: t('services.deletion.appointmentCount', { count: uses.appointments }), href: null }],
      t,
    ),
    ...usesUnder(
      t('services.deletion.tours'),
      uses.tours.map((tour) => ({ text: longDate(tour.date, locale), href: p.tour(tour.id) })),
      t,
    ),
    ...usesUnder(
      t('services.deletion.clerks'),
      uses.clerks.map((clerk) => ({ text: clerk.name, href: p.staffClerk(clerk.id) })),
      t,
    ),
  ];
  const name = nameIn(service, locale);
  const possible = used.length === 0;
  return {
    title: possible ? t('data.remove.title', { name }) : t('data.remove.refused', { name }),
    back: { href: p.staffService(service.id), text: name },
    lead: possible ? t('data.remove.lead') : t('data.remove.refusedLead'),
    uses: used,
    advice: possible || service.retiredAt !== null ? null : t('data.remove.instead'),
    button: possible ? t('data.remove.button') : null,
    action: p.staffServiceDeletion(service.id),
    version: service.version,
    value: null,
    instead:
      possible || service.retiredAt !== null
        ? null
        : { href: p.staffServiceRetirement(service.id), text: t('data.retire.short') },
  };
}

/** Asks whether to retire it or to take it back. */
export function presentServiceRetirement(service: ServiceRecord, locale: Locale): ConfirmView {
  const t = translator(locale);
  const p = pathsFor(locale);
  const name = nameIn(service, locale);
  const retires = service.retiredAt === null;
  return {
    title: retires ? t('data.retire.title', { name }) : t('data.restore.title', { name }),
    back: { href: p.staffService(service.id), text: name },
    lead: retires ? t('data.retire.lead') : t('data.restore.lead'),
    uses: [],
    advice: null,
    button: retires ? t('data.retire.button') : t('data.restore.button'),
    action: p.staffServiceRetirement(service.id),
    version: service.version,
    value: retires ? '1' : '0',
    instead: null,
  };
}
