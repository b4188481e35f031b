import { isIn } from '../../domain/access.ts';
import type { LocalDate } from '../../domain/time.ts';
import { NEW } from '../../paths.ts';
import { NO_ERRORS, type Entered, type FormErrors } from '../../web/form.ts';
import { duration, longDate } from '../../web/format.ts';
import type { Locale, Translate } from '../../web/locale.ts';
import { hourFields, parseHours, weeklyMinutes, WEEKDAYS, type ClerkEntered } from './clerkFields.ts';
import { ABSENCE_KINDS, type Absence, type ClerkChoices, type ClerkRecord, type ClerkTour } from './clerkPorts.ts';
import { presentList, type ListQuery, type ListView } from './list.ts';
import { retirementLinks } from './listConfirm.ts';
import { fieldMaker, type Asker, type Line } from './listPage.ts';
import type { Differences } from './servicePage.ts';

/** '24. Dezember 2026' or '24. Dezember 2026 bis 2. Januar 2027', without weekdays. */
export function absenceDays({ fromDate, toDate }: Pick<Absence, 'fromDate' | 'toDate'>, t: Translate, locale: Locale) {
  const day = (date: LocalDate): string => longDate(date, locale).replace(/^[^,]*, /, '');
  return fromDate === toDate ? day(fromDate) : t('clerks.absence.span', { from: day(fromDate), to: day(toDate) });
}

/** Tours within the days of an absence that are not cancelled. */
export function toursWithin(
  { fromDate, toDate }: Pick<Absence, 'fromDate' | 'toDate'>,
  tours: readonly ClerkTour[],
): ClerkTour[] {
  return tours.filter((tour) => tour.date >= fromDate && tour.date <= toDate && tour.state !== 'cancelled');
}

export function presentClerkList(
  { t, p, locale }: Asker,
  clerks: readonly ClerkRecord[],
  about: { query: ListQuery; choices: ClerkChoices; absences: readonly Absence[]; today: LocalDate },
): ListView {
  const { query, choices, absences, today } = about;
  const nameOf = (id: number): string => choices.municipalities.find((one) => one.id === id)?.name ?? '';
  const several = choices.municipalities.length > 1;
  return presentList(
    {
      t,
      query,
      title: t('clerks.list.title'),
      backHref: p.masterData(),
      action: p.staffClerks(),
      add: { href: p.staffClerk(NEW), text: t('clerks.list.add') },
      municipalities: choices.municipalities,
      emptyTitle: t('clerks.list.empty'),
      emptyText: t('clerks.list.emptyText'),
    },
    clerks.map((clerk) => ({
      clerk,
      municipalityId: clerk.municipalityId,
      retired: clerk.retiredAt !== null,
      texts: [clerk.name, nameOf(clerk.municipalityId)],
    })),
    ({ clerk, retired }) => {
      const absent = absences.find((one) => one.clerkId === clerk.id && one.fromDate <= today);
      const minutes = weeklyMinutes(clerk.hours);
      return {
        href: p.staffClerk(clerk.id),
        name: clerk.name,
        detail: several ? nameOf(clerk.municipalityId) : '',
        facts: [
          ...(absent === undefined
            ? []
            : [t('clerks.list.absentUntil', { date: absenceDays({ ...absent, fromDate: absent.toDate }, t, locale) })]),
          t('clerks.list.services', { count: clerk.qualifications.length }),
          minutes === 0 ? t('clerks.list.noHours') : t('clerks.list.hours', { hours: duration(minutes, locale) }),
        ],
        retired,
        mark: null,
      };
    },
  );
}

export interface ClerkFormInput {
  /** Null: a new one. */
  clerk: ClerkRecord | null;
  entered: ClerkEntered;
  version: number;
  choices: ClerkChoices;
  errors?: FormErrors;
  stale?: Differences | null;
  /** Absences that have not ended. */
  absences: readonly Absence[];
}

