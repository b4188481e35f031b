import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { isIn } from '../../domain/access.ts';
import { changesBetween } from '../../domain/audit.ts';
import { NEW, ROUTES } from '../../paths.ts';
import { addError, enteredFields, NO_ERRORS, parseForm, type Entered, type FormErrors } from '../../web/form.ts';
import type { MasterDataDeps } from './deps.ts';
import { presentList, readListQuery } from './list.ts';
import {
  retirementLinks,
  retirementRoutes,
  todayOf,
  tourLine,
  useGroup,
  USES_SHOWN,
  type UseGroup,
} from './listConfirm.ts';
import { degrees, line, neededLine, spreadPosition } from './listFields.ts';
import {
  askerOf,
  chosenMunicipality,
  fieldMaker,
  foundIn,
  inOrder,
  isUnchanged,
  municipalityField,
  municipalityText,
  positionSection,
  savingOf,
  section,
  showForm,
  staleView,
  takeFlash,
  versionOf,
  type Asker,
  type FormView,
  type Line,
  type StaleView,
} from './listPage.ts';
import type { DepotRecord, DepotValues, NamedUse } from './ports.ts';
import { degreesText } from './venueFields.ts';

const depotSchema = z
  .preprocess(
    spreadPosition,
    z.object({
      name: neededLine(160, 'depots.errors.name'),
      anschrift: line(300),
      breite: degrees('lat'),
      laenge: degrees('lon'),
    }),
  )
  .transform(({ name, anschrift, breite, laenge }): DepotValues => ({
    name,
    address: anschrift,
    at: { lat: breite, lon: laenge },
  }));

function textsOf(depot: DepotRecord): Record<string, string> {
  return {
    kommune: String(depot.municipalityId),
    name: depot.name,
    anschrift: depot.address,
    breite: degreesText(depot.at.lat),
    laenge: degreesText(depot.at.lon),
  };
}

function labelsOf({ t }: Asker): Record<string, string> {
  return {
    kommune: t('data.municipality'),
    name: t('depots.fields.name'),
    anschrift: t('depots.fields.anschrift'),
    breite: t('data.position.lat'),
    laenge: t('data.position.lon'),
  };
}

function picture({ name, address, at }: DepotValues, municipality: string): Record<string, string> {
  return { municipality, name, address, position: `${degreesText(at.lat)} ${degreesText(at.lon)}` };
}

