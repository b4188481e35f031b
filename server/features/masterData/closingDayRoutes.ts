import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { isIn } from '../../domain/access.ts';
import { changesBetween } from '../../domain/audit.ts';
import { addDays, compareDates, daysBetween, isLocalDate, type LocalDate } from '../../domain/time.ts';
import { ROUTES } from '../../paths.ts';
import { addError, enteredFields, NO_ERRORS, parseForm, type Entered, type FormErrors } from '../../web/form.ts';
import { longDate } from '../../web/format.ts';
import type { MasterDataDeps } from './deps.ts';
import { readListQuery } from './list.ts';
import { todayOf, tourLine, USES_SHOWN, useGroup, type ConfirmView } from './listConfirm.ts';
import { line, neededLine } from './listFields.ts';
import { askerOf, fieldMaker, idOf, inOrder, savingOf, takeFlash, type Asker, type Panel } from './listPage.ts';
import type { ClosingRecord, ClosingValues, VenueRecord } from './ports.ts';
import { closingLine, spanOfDays, venueLabel } from './venuePresenter.ts';

const FIELDS = ['fuer', 'von', 'bis', 'grund'];
/** Longer spans are slips of the pen: a year is typed wrongly more often than meant. */
const LONGEST = 400;
/** How far ahead public holidays are listed, in days. */
const HOLIDAYS_AHEAD = 365;

const date = (missing: string) => line(20).refine(isLocalDate, { message: missing });

const closingSchema = z
  .object({
    von: date('closingDays.errors.von'),
    bis: line(20).refine((value) => value === '' || isLocalDate(value), { message: 'closingDays.errors.bis' }),
    grund: neededLine(200, 'closingDays.errors.grund'),
  })
  .transform(({ von, bis, grund }) => ({ fromDate: von, toDate: bis === '' ? von : bis, reason: grund }))
  .superRefine(({ fromDate, toDate }, context) => {
    if (compareDates(toDate, fromDate) < 0) {
      context.addIssue({ code: 'custom', path: ['bis'], message: 'closingDays.errors.order' });
    } else if (daysBetween(fromDate, toDate) > LONGEST) {
      context.addIssue({ code: 'custom', path: ['bis'], message: `closingDays.errors.long?max=${LONGEST}` });
    }
  });

