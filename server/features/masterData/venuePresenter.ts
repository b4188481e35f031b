import type { Response } from 'express';
import type { Coordinates } from '../../domain/geo.ts';
import { NO_ERRORS, type Entered, type FormErrors } from '../../web/form.ts';
import { longDate, shortDate } from '../../web/format.ts';
import type { Translate } from '../../web/locale.ts';
import type { MasterDataDeps } from './deps.ts';
import type { ListRow } from './list.ts';
import { retirementLinks, todayOf, tourLine } from './listConfirm.ts';
import {
  fieldMaker,
  municipalityField,
  NO_PANEL,
  positionSection,
  section,
  type Asker,
  type FormView,
  type Panel,
  type StaleView,
} from './listPage.ts';
import type { ClosingRecord, VenueRecord } from './ports.ts';
import { VENUE_FIELDS, venueTexts, WEEKDAY_FIELDS, type VenueValues } from './venueFields.ts';

/** "Gemeindeamt, Schönberg" */
export function venueLabel({ name, locality }: Pick<VenueValues, 'name' | 'locality'>): string {
  return `${name}, ${locality}`;
}

export function presentVenueRow(
  { t, p }: Asker,
  venue: VenueRecord,
  municipalities: ReadonlyMap<number, string>,
): ListRow {
  const several = municipalities.size > 1;
  return {
    href: p.staffVenue(venue.id),
    name: venueLabel(venue),
    detail: `${venue.street}, ${venue.postcode} ${venue.city}`,
    facts: [
      venue.stepFree ? t('common.stepFree') : t('common.notStepFree'),
      ...(several ? [municipalities.get(venue.municipalityId) ?? ''] : []),
    ],
    retired: venue.retiredAt !== null,
    mark: null,
  };
}

/** Fields of the form with their labels, in order. */
export function venueLabels(t: Translate): Record<string, string> {
  return {
    kommune: t('data.municipality'),
    ...Object.fromEntries(
      VENUE_FIELDS.map((field) => [
        field,
        (WEEKDAY_FIELDS as readonly string[]).includes(field)
          ? t('venues.openOn', { day: t(`data.weekday.${field}`) })
          : t(`venues.fields.${field}`),
      ]),
    ),
  };
}

/** Which fields an address that is chosen fills. */
function addressSuggest(t: Translate, p: Asker['p']) {
  const fill = { strasse: 'street', plz: 'postcode', stadt: 'city', breite: 'lat', laenge: 'lon' };
  return { url: p.addressSuggestions(), label: t('venues.suggestions'), fill: JSON.stringify(fill) };
}

export interface VenueForm {
  venue: VenueRecord | null;
  entered: Entered;
  errors?: FormErrors;
  stale?: StaleView | null;
  municipalities: readonly { id: number; name: string; at: Coordinates }[];
  /** Other venues, as names on the map. */
  around: readonly VenueRecord[];
  panels: readonly Panel[];
}

export function presentVenueForm(deps: Pick<MasterDataDeps, 'map'>, asker: Asker, form: VenueForm): FormView {
  const { t, p } = asker;
  const { venue, entered } = form;
  const make = fieldMaker(entered, form.errors ?? NO_ERRORS);
  const labels = venueLabels(t);
  const input = (id: string, options = {}) => make.input(id, labels[id] ?? '', options);
  const optional = { optional: true };
  const yes = { value: 'ja', name: t('data.yes') };
  const no = { value: 'nein', name: t('data.no') };
  const known = (id: string) => make.radios(id, labels[id] ?? '', [yes, no, { value: '', name: t('data.notKnown') }]);
  const around = form.around.filter(({ id, retiredAt }) => id !== venue?.id && retiredAt === null);
  return {
    title: venue === null ? t('venues.newTitle') : venueLabel(venue),
    lead: venue === null ? t('venues.newLead') : null,
    back: { href: p.staffVenues(), text: t('venues.title') },
    state: venue === null || venue.retiredAt === null ? null : t('data.retired'),
    action: p.staffVenue(venue?.id ?? 'neu'),
    version: venue?.version ?? null,
    submit: t('staff.form.save'),
    stale: form.stale ?? null,
    panels: form.panels,
    more:
      venue === null
        ? []
        : retirementLinks(asker, venue.retiredAt, {
            retirement: p.staffVenueRetirement(venue.id),
            deletion: p.staffVenueDeletion(venue.id),
          }),
    sections: [
      section('anschrift', t('venues.sections.address'), [
        municipalityField(asker, make, form.municipalities),
        input('name', { hint: t('venues.hints.name'), maxlength: 160 }),
        input('ort', { hint: t('venues.hints.ort'), maxlength: 120 }),
        input('strasse', { maxlength: 160, suggest: addressSuggest(t, p) }),
        input('plz', { inputmode: 'numeric', maxlength: 5, narrow: true }),
        input('stadt', { maxlength: 120 }),
      ]),
      positionSection(asker, make, deps.map, {
        around: around.map((other) => ({ at: other.at, name: other.locality })),
        center: venue?.at ?? form.municipalities[0]?.at ?? null,
      }),
      section('zugang-abschnitt', t('venues.sections.access'), [
        make.radios('stufenfrei', labels['stufenfrei'] ?? '', [yes, no], { hint: t('venues.hints.stufenfrei') }),
        input('zugang', { ...optional, hint: t('venues.hints.zugang'), maxlength: 300 }),
        input('zugang_en', { ...optional, hint: t('venues.hints.zugang_en'), maxlength: 300 }),
      ]),
      section(
        'oeffnung',
        t('venues.sections.windows'),
        WEEKDAY_FIELDS.map((day) => make.input(day, t(`data.weekday.${day}`), { maxlength: 120 })),
        {
          text: t('venues.windowsText'),
          two: true,
        },
      ),
      section(
        'ausstattung',
        t('venues.sections.checklist'),
        [
          known('steckdose'),
          known('tisch'),
          known('funknetz'),
          make.textarea('hinweis', labels['hinweis'] ?? '', { ...optional, rows: 3, maxlength: 500 }),
        ],
        { text: t('venues.checklistText') },
      ),
      section(
        'kontakt',
        t('venues.sections.contact'),
        [
          input('kontakt_name', { ...optional, maxlength: 120 }),
          input('kontakt_telefon', { ...optional, type: 'tel', inputmode: 'tel', maxlength: 40 }),
          input('kontakt_mail', { ...optional, type: 'email', inputmode: 'email', plain: true, maxlength: 254 }),
        ],
        { text: t('venues.contactText') },
      ),
    ],
  };
}