export function presentClerkForm({ t, p, locale }: Asker, input: ClerkFormInput) {
  const { clerk, entered, choices, errors = NO_ERRORS } = input;
  const make = fieldMaker(entered.fields, errors);
  const several = choices.municipalities.length > 1;
  const { hours } = parseHours(entered.fields);
  const total = weeklyMinutes(hours);
  return {
    heading: clerk === null ? t('clerks.form.new') : clerk.name,
    back: { href: p.staffClerks(), text: t('clerks.list.title') },
    state: clerk !== null && clerk.retiredAt !== null ? t('data.retired') : null,
    version: input.version,
    errors: errors.list,
    stale: input.stale ?? null,
    name: make.input('name', t('clerks.field.name'), { maxlength: 120 }),
    municipality: make.select(
      'kommune',
      t('data.municipality'),
      choices.municipalities.map(({ id, name }) => ({ value: String(id), name })),
      several ? { empty: t('staff.form.choose') } : {},
    ),
    depot: make.select(
      'depot',
      t('clerks.field.depot'),
      choices.depots
        .filter(({ id, retired }) => !retired || String(id) === entered.fields['depot'])
        .map(({ id, name, municipalityId }) => ({
          value: String(id),
          name: several
            ? `${name} (${choices.municipalities.find((one) => one.id === municipalityId)?.name ?? '–'})`
            : name,
        })),
      { empty: t('clerks.form.noDepot'), hint: t('clerks.form.depotHint') },
    ),
    user: make.select(
      'nutzer',
      t('clerks.field.nutzer'),
      choices.users.map(({ id, name, email }) => ({ value: String(id), name: `${name}, ${email}` })),
      { empty: t('clerks.form.noUser'), hint: t('clerks.form.userHint') },
    ),
    services: {
      id: 'leistungen',
      name: 'leistung',
      legend: t('clerks.field.leistungen'),
      columns: true,
      options: choices.services
        .filter(({ id, retired }) => !retired || entered.services.includes(String(id)))
        .map(({ id, name, retired }) => ({
          value: String(id),
          name,
          hint: retired ? t('data.retired') : undefined,
          checked: entered.services.includes(String(id)),
        })),
    },
    days: WEEKDAYS.map((weekday) => {
      const names = hourFields(weekday);
      const day = t(`clerks.weekday.${weekday}`);
      const time = (id: string, which: string) => ({
        id,
        label: which,
        spoken: t('clerks.form.timeOfDay', { day, which }),
        value: entered.fields[id] ?? '',
        error: errors.fields[id] ?? null,
      });
      return { name: day, from: time(names.from, t('clerks.form.from')), to: time(names.to, t('clerks.form.to')) };
    }),
    sum: total === 0 ? t('clerks.form.noSum') : t('clerks.form.sum', { hours: duration(total, locale) }),
    absences:
      clerk === null
        ? null
        : {
            href: p.staffClerkAbsences(clerk.id),
            items: input.absences.map((one) =>
              t('clerks.absence.line', { days: absenceDays(one, t, locale), kind: t(`clerks.kind.${one.kind}`) }),
            ),
          },
    more:
      clerk === null
        ? []
        : retirementLinks({ t, p, locale, scope: 'all' }, clerk.retiredAt, {
            retirement: p.staffClerkRetirement(clerk.id),
            deletion: p.staffClerkDeletion(clerk.id),
          }),
  };
}

/** A tour as a line, with its link for who may see it. */
export function presentTour({ t, p, locale, scope }: Asker, tour: ClerkTour): Line {
  const state = tour.state === 'published' ? '' : ` (${t(`data.tourState.${tour.state}`)})`;
  return { href: isIn(scope, tour.municipalityId) ? p.tour(tour.id) : null, text: longDate(tour.date, locale) + state };
}

export function presentAbsences(
  asker: Asker,
  clerk: ClerkRecord,
  about: {
    absences: readonly Absence[];
    tours: readonly ClerkTour[];
    entered: Entered;
    errors?: FormErrors;
    today: LocalDate;
  },
) {
  const { t, p, locale } = asker;
  const { entered, errors = NO_ERRORS } = about;
  const make = fieldMaker(entered, errors);
  return {
    heading: t('clerks.absence.title', { name: clerk.name }),
    back: { href: p.staffClerk(clerk.id), text: clerk.name },
    errors: errors.list,
    action: p.staffClerkAbsences(clerk.id),
    items: about.absences.map((absence) => ({
      days: absenceDays(absence, t, locale),
      kind: t(`clerks.kind.${absence.kind}`),
      now: absence.fromDate <= about.today,
      tours: toursWithin(absence, about.tours).map((tour) => presentTour(asker, tour)),
      deletionHref: p.staffAbsenceDeletion(absence.id),
    })),
    from: make.input('von', t('clerks.field.von'), { type: 'date' }),
    to: make.input('bis', t('clerks.field.bis'), { type: 'date' }),
    kind: make.radios(
      'art',
      t('clerks.field.art'),
      ABSENCE_KINDS.map((kind) => ({ value: kind, name: t(`clerks.kind.${kind}`) })),
      { hint: t('clerks.absence.kindHint') },
    ),
  };
}
