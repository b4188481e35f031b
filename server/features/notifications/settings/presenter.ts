import { NO_ERRORS, type Entered, type FormErrors } from '../../../web/form.ts';
import type { Asker, StaleView } from './asking.ts';
import type { Installation, Rules, StoredRelay } from './ports.ts';
import { RULE_KEYS, RULES, relayTexts, type RuleField } from './relayFields.ts';

/** The page "So schreibt die Kommune", for views/notifications/settings.ejs. */

/** One of the forms of the page. */
export type Part = 'postausgang' | 'entfernen' | 'regeln' | 'probe';

/** What was sent with one of the forms, when the page is shown again. */
export interface Sent {
  part: Part;
  entered: Entered;
  errors?: FormErrors;
  stale?: StaleView;
}

/** What came of a trial mail that did not go out. */
export interface TrialFault {
  text: string;
  /** In the words of the mail server; null: it said nothing. */
  details: string | null;
}

export interface Shown {
  municipality: Rules;
  relay: StoredRelay | null;
  /** E-mail address of whoever asks. */
  ownAddress: string;
  sent?: Sent;
  trial?: TrialFault;
}

export function presentSettings(installation: Installation, asker: Asker, shown: Shown) {
  const { t, p } = asker;
  const { municipality, relay } = shown;
  const sent = (part: Part): Sent | undefined => (shown.sent?.part === part ? shown.sent : undefined);
  return {
    title: t('messageSettings.title', { name: municipality.name }),
    lead: t('messageSettings.lead'),
    back: { href: p.staffMunicipality(municipality.id), text: municipality.name },
    texts: { href: p.staffMunicipalityTexts(municipality.id), text: t('messageSettings.textsLink') },
    stale: shown.sent?.stale ?? null,
    now: presentNow(installation, asker, shown),
    action: p.staffMunicipalityMessages(municipality.id),
    relay: presentRelay(installation, asker, relay, sent('postausgang')),
    removal: relay === null ? null : presentRemoval(asker, relay, sent('entfernen')),
    trial: presentTrial(installation, asker, shown, sent('probe')),
    rules: presentRules(installation, asker, shown, sent('regeln')),
  };
}

function sendsMail(installation: Installation, relay: StoredRelay | null): boolean {
  return installation.demonstration || relay !== null || installation.mail !== null;
}

function presentNow(installation: Installation, { t }: Asker, { relay }: Shown) {
  const unreadable = relay?.password === 'unreadable' ? [t('messageSettings.now.unreadable')] : [];
  const demonstration = installation.demonstration ? [t('messageSettings.now.demonstration')] : [];
  const text =
    relay !== null
      ? t('messageSettings.now.own', { host: relay.host, from: relay.fromAddress })
      : installation.mail !== null
        ? t('messageSettings.now.installation', installation.mail)
        : installation.demonstration
          ? null
          : t('messageSettings.now.none');
  const isTrouble = unreadable.length > 0 || !sendsMail(installation, relay);
  return { isTrouble, lines: [...(text === null ? [] : [text]), ...unreadable, ...demonstration] };
}

/** Ports of the two ways, for hint and beginning. */
const PORTS = { starttls: '587', tls: '465' } as const;

