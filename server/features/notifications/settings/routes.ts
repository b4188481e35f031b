import { Router, type NextFunction, type Request, type Response } from 'express';
import { changesBetween } from '../../../domain/audit.ts';
import type { Delivery } from '../../../domain/messages/message.ts';
import { ROUTES } from '../../../paths.ts';
import { addError, enteredFields, parseForm, type Entered, type FormErrors } from '../../../web/form.ts';
import { translator } from '../../../web/locale.ts';
import { actorOf } from '../../../web/session.ts';
import { z } from 'zod';
import { askerOf, municipalityOf, savingOf, staleView, takeFlash, versionOf, type Asker } from './asking.ts';
import type { MessageSettingsDeps } from './deps.ts';
import type { Rules } from './ports.ts';
import { presentSettings, type Sent, type TrialFault } from './presenter.ts';
import {
  addressField,
  passwordChange,
  RELAY_FIELDS,
  relayPicture,
  relaySchema,
  relayTexts,
  RULES,
  RULE_KEYS,
  rulesOf,
  rulesPicture,
} from './relayFields.ts';
import { textRoutes } from './textRoutes.ts';
import { createTrialLimit } from './trialLimit.ts';

/** How a municipality writes to citizens: its mail server, what it asks and when it reminds, its own words. */
export function messageSettingsRoutes(deps: MessageSettingsDeps): Router {
  const router = Router();
  const german = translator('de');
  const trials = createTrialLimit();

  async function show(
    request: Request,
    response: Response,
    municipality: Rules,
    more: { sent?: Sent; trial?: TrialFault } = {},
  ): Promise<void> {
    const asker = askerOf(response);
    const relay = await deps.relays.stored(municipality.id);
    const page = presentSettings(deps.installation, asker, {
      municipality,
      relay,
      ownAddress: actorOf(response).email,
      ...more,
    });
    const errors = more.sent?.errors?.list ?? [];
    const refused = errors.length > 0 || page.stale !== null || more.trial !== undefined;
    await deps.render(request, response, {
      view: 'notifications/settings',
      title: refused ? asker.t('staff.form.errorPrefix') + page.title : page.title,
      staff: 'masterData',
      status: refused ? 422 : 200,
      locals: { page, errors, flash: takeFlash(request) },
    });
  }

  function saved(request: Request, response: Response, { t, p }: Asker, { id }: Rules, text: string): void {
    request.session.flash = { kind: 'success', text: t(text) };
    response.redirect(303, p.staffMunicipalityMessages(id));
  }

  async function saveRelay(request: Request, response: Response, municipality: Rules): Promise<void> {
    const asker = askerOf(response);
    const { t } = asker;
    const fields = enteredFields(request.body);
    const entered: Entered = { ...fields, kennwort: '' }; // never shown again
    const before = await deps.relays.stored(municipality.id);
    const parsed = parseForm(relaySchema, fields, t);
    const refuse = (errors: FormErrors) =>
      show(request, response, municipality, { sent: { part: 'postausgang', entered, errors } });
    if (!parsed.ok) return refuse(parsed.errors);
    const { value } = parsed;
    const version = versionOf(fields);
    const stale = async (): Promise<void> => {
      const stored = await deps.relays.stored(municipality.id);
      const texts: Entered = stored === null ? {} : relayTexts(stored);
      const differences = RELAY_FIELDS.map((field) => ({
        label: t(`messageSettings.relay.fields.${field}`),
        typed: entered[field] ?? '',
        stored: texts[field] ?? '',
      }));
      const view = await staleView(deps, asker, municipality.id, differences);
      return show(request, response, municipality, { sent: { part: 'postausgang', entered, stale: view } });
    };
    const typed = { password: rawText(request.body, 'kennwort'), clears: fields['kennwort_loeschen'] === '1' };
    const changes = changesBetween(relayPicture(before, german), relayPicture(value, german));
    // Sent twice: the first one has made it so.
    if (before !== null && changes.length === 0 && typed.password === '' && !typed.clears) {
      return saved(request, response, asker, municipality, 'messageSettings.saved.relay');
    }
    if ((before?.version ?? 0) !== version) return stale();
    const password = passwordChange(typed, value, before, deps.installation.keepsPasswords);
    if (password.kind === 'fault') {
      const [key = '', max] = password.text.split('?max=');
      const errors: FormErrors = { list: [], fields: {} };
      addError(errors, 'kennwort', t(key, max === undefined ? {} : { max }));
      return refuse(errors);
    }
    const hadPassword = before !== null && before.password !== 'none';
    const passwordSays = {
      keep: null,
      clear: hadPassword ? german('messageSettings.history.passwordDeleted') : null,
      set: german('messageSettings.history.passwordChanged'),
    }[password.kind];
    const outcome = await deps.relays.save(
      municipality.id,
      version,
      value,
      password,
      savingOf(deps, response, municipality, [
        ...changes,
        ...(passwordSays === null
          ? []
          : [{ field: german('messageSettings.relay.fields.kennwort'), from: null, to: passwordSays }]),
      ]),
    );
    if (outcome !== 'saved') return stale();
    saved(request, response, asker, municipality, 'messageSettings.saved.relay');
  }

  async function removeRelay(request: Request, response: Response, municipality: Rules): Promise<void> {
    const asker = askerOf(response);
    const { t } = asker;
    const entered = enteredFields(request.body);
    const before = await deps.relays.stored(municipality.id);
    if (before !== null) {
      if (entered['sicher'] !== '1') {
        const errors: FormErrors = { list: [], fields: {} };
        addError(errors, 'sicher', t('messageSettings.errors.sure'));
        return show(request, response, municipality, { sent: { part: 'entfernen', entered, errors } });
      }
      const changes = changesBetween(relayPicture(before, german), relayPicture(null, german));
      const saving = savingOf(deps, response, municipality, changes);
      if ((await deps.relays.remove(municipality.id, versionOf(entered), saving)) === 'stale') {
        const view = await staleView(deps, asker, municipality.id, []);
        return show(request, response, municipality, { sent: { part: 'entfernen', entered, stale: view } });
      }
    }
    saved(request, response, asker, municipality, 'messageSettings.saved.removed');
  }

  async function saveRules(request: Request, response: Response, municipality: Rules): Promise<void> {
    const asker = askerOf(response);
    const { t } = asker;
    const entered = enteredFields(request.body);
    const rules = rulesOf(entered);
    const changes = changesBetween(rulesPicture(municipality, german), rulesPicture(rules, german));
    if (changes.length > 0) {
      const saving = savingOf(deps, response, municipality, changes);
      if ((await deps.relays.saveRules(municipality.id, versionOf(entered), rules, saving)) === 'stale') {
        const current = (await deps.relays.rules(municipality.id)) ?? municipality;
        const said = (yes: boolean): string => t(yes ? 'data.yes' : 'data.no');
        const differences = RULES.map((field) => ({
          label: t(`messageSettings.rules.fields.${field}`),
          typed: said(rules[RULE_KEYS[field]]),
          stored: said(current[RULE_KEYS[field]]),
        }));
        const view = await staleView(deps, asker, municipality.id, differences);
        return show(request, response, current, { sent: { part: 'regeln', entered, stale: view } });
      }
    }
    saved(request, response, asker, municipality, 'messageSettings.saved.rules');
  }

  router
    .route(ROUTES.staffMunicipalityMessages)
    .get(async (request, response, next) => {
      const municipality = await municipalityOf(deps, request, response);
      return municipality === undefined ? next() : show(request, response, municipality);
    })
    .post(async (request, response, next) => {
      const municipality = await municipalityOf(deps, request, response);
      if (municipality === undefined) return next();
      const { teil } = enteredFields(request.body);
      if (teil === 'postausgang') return saveRelay(request, response, municipality);
      if (teil === 'entfernen') return removeRelay(request, response, municipality);
      if (teil === 'regeln') return saveRules(request, response, municipality);
      response.redirect(303, askerOf(response).p.staffMunicipalityMessages(municipality.id));
    });

  router
    .route(ROUTES.staffMunicipalityTrial)
    .get(async (request: Request, response: Response, next: NextFunction) => {
      // Where somebody lands who changes the language after a trial that failed.
      const municipality = await municipalityOf(deps, request, response);
      if (municipality === undefined) return next();
      response.redirect(303, askerOf(response).p.staffMunicipalityMessages(municipality.id));
    })
    .post(async (request: Request, response: Response, next: NextFunction) => {
      const municipality = await municipalityOf(deps, request, response);
      if (municipality === undefined) return next();
      const { t, p, locale } = askerOf(response);
      const entered = enteredFields(request.body);
      const parsed = parseForm(trialSchema, entered, t);
      const sent: Sent = { part: 'probe', entered };
      if (!parsed.ok) {
        return show(request, response, municipality, { sent: { ...sent, errors: parsed.errors } });
      }
      const { demonstration, mail } = deps.installation;
      const fault = (text: string, details: string | null = null) =>
        show(request, response, municipality, { sent, trial: { text, details } });
      if (demonstration) return fault(t('messageSettings.trial.demonstration'));
      if (mail === null && (await deps.relays.stored(municipality.id)) === null) {
        return fault(t('messageSettings.trial.none'));
      }
      if (!trials.take(actorOf(response).userId, deps.clock.now())) return fault(t('messageSettings.trial.tooMany'));
      const to = parsed.value.an;
      const words = {
        subject: t('messageSettings.trial.subject', { name: municipality.name }),
        text: `${t('messageSettings.trial.body', { name: municipality.name })}\n`,
        html: null,
        calendar: null,
      };
      const delivery = await deps.trial(municipality.id, to, words, locale);
      if (delivery.kind === 'sent') {
        request.session.flash = { kind: 'success', text: t('messageSettings.trial.sent', { to }) };
        response.redirect(303, p.staffMunicipalityMessages(municipality.id));
        return;
      }
      const { what, details } = trialFault(delivery);
      return fault(t(`messageSettings.trial.faults.${what}`), details);
    });

  router.use(textRoutes(deps));
  return router;
}

const trialSchema = z.object({ an: addressField });

/** What gateways put in front of a reason. */
const FAULTS = ['connection', 'tls', 'login', 'sender', 'recipient', 'message'] as const;

/** Where sending failed, and what the mail server said; 'other': nobody knows where. */
function trialFault({ kind, reason }: Exclude<Delivery, { kind: 'sent' }>) {
  const fault = FAULTS.find((one) => reason.startsWith(`${one}: `));
  const details = fault === undefined ? reason : reason.slice(fault.length + 2);
  return {
    what: kind === 'later' && fault !== 'login' && fault !== 'connection' ? 'later' : (fault ?? 'other'),
    details: details.trim() === '' ? null : details,
  };
}

/** A field as it was typed: blanks may be part of a password. */
function rawText(body: unknown, name: string): string {
  const value = ((body ?? {}) as Record<string, unknown>)[name];
  return typeof value === 'string' ? value.replaceAll('\0', '') : '';
}