/** Days on which a municipality is not visited, or one venue is closed. */
export function closingDayRoutes(deps: MasterDataDeps): Router {
  const router = Router();
  const holidayOn = remembered(deps.holidays.on);

  async function show(
    request: Request,
    response: Response,
    asker: Asker,
    entered: Entered,
    errors: FormErrors = NO_ERRORS,
  ): Promise<void> {
    const { t, p, scope, locale } = asker;
    const today = todayOf(deps);
    const query = readListQuery(request.query, scope);
    const withPast = request.query['vergangene'] === '1';
    const [municipalities, venues, closings] = await Promise.all([
      deps.office.municipalities(scope),
      deps.venues.list(scope),
      deps.closingDays.list(scope, withPast ? null : today),
    ]);
    const names = new Map(municipalities.map(({ id, name }) => [id, name]));
    const shown = closings.filter(
      ({ municipalityId }) => query.municipalityId === null || municipalityId === query.municipalityId,
    );
    const make = fieldMaker(entered, errors);
    const places = [
      ...municipalities.map(({ id, name }) => ({ value: `k${id}`, name: t('closingDays.whole', { name }) })),
      ...venues
        .filter(({ retiredAt }) => retiredAt === null)
        .map((venue) => ({ value: `s${venue.id}`, name: venueLabel(venue) })),
    ];
    await deps.render(request, response, {
      view: 'masterData/closingDays',
      title: (errors.list.length > 0 ? t('staff.form.errorPrefix') : '') + t('closingDays.title'),
      staff: 'masterData',
      status: errors.list.length > 0 ? 422 : 200,
      locals: {
        errors: errors.list,
        flash: takeFlash(request),
        back: { href: p.masterData(), text: t('data.index.title') },
        filter: {
          action: p.staffClosingDays(),
          municipalities:
            municipalities.length < 2
              ? []
              : municipalities.map(({ id, name }) => ({ id, name, selected: id === query.municipalityId })),
          withPast,
        },
        rows: shown.map((closing) => ({
          days: spanOfDays(closing.fromDate, closing.toDate, asker),
          place: closing.venueName ?? t('closingDays.whole', { name: names.get(closing.municipalityId) ?? '' }),
          reason: closing.reason,
          past: compareDates(closing.toDate, today) < 0,
          deletion: p.staffClosingDayDeletion(closing.id),
        })),
        panel: await concerned(request, response, asker),
        action: p.staffClosingDays(),
        fields: [
          make.select('fuer', t('closingDays.fields.fuer'), places, { empty: t('staff.form.choose') }),
          make.input('von', t('closingDays.fields.von'), { type: 'date' }),
          make.input('bis', t('closingDays.fields.bis'), { type: 'date', hint: t('closingDays.hints.bis') }),
          make.input('grund', t('closingDays.fields.grund'), { hint: t('closingDays.hints.grund'), maxlength: 200 }),
        ],
        holidays: holidaysFor(municipalities, today, locale),
      },
    });
  }

  /** The published visits that fall into the closing days just entered. */
  async function concerned(request: Request, response: Response, asker: Asker): Promise<Panel | null> {
    const { t, scope } = asker;
    const wanted = request.query['neu'];
    const id = typeof wanted === 'string' && /^[1-9]\d{0,8}$/.test(wanted) ? Number(wanted) : null;
    const closing = id === null ? undefined : await deps.closingDays.find(id);
    if (closing === undefined || !isIn(scope, closing.municipalityId)) return null;
    const visits = await deps.closingDays.visits(closing, USES_SHOWN);
    const title = t('closingDays.concerned', { count: visits.total });
    const [group] = useGroup(asker, title, visits, tourLine(asker, response));
    return group === undefined
      ? null
      : {
          id: 'betroffen',
          title,
          text: t('closingDays.concernedText'),
          items: [...group.items, ...(group.more === null ? [] : [{ href: null, text: group.more }])],
          warning: true,
        };
  }

  /** Public holidays of the regions in scope; the regions are named where there is more than one. */
  function holidaysFor(
    municipalities: readonly { holidayRegion: string }[],
    today: LocalDate,
    locale: Asker['locale'],
  ): { date: string; name: string }[] {
    const regions = [...new Set(municipalities.map(({ holidayRegion }) => holidayRegion))].sort();
    return Array.from({ length: HOLIDAYS_AHEAD }, (_, index) => addDays(today, index)).flatMap((day) => {
      const byName = new Map<string, string[]>();
      for (const region of regions) {
        const name = holidayOn(day, region);
        if (name !== null) byName.set(name, [...(byName.get(name) ?? []), region]);
      }
      return [...byName].map(([name, where]) => ({
        date: longDate(day, locale),
        name: where.length === regions.length ? name : `${name} (${where.join(', ')})`,
      }));
    });
  }

  router
    .route(ROUTES.staffClosingDays)
    .get(async (request, response) => {
      const asker = askerOf(response, 'office.write');
      const { standort } = request.query;
      await show(request, response, asker, { fuer: typeof standort === 'string' ? `s${standort}` : '' });
    })
    .post(async (request, response) => {
      const asker = askerOf(response, 'office.write');
      const { t, p, scope } = asker;
      const entered = enteredFields(request.body);
      const parsed = parseForm(closingSchema, entered, t);
      const errors: FormErrors = parsed.ok ? { list: [], fields: {} } : parsed.errors;
      const [municipalities, venues] = await Promise.all([deps.office.municipalities(scope), deps.venues.list(scope)]);
      const place = placeOf(entered['fuer'] ?? '', municipalities, venues);
      if (place === null) addError(errors, 'fuer', t('closingDays.errors.fuer'));
      if (!parsed.ok || place === null) return show(request, response, asker, entered, inOrder(errors, FIELDS));

      const values: ClosingValues = { municipalityId: place.municipalityId, venueId: place.venueId, ...parsed.value };
      const outcome = await deps.closingDays.create(
        values,
        savingOf(deps, response, {
          municipalityId: values.municipalityId,
          label: labelOf(values, place.name),
          changes: changesBetween({}, picture(values, place.name)),
        }),
      );
      request.session.flash = { kind: 'success', text: t('closingDays.saved', { days: closingLine(values, asker) }) };
      response.redirect(303, p.staffClosingDays({ neu: outcome.id }));
    });

  async function found(request: Request, { scope }: Asker): Promise<ClosingRecord | undefined> {
    const id = idOf(request);
    const closing = id === null ? undefined : await deps.closingDays.find(id);
    return closing !== undefined && isIn(scope, closing.municipalityId) ? closing : undefined;
  }

  router
    .route(ROUTES.staffClosingDayDeletion)
    .get(async (request, response, next) => {
      const asker = askerOf(response, 'office.write');
      const { t, p } = asker;
      const closing = await found(request, asker);
      if (closing === undefined) return next();
      const page: ConfirmView = {
        title: t('closingDays.deletion.title'),
        lead: closingLine(closing, asker),
        back: { href: p.staffClosingDays(), text: t('closingDays.title') },
        uses: [],
        advice: t('closingDays.deletion.text'),
        action: p.staffClosingDayDeletion(closing.id),
        version: 0,
        value: null,
        button: t('data.remove.button'),
        instead: null,
      };
      await deps.render(request, response, {
        view: 'masterData/confirm',
        title: page.title,
        staff: 'masterData',
        locals: { page },
      });
    })
    .post(async (request, response, next) => {
      const asker = askerOf(response, 'office.write');
      const { t, p } = asker;
      const closing = await found(request, asker);
      if (closing === undefined) return next();
      const municipalities = await deps.office.municipalities(asker.scope);
      const place = closing.venueName ?? municipalities.find(({ id }) => id === closing.municipalityId)?.name ?? '';
      const saving = savingOf(deps, response, {
        municipalityId: closing.municipalityId,
        label: labelOf(closing, place),
        changes: changesBetween(picture(closing, place), {}),
      });
      await deps.closingDays.remove(closing.id, saving);
      const text = t('closingDays.deletion.done', { days: closingLine(closing, asker) });
      request.session.flash = { kind: 'success', text };
      response.redirect(303, p.staffClosingDays());
    });

  return router;
}

