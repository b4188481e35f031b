import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { changesBetween } from '../../domain/audit.ts';
import { NEW, ROUTES } from '../../paths.ts';
import { addError, enteredFields, listField, parseForm, type FormErrors } from '../../web/form.ts';
import { translator } from '../../web/locale.ts';
import type { MasterDataDeps } from './deps.ts';
import {
  capabilityNames,
  depotsFor,
  kitLabels,
  kitPanels,
  kitPicture,
  kitTexts,
  presentKitForm,
  presentKitRow,
  type KitForm,
} from './kitPresenter.ts';
import { presentList, readListQuery } from './list.ts';
import { retirementRoutes, todayOf, tourLine, useGroup, USES_SHOWN } from './listConfirm.ts';
import { chosenId, line, neededLine } from './listFields.ts';
import {
  askerOf,
  chosenMunicipality,
  foundIn,
  inOrder,
  isUnchanged,
  municipalityText,
  savingOf,
  showForm,
  staleView,
  takeFlash,
  versionOf,
  type Asker,
} from './listPage.ts';
import type { KitRecord } from './ports.ts';

const kitSchema = z.object({
  name: neededLine(120, 'kits.errors.name'),
  depot: chosenId('kits.errors.depot'),
  zustand: line(10).pipe(z.enum(['ready', 'defect'], { error: 'kits.errors.zustand' })),
});

