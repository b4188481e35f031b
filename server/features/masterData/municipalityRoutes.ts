import { Router, type Request, type Response } from 'express';
import { isIn } from '../../domain/access.ts';
import { changesBetween } from '../../domain/audit.ts';
import { NEW, ROUTES } from '../../paths.ts';
import { addError, enteredFields, parseForm, type Entered, type FormErrors } from '../../web/form.ts';
import { translator } from '../../web/locale.ts';
import { NotAllowed } from '../../web/session.ts';
import type { MasterDataDeps } from './deps.ts';
import { presentList, readListQuery } from './list.ts';
import { slugOf } from './listFields.ts';
import {
  askerOf,
  idOf,
  inOrder,
  savingOf,
  showForm,
  staleView,
  takeFlash,
  versionOf,
  type Asker,
  type StaleView,
} from './listPage.ts';
import { municipalityPicture, municipalitySchema, municipalityTexts, NEW_MUNICIPALITY } from './municipalityFields.ts';
import { municipalityLabels, presentMunicipalityForm } from './municipalityPresenter.ts';
import type { MunicipalityRecord } from './ports.ts';

/** Whose office it is, and by which rules it works. */
export function municipalityRoutes(deps: MasterDataDeps): Router {
  const router = Router();
  const german = translator('de');

  router.get(ROUTES.staffMunicipalities, async (request, response) => {
    const asker = askerOf(response, 'municipalities.write');
    const { t, p, scope } = asker;
    const municipalities = await deps.municipalities.list(scope);
    const list = presentList(
      {
        t,
        query: readListQuery(request.query, scope),
        title: t('municipalities.title'),
        lead: t('municipalities.lead'),
        backHref: p.masterData(),
        action: p.staffMunicipalities(),
        add: scope === 'all' ? { href: p.staffMunicipality(NEW), text: t('municipalities.add') } : null,
        municipalities: [],
        retires: false,
        emptyTitle: t('municipalities.emptyTitle'),
        emptyText: t('municipalities.emptyText'),
      },
      municipalities.map((municipality) => ({
        municipality,
        municipalityId: municipality.id,
        retired: false,
        texts: [municipality.name, municipality.officeName, municipality.ags],
      })),
      ({ municipality }) => ({
        href: p.staffMunicipality(municipality.id),
        name: municipality.name,
        detail: municipality.officeName,
        facts: [t('municipalities.agsIs', { ags: municipality.ags })],
        retired: false,
        mark: null,
      }),
    );
    const flash = takeFlash(request);
    await deps.render(request, response, {
      view: 'masterData/list',
      title: list.title,
      staff: 'masterData',
      locals: { list, flash },
    });
  });

  interface Shown {
    municipality: MunicipalityRecord | null;
    entered: Entered;
    errors?: FormErrors;
    stale?: StaleView;
  }

  async function show(request: Request, response: Response, asker: Asker, shown: Shown): Promise<void> {
    const around = await deps.municipalities.list(asker.scope);
    const view = presentMunicipalityForm(deps, asker, { ...shown, around });
    await showForm(deps, request, response, view, shown.errors);
  }

  /** @throws NotAllowed for a new one asked for by somebody who is responsible for some municipalities only */
  async function wanted(request: Request, { scope }: Asker): Promise<MunicipalityRecord | null | undefined> {
    if (request.params['id'] === NEW) {
      if (scope !== 'all') throw new NotAllowed();
      return null;
    }
    const id = idOf(request);
    return id === null || !isIn(scope, id) ? undefined : deps.municipalities.find(id);
  }

  router
    .route(ROUTES.staffMunicipality)
    .get(async (request, response, next) => {
      const asker = askerOf(response, 'municipalities.write');
      const municipality = await wanted(request, asker);
      if (municipality === undefined) return next();
      const entered = municipality === null ? NEW_MUNICIPALITY : municipalityTexts(municipality);
      return show(request, response, asker, { municipality, entered });
    })
    .post(async (request, response, next) => {
      const asker = askerOf(response, 'municipalities.write');
      const { t, p } = asker;
      const municipality = await wanted(request, asker);
      if (municipality === undefined) return next();

      const entered = enteredFields(request.body);
      const parsed = parseForm(municipalitySchema, entered, t);
      if (!parsed.ok) {
        const errors = inOrder(parsed.errors, Object.keys(municipalityLabels(t)));
        return show(request, response, asker, { municipality, entered, errors });
      }
      const { value } = parsed;
      const changes = changesBetween(
        municipality === null ? {} : municipalityPicture(municipality, german),
        municipalityPicture(value, german),
      );
      const saving = savingOf(deps, response, { municipalityId: municipality?.id ?? 0, label: value.name, changes });
      const outcome =
        municipality === null
          ? await deps.municipalities.create(value, slugOf(value.name, 50), saving)
          : changes.length === 0
            ? ({ kind: 'saved', id: municipality.id } as const)
            : await deps.municipalities.update(municipality.id, versionOf(request.body), value, saving);
      if (outcome.kind === 'saved') {
        request.session.flash = { kind: 'success', text: t('data.saved', { name: value.name }) };
        response.redirect(303, p.staffMunicipality(outcome.id));
        return;
      }
      if (outcome.kind === 'taken') {
        const errors: FormErrors = { list: [], fields: {} };
        addError(errors, 'ags', t('municipalities.errors.agsTaken'));
        return show(request, response, asker, { municipality, entered, errors });
      }
      const current = await wanted(request, asker);
      if (current === undefined || current === null) return next();
      const stale = await staleView(deps, asker, {
        subject: 'municipality',
        id: current.id,
        typed: { ...entered, karte: entered['karte'] ?? '' },
        stored: municipalityTexts(current),
        labels: municipalityLabels(t),
        words: {
          land: t(`municipalities.state.${current.holidayRegion}`),
          karte: current.cardOnly ? t('data.yes') : t('data.no'),
        },
      });
      return show(request, response, asker, { municipality: current, entered, stale });
    });

  return router;
}