/** More than a year of days in all federal states. */
const MOST_REMEMBERED = 10_000;

/** Holidays never change, and finding out takes most of a millisecond for each day. */
function remembered(on: (date: LocalDate, region: string) => string | null): typeof on {
  const known = new Map<string, string | null>();
  return (date, region) => {
    const key = `${region} ${date}`;
    let name = known.get(key);
    if (name === undefined) {
      name = on(date, region);
      if (known.size >= MOST_REMEMBERED) known.clear();
      known.set(key, name);
    }
    return name;
  };
}

/** `k1` is a municipality, `s1` a venue; null: neither, or not in scope. */
function placeOf(
  chosen: string,
  municipalities: readonly { id: number; name: string }[],
  venues: readonly VenueRecord[],
): { municipalityId: number; venueId: number | null; name: string } | null {
  const municipality = municipalities.find(({ id }) => chosen === `k${id}`);
  if (municipality !== undefined) {
    return { municipalityId: municipality.id, venueId: null, name: municipality.name };
  }
  const venue = venues.find(({ id, retiredAt }) => chosen === `s${id}` && retiredAt === null);
  return venue === undefined
    ? null
    : { municipalityId: venue.municipalityId, venueId: venue.id, name: venueLabel(venue) };
}

function labelOf({ fromDate, toDate }: Pick<ClosingValues, 'fromDate' | 'toDate'>, place: string): string {
  return `${place}, ${fromDate === toDate ? fromDate : `${fromDate} – ${toDate}`}`;
}

function picture(values: Omit<ClosingValues, 'municipalityId' | 'venueId'>, place: string): Record<string, string> {
  return { place, from: values.fromDate, to: values.toDate, reason: values.reason };
}
