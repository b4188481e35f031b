import { Router, type Request, type Response } from 'express';
import type { AddressSearch } from '../../domain/addresses/address.ts';
import { changesBetween } from '../../domain/audit.ts';
import { NEW, ROUTES } from '../../paths.ts';
import { addError, enteredFields, NO_ERRORS, parseForm, type Entered, type FormErrors } from '../../web/form.ts';
import type { Translate } from '../../web/locale.ts';
import type { MasterDataDeps } from './deps.ts';
import { presentList, readListQuery } from './list.ts';
import { retirementRoutes, todayOf, tourLine, useGroup, USES_SHOWN } from './listConfirm.ts';
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
import type { VenueRecord } from './ports.ts';
import { degreesText, venueSchema, venueSlug, venueTexts } from './venueFields.ts';
import {
  presentVenueForm,
  presentVenueRow,
  venueLabel,
  venueLabels,
  venuePanels,
  venuePicture,
  type VenueForm,
} from './venuePresenter.ts';

/** Where the office visits. */
export function venueRoutes(deps: MasterDataDeps): Router {
  const router = Router();

  router.get(ROUTES.staffVenues, async (request, response) => {
    const asker = askerOf(response, 'office.write');
    const { t, p, scope } = asker;
    const [venues, municipalities] = await Promise.all([deps.venues.list(scope), deps.office.municipalities(scope)]);
    const names = new Map(municipalities.map(({ id, name }) => [id, name]));
    const list = presentList(
      {
        t,
        query: readListQuery(request.query, scope),
        title: t('venues.title'),
        lead: t('venues.lead'),
        backHref: p.masterData(),
        action: p.staffVenues(),
        add: { href: p.staffVenue(NEW), text: t('venues.add') },
        more: [
          { href: p.staffVenuesExport(), text: t('data.list.export') },
          { href: p.staffVenuesImport(), text: t('data.list.import') },
        ],
        municipalities,
        emptyTitle: t('venues.emptyTitle'),
        emptyText: t('venues.emptyText'),
      },
      venues.map((venue) => ({
        venue,
        municipalityId: venue.municipalityId,
        retired: venue.retiredAt !== null,
        texts: [venue.name, venue.locality, venue.street, venue.postcode, venue.city],
      })),
      ({ venue }) => presentVenueRow(asker, venue, names),
    );
    const flash = takeFlash(request);
    await deps.render(request, response, {
      view: 'masterData/list',
      title: list.title,
      staff: 'masterData',
      locals: { list, flash },
    });
  });

  /** The form with what is in `form`; the rest of it is read here. */
  async function show(
    request: Request,
    response: Response,
    asker: Asker,
    form: Pick<VenueForm, 'venue' | 'entered' | 'errors' | 'stale'>,
  ): Promise<void> {
    const [municipalities, around, panels] = await Promise.all([
      deps.office.municipalities(asker.scope),
      deps.venues.list(asker.scope),
      form.venue === null ? [] : venuePanels(deps, asker, response, form.venue),
    ]);
    const view = presentVenueForm(deps, asker, { ...form, municipalities, around, panels });
    await showForm(deps, request, response, view, form.errors);
  }

  router
    .route(ROUTES.staffVenue)
    .get(async (request, response, next) => {
      const asker = askerOf(response, 'office.write');
      if (request.params.id === NEW) {
        const municipalities = await deps.office.municipalities(asker.scope);
        return show(request, response, asker, { venue: null, entered: { kommune: municipalityText(municipalities) } });
      }
      const venue = await foundIn(request, asker, deps.venues.find);
      return venue === undefined ? next() : show(request, response, asker, { venue, entered: textsOf(venue) });
    })
    .post(async (request, response, next) => {
      const asker = askerOf(response, 'office.write');
      const { t, p } = asker;
      const venue = request.params.id === NEW ? null : await foundIn(request, asker, deps.venues.find);
      if (venue === undefined) return next();

      const municipalities = await deps.office.municipalities(asker.scope);
      const entered = enteredFields(request.body);
      const parsed = parseForm(venueSchema, entered, t);
      const errors: FormErrors = parsed.ok ? { list: [], fields: {} } : parsed.errors;
      const municipalityId = chosenMunicipality(asker, municipalities, entered, errors);
      if (!parsed.ok || municipalityId === null) {
        const found = await positionFromAddress(deps.addresses, entered, errors, t);
        return show(request, response, asker, {
          venue,
          entered: { ...entered, ...found },
          errors: inOrder(errors, Object.keys(venueLabels(t))),
        });
      }

      const { value } = parsed;
      const nameOf = (id: number): string => municipalities.find((one) => one.id === id)?.name ?? String(id);
      const saving = savingOf(deps, response, {
        municipalityId,
        label: venueLabel(value),
        changes: changesBetween(
          venue === null ? {} : venuePicture(venue, nameOf(venue.municipalityId)),
          venuePicture(value, nameOf(municipalityId)),
        ),
      });
      const outcome =
        venue === null
          ? await deps.venues.create(municipalityId, value, venueSlug(value), saving)
          : isUnchanged(saving, venue)
            ? ({ kind: 'saved', id: venue.id } as const)
            : await deps.venues.update(venue.id, versionOf(request.body), municipalityId, value, saving);
      if (outcome.kind === 'saved') {
        const label = venueLabel(value);
        request.session.flash = { kind: 'success', text: t('data.saved', { name: label }) };
        response.redirect(303, p.staffVenue(outcome.id));
        return;
      }
      if (outcome.kind === 'taken') {
        addError(errors, 'name', t('venues.errors.taken'));
        return show(request, response, asker, { venue, entered, errors });
      }
      const current = await foundIn(request, asker, deps.venues.find);
      if (current === undefined) return next();
      const about = {
        subject: 'venue',
        id: current.id,
        typed: entered,
        stored: textsOf(current),
        labels: venueLabels(t),
        words: { kommune: nameOf(current.municipalityId) },
      } as const;
      return show(request, response, asker, {
        venue: current,
        entered,
        errors: NO_ERRORS,
        stale: await staleView(deps, asker, about),
      });
    });

  router.use(
    retirementRoutes(deps, {
      routes: { retirement: ROUTES.staffVenueRetirement, deletion: ROUTES.staffVenueDeletion },
      rows: deps.venues,
      label: venueLabel,
      at: ({ p }, id) => ({
        form: p.staffVenue(id),
        retirement: p.staffVenueRetirement(id),
        deletion: p.staffVenueDeletion(id),
        list: p.staffVenues(),
      }),
      affected: async (asker, response, venue) => {
        const visits = await deps.venues.visits(venue.id, { from: todayOf(deps), limit: USES_SHOWN });
        return useGroup(asker, asker.t('venues.affected', { count: visits.total }), visits, tourLine(asker, response));
      },
      uses: async (asker, response, venue) => {
        const visits = await deps.venues.visits(venue.id, { limit: USES_SHOWN });
        return useGroup(asker, asker.t('venues.uses', { count: visits.total }), visits, tourLine(asker, response));
      },
    }),
  );

  return router;
}

/**
 * Where only the position is missing, the address may be known: it is filled in, for the planner to check. Whoever has
 * no map sees it too.
 */
async function positionFromAddress(
  addresses: AddressSearch,
  entered: Entered,
  errors: FormErrors,
  t: Translate,
): Promise<Entered> {
  const { strasse = '', plz = '', stadt = '', breite = '', laenge = '' } = entered;
  if (breite.trim() !== '' || laenge.trim() !== '' || strasse.trim() === '') return {};
  const answer = await addresses.resolve(`${strasse}, ${plz} ${stadt}`);
  if (answer.kind !== 'one' || answer.hit.kind === 'place') return {};
  errors.list = errors.list.filter(({ href }) => href !== '#laenge' && href !== '#breite');
  delete errors.fields['breite'];
  delete errors.fields['laenge'];
  addError(errors, 'breite', t('venues.found'));
  const text = (degrees: number): string => degreesText(Number(degrees.toFixed(5)));
  return { breite: text(answer.hit.lat), laenge: text(answer.hit.lon) };
}

function textsOf(venue: VenueRecord): Record<string, string> {
  return { ...venueTexts(venue), kommune: String(venue.municipalityId) };
}