/** The suitcases: what they can do, where they are kept, whether they work. */
export function kitRoutes(deps: MasterDataDeps): Router {
  const router = Router();
  const german = translator('de');

  router.get(ROUTES.staffKits, async (request, response) => {
    const asker = askerOf(response, 'office.write');
    const { t, p, scope } = asker;
    const [kits, municipalities] = await Promise.all([deps.kits.list(scope), deps.office.municipalities(scope)]);
    const names = new Map(municipalities.map(({ id, name }) => [id, name]));
    const list = presentList(
      {
        t,
        query: readListQuery(request.query, scope),
        title: t('kits.title'),
        lead: t('kits.lead'),
        backHref: p.masterData(),
        action: p.staffKits(),
        add: { href: p.staffKit(NEW), text: t('kits.add') },
        municipalities,
        emptyTitle: t('kits.emptyTitle'),
        emptyText: t('kits.emptyText'),
      },
      kits.map((kit) => ({
        kit,
        municipalityId: kit.municipalityId,
        retired: kit.retiredAt !== null,
        texts: [kit.name, kit.depotName, capabilityNames(kit.capabilities, t)],
      })),
      ({ kit }) => presentKitRow(asker, kit, names),
    );
    const flash = takeFlash(request);
    await deps.render(request, response, {
      view: 'masterData/list',
      title: list.title,
      staff: 'masterData',
      locals: { list, flash },
    });
  });

  async function show(
    request: Request,
    response: Response,
    asker: Asker,
    form: Pick<KitForm, 'kit' | 'entered' | 'ticked' | 'errors' | 'stale'>,
  ): Promise<void> {
    const [municipalities, depots, capabilities, panels] = await Promise.all([
      deps.office.municipalities(asker.scope),
      deps.depots.list(asker.scope),
      deps.kits.capabilities(),
      form.kit === null ? [] : kitPanels(deps, asker, response, form.kit),
    ]);
    const view = presentKitForm(asker, { ...form, municipalities, depots, capabilities, panels });
    await showForm(deps, request, response, view, form.errors);
  }

  router
    .route(ROUTES.staffKit)
    .get(async (request, response, next) => {
      const asker = askerOf(response, 'office.write');
      if (request.params.id === NEW) {
        const municipalities = await deps.office.municipalities(asker.scope);
        const entered = { kommune: municipalityText(municipalities), zustand: 'ready' };
        return show(request, response, asker, { kit: null, entered, ticked: [] });
      }
      const kit = await foundIn(request, asker, deps.kits.find);
      return kit === undefined
        ? next()
        : show(request, response, asker, { kit, entered: kitTexts(kit, asker.t), ticked: kit.capabilities });
    })
    .post(async (request, response, next) => {
      const asker = askerOf(response, 'office.write');
      const { t, p } = asker;
      const kit = request.params.id === NEW ? null : await foundIn(request, asker, deps.kits.find);
      if (kit === undefined) return next();

      const [municipalities, all, codes] = await Promise.all([
        deps.office.municipalities(asker.scope),
        deps.depots.list(asker.scope),
        deps.kits.capabilities(),
      ]);
      const entered = enteredFields(request.body);
      const ticked = listField(request.body, 'ausstattung').filter((code) => codes.includes(code));
      const parsed = parseForm(kitSchema, entered, t);
      const errors: FormErrors = parsed.ok ? { list: [], fields: {} } : parsed.errors;
      const municipalityId = chosenMunicipality(asker, municipalities, entered, errors);
      const depotName = parsed.ok ? depotNameOf(parsed.value.depot, depotsFor(all, kit), kit) : undefined;
      if (parsed.ok && depotName === undefined) addError(errors, 'depot', t('kits.errors.depot'));
      if (!parsed.ok || municipalityId === null || depotName === undefined) {
        return show(request, response, asker, {
          kit,
          entered,
          ticked,
          errors: inOrder(errors, Object.keys(kitLabels(t))),
        });
      }

      const { name, depot, zustand } = parsed.value;
      const values = { name, depotId: depot, status: zustand, capabilities: [...ticked].sort() };
      const nameOf = (id: number): string => municipalities.find((one) => one.id === id)?.name ?? String(id);
      const saving = savingOf(deps, response, {
        municipalityId,
        label: name,
        changes: changesBetween(
          kit === null ? {} : kitPicture(kit, nameOf(kit.municipalityId), kit.depotName, german),
          kitPicture(values, nameOf(municipalityId), depotName, german),
        ),
      });
      const outcome =
        kit === null
          ? await deps.kits.create(municipalityId, values, saving)
          : isUnchanged(saving, kit) && kit.depotId === depot
            ? ({ kind: 'saved', id: kit.id } as const)
            : await deps.kits.update(kit.id, versionOf(request.body), municipalityId, values, saving);
      if (outcome.kind === 'saved') {
        request.session.flash = await flashOf(asker, outcome.id, values);
        response.redirect(303, p.staffKit(outcome.id));
        return;
      }
      if (outcome.kind === 'taken') {
        addError(errors, 'name', t('data.errors.taken'));
        return show(request, response, asker, { kit, entered, ticked, errors });
      }
      const current = await foundIn(request, asker, deps.kits.find);
      if (current === undefined) return next();
      const stale = await staleView(deps, asker, {
        subject: 'kit',
        id: current.id,
        typed: { ...entered, ausstattung: capabilityNames(ticked, t) },
        stored: kitTexts(current, t),
        labels: kitLabels(t),
        words: {
          kommune: nameOf(current.municipalityId),
          depot: current.depotName,
          zustand: t(`kits.status.${current.status}`),
        },
      });
      return show(request, response, asker, { kit: current, entered, ticked, stale });
    });

  async function flashOf({ t }: Asker, id: number, { name, status }: { name: string; status: KitRecord['status'] }) {
    const tours = status === 'defect' ? await deps.kits.tours(id, { from: todayOf(deps), limit: 1 }) : undefined;
    return tours !== undefined && tours.total > 0
      ? ({ kind: 'warning', text: t('kits.savedDefect', { name, count: tours.total }) } as const)
      : ({ kind: 'success', text: t('data.saved', { name }) } as const);
  }

  router.use(
    retirementRoutes(deps, {
      routes: { retirement: ROUTES.staffKitRetirement, deletion: ROUTES.staffKitDeletion },
      rows: deps.kits,
      label: ({ name }: KitRecord) => name,
      at: ({ p }, id) => ({
        form: p.staffKit(id),
        retirement: p.staffKitRetirement(id),
        deletion: p.staffKitDeletion(id),
        list: p.staffKits(),
      }),
      affected: async (asker, response, kit) => {
        const tours = await deps.kits.tours(kit.id, { from: todayOf(deps), limit: USES_SHOWN });
        return useGroup(asker, asker.t('kits.affected', { count: tours.total }), tours, tourLine(asker, response));
      },
      uses: async (asker, response, kit) => {
        const tours = await deps.kits.tours(kit.id, { limit: USES_SHOWN });
        return useGroup(asker, asker.t('kits.uses', { count: tours.total }), tours, tourLine(asker, response));
      },
    }),
  );

  return router;
}

/** The name of a depot that may be chosen; undefined: it may not. */
function depotNameOf(id: number, depots: readonly { id: number; name: string }[], kit: KitRecord | null) {
  return depots.find((one) => one.id === id)?.name ?? (kit?.depotId === id ? kit.depotName : undefined);
}
