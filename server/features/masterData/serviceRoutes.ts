import { Router, type NextFunction, type Request, type Response } from 'express';
import { may } from '../../domain/access.ts';
import { NEW, pathsFor, ROUTES } from '../../paths.ts';
import { addError, enteredFields, listField, type FormErrors } from '../../web/form.ts';
import { translator } from '../../web/locale.ts';
import { localeOf } from '../../web/render.ts';
import { actorOf, NotAllowed } from '../../web/session.ts';
import type { MasterDataDeps } from './deps.ts';
import {
  enteredOfService,
  MOST_FEES,
  parseService,
  pictureOfService,
  type FeeEntered,
  type ServiceEntered,
} from './serviceFields.ts';
import { readListQuery } from './list.ts';
import { slugOf } from './listFields.ts';
import type { ConfirmView } from './listConfirm.ts';
import { idOf, takeFlash, versionOf } from './listPage.ts';
import { changeOf, differences, idOrNew } from './servicePage.ts';
import type { ServiceRecord } from './servicePorts.ts';
import { sharedWords } from './serviceSynonyms.ts';
import {
  emptyService,
  presentServiceDeletion,
  presentServiceFacts,
  presentServiceForm,
  presentServiceList,
  presentServiceRetirement,
  type ServiceFormInput,
} from './servicePresenter.ts';

/** What a request to change a service wants: to save it, or to have one row more or less for its fees. */
type Wish = { kind: 'save' } | { kind: 'addFee' } | { kind: 'removeFee'; index: number };

function wishOf(fields: Readonly<Record<string, string>>): Wish {
  const action = fields['aktion'] ?? '';
  const remove = /^gebuehr-weg-(\d{1,2})$/.exec(action);
  if (remove !== null) {
    return { kind: 'removeFee', index: Number(remove[1]) - 1 };
  }
  return action === 'gebuehr-dazu' ? { kind: 'addFee' } : { kind: 'save' };
}

function readForm(body: unknown): ServiceEntered {
  const fields = enteredFields(body);
  const fees: FeeEntered[] = [];
  for (let number = 1; number <= MOST_FEES && fields[`gebuehr-${number}-ab`] !== undefined; number += 1) {
    fees.push({
      ab: fields[`gebuehr-${number}-ab`] ?? '',
      betrag: fields[`gebuehr-${number}-betrag`] ?? '',
      grundlage: fields[`gebuehr-${number}-grundlage`] ?? '',
    });
  }
  return { fields, needs: listField(body, 'bedarf'), fees };
}

/** The minutes at home count only where there are home visits. */
function withHomeVisit(entered: ServiceEntered): { entered: ServiceEntered; missing: boolean } {
  const wanted = entered.fields['hausbesuch'] === 'ja';
  const minutes = wanted ? (entered.fields['minuten_hausbesuch'] ?? '') : '';
  return {
    entered: { ...entered, fields: { ...entered.fields, minuten_hausbesuch: minutes } },
    missing: wanted && minutes === '',
  };
}

function formOf(service: ServiceRecord): ServiceEntered {
  const entered = enteredOfService(service);
  return {
    ...entered,
    fields: { ...entered.fields, hausbesuch: service.homeMinutes === null ? 'nein' : 'ja' },
  };
}

