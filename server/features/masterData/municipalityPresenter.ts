import { NEW } from '../../paths.ts';
import { NO_ERRORS, type Entered, type FormErrors } from '../../web/form.ts';
import type { Translate } from '../../web/locale.ts';
import type { MasterDataDeps } from './deps.ts';
import {
  fieldMaker,
  NO_PANEL,
  positionSection,
  section,
  type Asker,
  type FormView,
  type StaleView,
} from './listPage.ts';
import { SETTINGS, STATES, type Setting } from './municipalityFields.ts';
import type { MunicipalityRecord } from './ports.ts';

const TEXT_FIELDS = ['name', 'amt', 'ags', 'mail', 'telefon', 'anschrift', 'impressum', 'land', 'karte'] as const;

/** Fields of the form with their labels, in order. */
export function municipalityLabels(t: Translate): Record<string, string> {
  const label = (field: string): [string, string] => [field, t(`municipalities.fields.${field}`)];
  return {
    ...Object.fromEntries(TEXT_FIELDS.slice(0, 6).map(label)),
    breite: t('data.position.lat'),
    laenge: t('data.position.lon'),
    ...Object.fromEntries(TEXT_FIELDS.slice(6).map(label)),
    ...Object.fromEntries(SETTINGS.map(({ field }) => label(field))),
  };
}

export function presentMunicipalityForm(
  deps: Pick<MasterDataDeps, 'map'>,
  asker: Asker,
  form: {
    municipality: MunicipalityRecord | null;
    entered: Entered;
    errors?: FormErrors;
    stale?: StaleView;
    around: readonly MunicipalityRecord[];
  },
): FormView {
  const { t, p } = asker;
  const { municipality, entered } = form;
  const make = fieldMaker(entered, form.errors ?? NO_ERRORS);
  const labels = municipalityLabels(t);
  const input = (id: string, options = {}) => make.input(id, labels[id] ?? '', options);
  const settings = (group: Setting['group']) =>
    SETTINGS.filter((one) => one.group === group).map(({ field, min, max }) =>
      input(field, {
        hint: `${t(`municipalities.hints.${field}`)} ${t('municipalities.bounds', { min, max })}`,
        inputmode: 'numeric',
        maxlength: 6,
        narrow: true,
      }),
    );
  const states = Object.values(STATES)
    .map((value) => ({ value, name: t(`municipalities.state.${value}`) }))
    .sort((a, b) => a.name.localeCompare(b.name, asker.locale));
  return {
    title: municipality === null ? t('municipalities.newTitle') : municipality.name,
    lead: municipality === null ? t('municipalities.newLead') : null,
    back: { href: p.staffMunicipalities(), text: t('municipalities.title') },
    state: null,
    action: p.staffMunicipality(municipality?.id ?? NEW),
    version: municipality?.version ?? null,
    submit: t('staff.form.save'),
    stale: form.stale ?? null,
    more: [],
    panels:
      municipality === null
        ? []
        : [
            {
              ...NO_PANEL,
              id: 'nachrichten',
              title: t('messageSettings.panel.title'),
              text: t('messageSettings.panel.text'),
              items: [
                { href: p.staffMunicipalityMessages(municipality.id), text: t('messageSettings.panel.open') },
                { href: p.staffMunicipalityTexts(municipality.id), text: t('messageSettings.textsLink') },
              ],
            },
            {
              ...NO_PANEL,
              id: 'oeffentlich',
              title: t('municipalities.panels.public'),
              text: t('municipalities.panels.slug', { slug: municipality.slug }),
              items: [
                { href: p.timetable(municipality.slug), text: t('municipalities.panels.timetable') },
                { href: p.imprint(), text: t('municipalities.panels.imprint') },
              ],
            },
          ],
    sections: [
      section('kommune-abschnitt', t('municipalities.sections.what'), [
        input('name', { maxlength: 120 }),
        input('amt', { hint: t('municipalities.hints.amt'), maxlength: 160 }),
        input('ags', { hint: t('municipalities.hints.ags'), inputmode: 'numeric', maxlength: 12, narrow: true }),
        input('mail', { optional: true, type: 'email', inputmode: 'email', plain: true, maxlength: 254 }),
        input('telefon', { optional: true, type: 'tel', inputmode: 'tel', maxlength: 40 }),
        make.textarea('anschrift', labels['anschrift'] ?? '', {
          hint: t('municipalities.hints.anschrift'),
          rows: 4,
          maxlength: 500,
        }),
      ]),
      positionSection(asker, make, deps.map, {
        around: form.around.filter(({ id }) => id !== municipality?.id),
        center: municipality?.at ?? null,
      }),
      section('oeffentlich-abschnitt', t('municipalities.sections.public'), [
        make.textarea('impressum', labels['impressum'] ?? '', {
          optional: true,
          hint: t('municipalities.hints.impressum'),
          rows: 8,
          maxlength: 4000,
        }),
        make.select('land', labels['land'] ?? '', states, { hint: t('municipalities.hints.land') }),
        make.checks(
          'karte',
          t('municipalities.payment'),
          [{ value: '1', name: labels['karte'] ?? '' }],
          entered['karte'] === '1' ? ['1'] : [],
        ),
      ]),
      section('buchung', t('municipalities.sections.booking'), settings('booking'), {
        text: t('municipalities.bookingText'),
      }),
      section('hotline', t('municipalities.sections.hotline'), settings('hotline'), {
        text: t('municipalities.hotlineText'),
      }),
      section('arbeit', t('municipalities.sections.work'), settings('work'), { text: t('municipalities.workText') }),
      section('spaeter', t('municipalities.sections.later'), settings('later'), {
        text: t('municipalities.laterText'),
      }),
    ],
  };
}