/** Coming visits, closing days and the pages citizens see. */
export async function venuePanels(
  deps: MasterDataDeps,
  asker: Asker,
  response: Response,
  venue: VenueRecord,
): Promise<Panel[]> {
  const { t, p } = asker;
  const today = todayOf(deps);
  const [visits, closings] = await Promise.all([
    deps.venues.visits(venue.id, { from: today, limit: 10 }),
    deps.venues.closings(venue.id, today),
  ]);
  const rest = visits.total - visits.first.length;
  return [
    {
      ...NO_PANEL,
      id: 'besuche',
      title: t('venues.panels.visits'),
      text: visits.total === 0 ? t('venues.panels.noVisits') : null,
      items: [
        ...visits.first.map(tourLine(asker, response)),
        ...(rest > 0 ? [{ href: null, text: t('data.uses.more', { count: rest }) }] : []),
      ],
    },
    {
      ...NO_PANEL,
      id: 'schliesstage',
      title: t('venues.panels.closings'),
      text: closings.length === 0 ? t('venues.panels.noClosings') : null,
      items: [
        ...closings.map((closing) => ({ href: null, text: closingLine(closing, asker) })),
        { href: p.staffClosingDays({ standort: venue.id }), text: t('venues.panels.addClosing') },
      ],
    },
    ...(venue.retiredAt === null
      ? [
          {
            ...NO_PANEL,
            id: 'oeffentlich',
            title: t('venues.panels.public'),
            items: [
              { href: p.venue(venue.slug), text: t('venues.panels.page') },
              { href: p.venuePoster(venue.slug), text: t('venues.panels.poster') },
              ...(await timetableLine(deps, asker, venue)),
            ],
          },
        ]
      : []),
  ];
}

async function timetableLine(deps: MasterDataDeps, { t, p }: Asker, venue: VenueRecord) {
  const municipality = await deps.municipalities.find(venue.municipalityId);
  return municipality === undefined
    ? []
    : [{ href: p.timetable(municipality.slug), text: t('venues.panels.timetable', { name: municipality.name }) }];
}

/** "24. Dezember bis Freitag, 1. Januar 2027: Betriebsferien" */
export function closingLine(
  { fromDate, toDate, reason }: Pick<ClosingRecord, 'fromDate' | 'toDate' | 'reason'>,
  asker: Pick<Asker, 't' | 'locale'>,
): string {
  return `${spanOfDays(fromDate, toDate, asker)}: ${reason}`;
}

export function spanOfDays(from: string, to: string, { t, locale }: Pick<Asker, 't' | 'locale'>): string {
  return from === to
    ? longDate(from, locale)
    : t('data.days', {
        from: from.slice(0, 4) === to.slice(0, 4) ? shortDate(from, locale) : longDate(from, locale),
        to: longDate(to, locale),
      });
}

/** A venue as the history shows it, in German. */
export function venuePicture(values: VenueValues, municipality: string): Record<string, string | null> {
  const texts = venueTexts(values);
  const position = `${texts.breite} ${texts.laenge}`;
  const windows = WEEKDAY_FIELDS.flatMap((day) =>
    texts[day] === '' ? [] : [`${day.slice(0, 1).toUpperCase()}${day.slice(1)} ${texts[day]}`],
  ).join('; ');
  return {
    municipality,
    name: texts.name,
    locality: texts.ort,
    street: texts.strasse,
    postcode: texts.plz,
    city: texts.stadt,
    position,
    stepFree: texts.stufenfrei,
    access: texts.zugang,
    accessEn: texts.zugang_en,
    socket: texts.steckdose,
    table: texts.tisch,
    signal: texts.funknetz,
    note: texts.hinweis,
    windows,
    contactName: texts.kontakt_name,
    contactPhone: texts.kontakt_telefon,
    contactEmail: texts.kontakt_mail,
  };
}