/** Services belong to the whole installation: planners read them, admins of all municipalities change them. */
export function serviceRoutes(deps: MasterDataDeps): Router {
  const { services, clock, zone } = deps;
  const router = Router();

  async function list(request: Request, response: Response): Promise<void> {
    const locale = localeOf(response);
    await deps.render(request, response, {
      view: 'masterData/list',
      title: translator(locale)('services.list.title'),
      staff: 'masterData',
      locals: {
        list: presentServiceList(
          await services.all(),
          {
            query: readListQuery(request.query, 'all'),
            today: zone.local(clock.now()).date,
            canWrite: may(actorOf(response), 'services.write'),
          },
          locale,
        ),
        flash: takeFlash(request),
      },
    });
  }

  async function formPage(
    request: Request,
    response: Response,
    input: Omit<ServiceFormInput, 'capabilities'>,
    status = 200,
  ): Promise<void> {
    const locale = localeOf(response);
    const t = translator(locale);
    const view = presentServiceForm({ ...input, capabilities: await services.capabilities() }, locale);
    await deps.render(request, response, {
      view: 'masterData/serviceForm',
      title: (status !== 200 ? t('staff.form.errorPrefix') : '') + view.heading,
      staff: 'masterData',
      status,
      locals: { view, errors: view.errors, flash: takeFlash(request) },
    });
  }

  async function show(request: Request, response: Response, next: NextFunction): Promise<void> {
    const id = idOrNew(request);
    const canWrite = may(actorOf(response), 'services.write');
    if (id === NEW) {
      if (!canWrite) {
        throw new NotAllowed();
      }
      const position = Math.max(0, ...(await services.all()).map((one) => one.position)) + 10;
      await formPage(request, response, { service: null, entered: emptyService(position), version: 0 });
      return;
    }
    const service = id === null ? undefined : await services.find(id);
    if (service === undefined) {
      next();
    } else if (canWrite) {
      await formPage(request, response, { service, entered: formOf(service), version: service.version });
    } else {
      const view = presentServiceFacts(service, localeOf(response));
      await deps.render(request, response, {
        view: 'masterData/serviceFacts',
        title: view.name,
        staff: 'masterData',
        locals: { view },
      });
    }
  }

  async function save(request: Request, response: Response, next: NextFunction): Promise<void> {
    const locale = localeOf(response);
    const t = translator(locale);
    const id = idOrNew(request);
    const service = id === NEW || id === null ? null : ((await services.find(id)) ?? null);
    if (id === null || (id !== NEW && service === null)) {
      next();
      return;
    }
    const typed = readForm(request.body);
    const version = versionOf(request.body);
    const wish = wishOf(typed.fields);
    if (wish.kind !== 'save') {
      const fees =
        wish.kind === 'addFee'
          ? [...typed.fees, { ab: '', betrag: '', grundlage: '' }].slice(0, MOST_FEES)
          : typed.fees.filter((_, index) => index !== wish.index);
      const focus = wish.kind === 'addFee' ? fees.length - 1 : null;
      await formPage(request, response, { service, entered: { ...typed, fees }, version, focus });
      return;
    }
    const { entered, missing } = withHomeVisit(typed);
    const parsed = parseService(entered, await services.capabilities(), t);
    if (!parsed.ok || missing) {
      const errors: FormErrors = parsed.ok ? { list: [], fields: {} } : parsed.errors;
      if (missing) addError(errors, 'minuten_hausbesuch', t('services.error.homeMinutes', { min: 5, max: 480 }));
      await formPage(request, response, { service, entered: typed, version, errors }, 422);
      return;
    }
    const picture = pictureOfService(translator('de'));
    const change = { ...changeOf(response, clock.now()), picture };
    const name = parsed.value.texts.de?.name ?? '';
    const outcome =
      service === null
        ? await services.create(parsed.value, slugOf(name, 60), change)
        : await services.save(service.id, version, parsed.value, change);
    if (outcome.kind === 'saved') {
      const shared = sharedWords(parsed.value, outcome.id, await services.all());
      const words = shared.map(({ word, service: other }) => `${word} (${other})`).join(', ');
      request.session.flash =
        shared.length === 0
          ? { kind: 'success', text: t('services.saved', { name }) }
          : { kind: 'warning', text: t('services.savedShared', { count: shared.length, name, words }) };
      response.redirect(303, pathsFor(locale).staffServices());
    } else if (outcome.kind === 'leikaTaken') {
      const errors: FormErrors = { list: [], fields: {} };
      addError(errors, 'leika', t('services.error.leikaTaken'));
      await formPage(request, response, { service, entered: typed, version, errors }, 422);
    } else if (outcome.kind === 'stale') {
      const current = service === null ? undefined : await services.find(service.id);
      if (current === undefined) {
        next();
        return;
      }
      const shown = pictureOfService(t);
      const stale = {
        text: t('staff.stale', { name: outcome.by ?? t('data.somebody') }),
        rows: differences(shown(current), shown(parsed.value)),
      };
      await formPage(request, response, { service: current, entered: typed, version: current.version, stale }, 422);
    } else {
      next();
    }
  }

  /** Hands the service of the address to the page, or answers that there is none. */
  function withService(page: (request: Request, response: Response, service: ServiceRecord) => Promise<void>) {
    return async (request: Request, response: Response, next: NextFunction): Promise<void> => {
      const id = idOf(request);
      const service = id === null ? undefined : await services.find(id);
      if (service === undefined) next();
      else await page(request, response, service);
    };
  }

  async function confirmPage(request: Request, response: Response, page: ConfirmView, status = 200): Promise<void> {
    await deps.render(request, response, {
      view: 'masterData/confirm',
      title: page.title,
      staff: 'masterData',
      status,
      locals: { page, errors: [] },
    });
  }

  function done(request: Request, response: Response, text: string): void {
    request.session.flash = { kind: 'success', text };
    response.redirect(303, pathsFor(localeOf(response)).staffServices());
  }

  function changedMeanwhile(request: Request, response: Response, service: ServiceRecord): void {
    const locale = localeOf(response);
    request.session.flash = { kind: 'warning', text: translator(locale)('data.changedMeanwhile') };
    response.redirect(303, pathsFor(locale).staffService(service.id));
  }

  const askToRetire = withService((request, response, service) =>
    confirmPage(request, response, presentServiceRetirement(service, localeOf(response))),
  );

  const retire = withService(async (request, response, service) => {
    const retired = enteredFields(request.body)['stillgelegt'] !== '0';
    const version = versionOf(request.body);
    if ((await services.setRetired(service.id, version, retired, changeOf(response, clock.now()))) === 'stale') {
      changedMeanwhile(request, response, service);
      return;
    }
    const name = service.texts.de?.name ?? service.slug;
    const t = translator(localeOf(response));
    done(request, response, t(retired ? 'data.retire.done' : 'data.restore.done', { name }));
  });

  const askToDelete = withService(async (request, response, service) =>
    confirmPage(
      request,
      response,
      presentServiceDeletion(service, await services.uses(service.id), localeOf(response)),
    ),
  );

  const remove = withService(async (request, response, service) => {
    const locale = localeOf(response);
    const outcome = await services.remove(service.id, versionOf(request.body), changeOf(response, clock.now()));
    if (outcome.kind === 'removed') {
      const name = service.texts.de?.name ?? service.slug;
      done(request, response, translator(locale)('data.remove.done', { name }));
    } else if (outcome.kind === 'stale') {
      changedMeanwhile(request, response, service);
    } else {
      await confirmPage(request, response, presentServiceDeletion(service, outcome.uses, locale), 422);
    }
  });

  router.get(ROUTES.staffServices, list);
  router.route(ROUTES.staffService).get(show).post(save);
  router.route(ROUTES.staffServiceRetirement).get(askToRetire).post(retire);
  router.route(ROUTES.staffServiceDeletion).get(askToDelete).post(remove);
  return router;
}