/** Where kits are kept and tours start. */
export function depotRoutes(deps: MasterDataDeps): Router {
  const router = Router();

  router.get(ROUTES.staffDepots, async (request, response) => {
    const asker = askerOf(response, 'office.write');
    const { t, p, scope } = asker;
    const [depots, municipalities] = await Promise.all([deps.depots.list(scope), deps.office.municipalities(scope)]);
    const names = new Map(municipalities.map(({ id, name }) => [id, name]));
    const list = presentList(
      {
        t,
        query: readListQuery(request.query, scope),
        title: t('depots.title'),
        lead: t('depots.lead'),
        backHref: p.masterData(),
        action: p.staffDepots(),
        add: { href: p.staffDepot(NEW), text: t('depots.add') },
        municipalities,
        emptyTitle: t('depots.emptyTitle'),
        emptyText: t('depots.emptyText'),
      },
      depots.map((depot) => ({
        depot,
        municipalityId: depot.municipalityId,
        retired: depot.retiredAt !== null,
        texts: [depot.name, depot.address],
      })),
      ({ depot }) => ({
        href: p.staffDepot(depot.id),
        name: depot.name,
        detail: depot.address,
        facts: municipalities.length > 1 ? [names.get(depot.municipalityId) ?? ''] : [],
        retired: depot.retiredAt !== null,
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
    depot: DepotRecord | null;
    entered: Entered;
    errors?: FormErrors;
    stale?: StaleView;
  }

  async function show(request: Request, response: Response, asker: Asker, shown: Shown): Promise<void> {
    const { t, p, scope } = asker;
    const { depot, entered, errors } = shown;
    const [municipalities, around] = await Promise.all([deps.office.municipalities(scope), deps.venues.list(scope)]);
    const make = fieldMaker(entered, errors ?? NO_ERRORS);
    const form: FormView = {
      title: depot === null ? t('depots.newTitle') : depot.name,
      lead: depot === null ? t('depots.newLead') : null,
      back: { href: p.staffDepots(), text: t('depots.title') },
      state: depot === null || depot.retiredAt === null ? null : t('data.retired'),
      action: p.staffDepot(depot?.id ?? NEW),
      version: depot?.version ?? null,
      submit: t('staff.form.save'),
      stale: shown.stale ?? null,
      panels: [],
      more:
        depot === null
          ? []
          : retirementLinks(asker, depot.retiredAt, {
              retirement: p.staffDepotRetirement(depot.id),
              deletion: p.staffDepotDeletion(depot.id),
            }),
      sections: [
        section('angaben', t('depots.sections.what'), [
          municipalityField(asker, make, municipalities),
          make.input('name', t('depots.fields.name'), { hint: t('depots.hints.name'), maxlength: 160 }),
          make.input('anschrift', t('depots.fields.anschrift'), { optional: true, maxlength: 300 }),
        ]),
        positionSection(asker, make, deps.map, {
          around: around
            .filter(({ retiredAt }) => retiredAt === null)
            .map(({ at, locality }) => ({ at, name: locality })),
          center: depot?.at ?? municipalities[0]?.at ?? null,
        }),
      ],
    };
    await showForm(deps, request, response, form, errors);
  }

  router
    .route(ROUTES.staffDepot)
    .get(async (request, response, next) => {
      const asker = askerOf(response, 'office.write');
      if (request.params.id === NEW) {
        const municipalities = await deps.office.municipalities(asker.scope);
        return show(request, response, asker, { depot: null, entered: { kommune: municipalityText(municipalities) } });
      }
      const depot = await foundIn(request, asker, deps.depots.find);
      return depot === undefined ? next() : show(request, response, asker, { depot, entered: textsOf(depot) });
    })
    .post(async (request, response, next) => {
      const asker = askerOf(response, 'office.write');
      const { t, p } = asker;
      const depot = request.params.id === NEW ? null : await foundIn(request, asker, deps.depots.find);
      if (depot === undefined) return next();

      const municipalities = await deps.office.municipalities(asker.scope);
      const entered = enteredFields(request.body);
      const parsed = parseForm(depotSchema, entered, t);
      const errors: FormErrors = parsed.ok ? { list: [], fields: {} } : parsed.errors;
      const municipalityId = chosenMunicipality(asker, municipalities, entered, errors);
      if (!parsed.ok || municipalityId === null) {
        return show(request, response, asker, {
          depot,
          entered,
          errors: inOrder(errors, Object.keys(labelsOf(asker))),
        });
      }

      const { value } = parsed;
      const nameOf = (id: number): string => municipalities.find((one) => one.id === id)?.name ?? String(id);
      const saving = savingOf(deps, response, {
        municipalityId,
        label: value.name,
        changes: changesBetween(
          depot === null ? {} : picture(depot, nameOf(depot.municipalityId)),
          picture(value, nameOf(municipalityId)),
        ),
      });
      const outcome =
        depot === null
          ? await deps.depots.create(municipalityId, value, saving)
          : isUnchanged(saving, depot)
            ? ({ kind: 'saved', id: depot.id } as const)
            : await deps.depots.update(depot.id, versionOf(request.body), municipalityId, value, saving);
      if (outcome.kind === 'saved') {
        request.session.flash = { kind: 'success', text: t('data.saved', { name: value.name }) };
        response.redirect(303, p.staffDepot(outcome.id));
        return;
      }
      if (outcome.kind === 'taken') {
        addError(errors, 'name', t('data.errors.taken'));
        return show(request, response, asker, { depot, entered, errors });
      }
      const current = await foundIn(request, asker, deps.depots.find);
      if (current === undefined) return next();
      const stale = await staleView(deps, asker, {
        subject: 'depot',
        id: current.id,
        typed: entered,
        stored: textsOf(current),
        labels: labelsOf(asker),
        words: { kommune: nameOf(current.municipalityId) },
      });
      return show(request, response, asker, { depot: current, entered, stale });
    });

  /** Kits and clerks by name; of other municipalities no more than that there is one. */
  async function residents(asker: Asker, depot: DepotRecord): Promise<UseGroup[]> {
    const { t, p, scope } = asker;
    const [kits, clerks] = await Promise.all([
      deps.depots.kits(depot.id, USES_SHOWN),
      deps.depots.clerks(depot.id, USES_SHOWN),
    ]);
    const line =
      (href: (id: number) => string) =>
      ({ id, municipalityId, name }: NamedUse): Line =>
        isIn(scope, municipalityId) ? { href: href(id), text: name } : { href: null, text: t('data.uses.elsewhere') };
    return [
      ...useGroup(
        asker,
        t('depots.uses.kits', { count: kits.total }),
        kits,
        line((id) => p.staffKit(id)),
      ),
      ...useGroup(
        asker,
        t('depots.uses.clerks', { count: clerks.total }),
        clerks,
        line((id) => p.staffClerk(id)),
      ),
    ];
  }

  router.use(
    retirementRoutes(deps, {
      routes: { retirement: ROUTES.staffDepotRetirement, deletion: ROUTES.staffDepotDeletion },
      rows: deps.depots,
      label: ({ name }: DepotRecord) => name,
      at: ({ p }, id) => ({
        form: p.staffDepot(id),
        retirement: p.staffDepotRetirement(id),
        deletion: p.staffDepotDeletion(id),
        list: p.staffDepots(),
      }),
      affected: async (asker, response, depot) => {
        const tours = await deps.depots.tours(depot.id, { from: todayOf(deps), limit: USES_SHOWN });
        return [
          ...(await residents(asker, depot)),
          ...useGroup(asker, asker.t('depots.uses.coming', { count: tours.total }), tours, tourLine(asker, response)),
        ];
      },
      uses: async (asker, response, depot) => {
        const tours = await deps.depots.tours(depot.id, { limit: USES_SHOWN });
        return [
          ...(await residents(asker, depot)),
          ...useGroup(asker, asker.t('depots.uses.tours', { count: tours.total }), tours, tourLine(asker, response)),
        ];
      },
    }),
  );

  return router;
}