function presentRelay(installation: Installation, { t }: Asker, relay: StoredRelay | null, sent: Sent | undefined) {
  const beginning: Entered =
    relay === null ? { port: PORTS.starttls, verschluesselung: 'starttls' } : relayTexts(relay);
  const entered = sent?.entered ?? beginning;
  const errors = sent?.errors ?? NO_ERRORS;
  const field = (id: string, more: Record<string, unknown> = {}) => ({
    partial: 'input',
    id,
    label: t(`messageSettings.relay.fields.${id}`),
    value: entered[id] ?? '',
    ...errorOf(errors, id),
    ...more,
  });
  const hint = (id: string) => ({ hint: t(`messageSettings.relay.hints.${id}`) });
  const security = (['starttls', 'tls'] as const).map((value) => ({
    value,
    name: t(`messageSettings.relay.security.${value}`),
    checked: entered['verschluesselung'] === value,
  }));
  const state = relay?.password ?? 'none';
  const password = {
    ...field('kennwort', { type: 'password', autocomplete: 'new-password', plain: true, maxlength: 200 }),
    value: '', // never shown again
    hint: installation.keepsPasswords
      ? t(`messageSettings.relay.password.${state}`)
      : t('messageSettings.relay.password.noKey'),
  };
  const clear = {
    partial: 'checks',
    id: 'kennwort_loeschen',
    name: 'kennwort_loeschen',
    legend: t('messageSettings.relay.clearLegend'),
    options: [
      {
        value: '1',
        name: t('messageSettings.relay.fields.kennwort_loeschen'),
        checked: entered['kennwort_loeschen'] === '1',
      },
    ],
  };
  return {
    version: relay?.version ?? 0,
    fields: [
      field('absendername', { ...hint('absendername'), maxlength: 160 }),
      field('absender', { ...hint('absender'), type: 'email', inputmode: 'email', plain: true, maxlength: 254 }),
      field('antworten', {
        ...hint('antworten'),
        type: 'email',
        inputmode: 'email',
        plain: true,
        maxlength: 254,
        optional: true,
      }),
      field('server', { ...hint('server'), plain: true, maxlength: 253 }),
      field('port', { ...hint('port'), inputmode: 'numeric', maxlength: 5, narrow: true }),
      {
        ...field('verschluesselung', hint('verschluesselung')),
        partial: 'checks',
        kind: 'radio',
        name: 'verschluesselung',
        legend: t('messageSettings.relay.fields.verschluesselung'),
        options: security,
      },
      field('benutzer', { ...hint('benutzer'), plain: true, maxlength: 254, optional: true }),
      password,
      ...(state === 'none' ? [] : [clear]),
    ],
  };
}

function errorOf(errors: FormErrors, id: string): { error?: string } {
  const error = errors.fields[id];
  return error === undefined ? {} : { error };
}

function presentRemoval({ t }: Asker, relay: StoredRelay, sent: Sent | undefined) {
  return {
    version: relay.version,
    field: {
      id: 'sicher',
      name: 'sicher',
      legend: t('messageSettings.removal.legend'),
      options: [{ value: '1', name: t('messageSettings.removal.sure'), checked: false }],
      ...errorOf(sent?.errors ?? NO_ERRORS, 'sicher'),
    },
  };
}

function presentTrial(installation: Installation, { t, p }: Asker, shown: Shown, sent: Sent | undefined) {
  const id = shown.municipality.id;
  return {
    action: p.staffMunicipalityTrial(id),
    none: installation.demonstration
      ? t('messageSettings.trial.demonstration')
      : sendsMail(installation, shown.relay)
        ? null
        : t('messageSettings.trial.none'),
    fault: shown.trial ?? null,
    field: {
      id: 'an',
      label: t('messageSettings.trial.to'),
      type: 'email',
      inputmode: 'email',
      autocomplete: 'email',
      plain: true,
      maxlength: 254,
      value: sent?.entered['an'] ?? shown.ownAddress,
      ...errorOf(sent?.errors ?? NO_ERRORS, 'an'),
    },
  };
}

function presentRules(
  installation: Installation,
  { t, p }: Asker,
  { municipality, relay }: Shown,
  sent: Sent | undefined,
) {
  const mail = sendsMail(installation, relay);
  const possible: Record<RuleField, boolean> = { bestaetigen: mail, erinnern: mail, sms: installation.sms };
  const hints: Record<RuleField, string> = {
    bestaetigen: t('messageSettings.rules.hints.bestaetigen', { count: municipality.confirmationMinutes }),
    erinnern: t('messageSettings.rules.hints.erinnern', { count: municipality.reminderHours }),
    sms: t('messageSettings.rules.hints.sms'),
  };
  return {
    version: municipality.version,
    times: { href: `${p.staffMunicipality(municipality.id)}#spaeter`, text: t('messageSettings.rules.times') },
    fields: RULES.map((id) => ({
      id,
      name: id,
      legend: t(`messageSettings.rules.legends.${id}`),
      hint: possible[id]
        ? hints[id]
        : `${hints[id]} ${t(id === 'sms' ? 'messageSettings.rules.noSms' : 'messageSettings.rules.noMail')}`,
      options: [
        {
          value: '1',
          name: t(`messageSettings.rules.fields.${id}`),
          checked: sent === undefined ? municipality[RULE_KEYS[id]] : sent.entered[id] === '1',
        },
      ],
    })),
  };
}
