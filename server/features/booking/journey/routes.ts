import { Router, type Request, type Response } from 'express';
import type { Appointment } from '../../../domain/booking/appointment.ts';
import type { Directory, Line, Locale } from '../../../domain/booking/office.ts';
import { checkPerson, type PersonField, type PersonProblem } from '../../../domain/booking/person.ts';
import { DEFAULT_RULES } from '../../../domain/booking/rules.ts';
import { pathsFor, ROUTES } from '../../../paths.ts';
import { translator } from '../../../web/locale.ts';
import { localeOf } from '../../../web/render.ts';
import { bookAppointment } from '../bookAppointment.ts';
import { linesOf } from '../changeAppointment.ts';
import { lineValues, parseCount, parseLines, parseSlot, slotValue } from '../choice.ts';
import type { BookingDeps } from '../deps.ts';
import { findTimes, nearestAlternatives } from '../findTimes.ts';
import { holdTime, type HoldOutcome, type Slot } from '../holdTime.ts';
import { extendHold, releaseHold } from '../keepHold.ts';
import { dayFor } from '../offers.ts';
import { coordinatesOf, originQuery, parseOrigin, type Origin } from '../origin.ts';
import { saveDetails, saveDraft } from '../saveDetails.ts';
import {
  enteredOf,
  parseDetails,
  parseSecret,
  parseServices,
  type DetailsForm,
  type ServicesProblem,
} from './forms.ts';
import {
  journeyQuery,
  presentCheck,
  presentHold,
  presentProblems,
  presentServices,
  presentSteps,
  presentTimes,
  presentTrip,
  servicesErrors,
  type HeldAppointment,
  type Journey,
  type StepName,
} from './presenter.ts';
import { servicesHere } from './whereElse.ts';

/** The booking from the services to the confirmation: one decision a page. */
export function journeyRoutes(deps: BookingDeps): Router {
  const today = () => deps.zone.local(deps.clock.now()).date;

  // ── What stands in the address ──────────────────────────────────────────────────────────────────────────────────

  function openJourney(request: Request, directory: Directory): Journey {
    return {
      origin: parseOrigin(request.query, directory),
      stopId: parseCount(request.query['halt']),
      lines: parseLines(request.query['leistung'], directory),
      hold: null,
    };
  }

  /** The hold that an address names; null when it is gone, 'booked' when it is an appointment by now. */
  async function readHold(secret: string): Promise<HeldAppointment | Appointment | null> {
    const appointment = parseSecret(secret) === null ? undefined : await deps.appointments.bySecret(secret);
    if (appointment === undefined) {
      return null;
    }
    const stop = await deps.availability.stop(appointment.stopId);
    return stop === undefined ? appointment : { ...appointment, venueId: stop.venueId };
  }

  /** Goes on with the hold of the address, or answers where the citizen has to go instead. */
  async function withHold(
    request: Request<{ secret: string }>,
    response: Response,
    work: (directory: Directory, journey: Journey & { hold: HeldAppointment }) => Promise<void>,
  ): Promise<void> {
    const { secret } = request.params;
    const directory = await deps.directory();
    const hold = await readHold(secret);
    if (hold === null || (hold.state === 'held' && !('venueId' in hold))) {
      await gone(request, response);
      return;
    }
    if (hold.state !== 'held') {
      response.redirect(303, pathsFor(localeOf(response)).booked(`${hold.reference}-${hold.secret}`));
      return;
    }
    const held = hold as HeldAppointment;
    await work(directory, {
      origin: originOf(directory, held),
      stopId: held.stopId,
      lines: linesOf(directory, held),
      hold: held,
    });
  }

  function originOf(directory: Directory, hold: HeldAppointment): Origin {
    const place = hold.originPlaceId === null ? undefined : directory.placesById.get(hold.originPlaceId);
    if (place !== undefined) {
      return { kind: 'place', placeId: place.id, name: place.name, at: { lat: place.lat, lon: place.lon } };
    }
    const venue = directory.venues.get(hold.venueId);
    return venue === undefined ? { kind: 'anywhere' } : { kind: 'position', at: venue.at };
  }

  async function gone(request: Request, response: Response): Promise<void> {
    const t = translator(localeOf(response));
    await deps.render(request, response, {
      view: 'booking/gone',
      title: t('journey.gone.title'),
      section: 'visits',
      status: 410,
      private: true,
      locals: {},
    });
  }

  /** What every page of the journey shows around its question. */
  function frame(directory: Directory, journey: Journey, step: StepName, locale: Locale, from?: string) {
    const { hold } = journey;
    return {
      steps: presentSteps(journey, step, locale),
      trip: presentTrip(directory, journey, step, today(), locale),
      hold:
        hold === null || from === undefined
          ? null
          : presentHold(hold, rulesOf(directory, hold), deps.clock.now(), deps.zone, from, locale),
    };
  }

  function rulesOf(directory: Directory, hold: HeldAppointment) {
    const venue = directory.venues.get(hold.venueId);
    return (
      (venue === undefined ? undefined : directory.municipalities.get(venue.municipalityId)?.rules) ?? DEFAULT_RULES
    );
  }

  // ── Services ────────────────────────────────────────────────────────────────────────────────────────────────────

  async function servicesPage(
    request: Request,
    response: Response,
    directory: Directory,
    journey: Journey,
    problem: ServicesProblem | 'notTogether' | null,
  ): Promise<void> {
    const locale = localeOf(response);
    const t = translator(locale);
    const here = await servicesHere(deps, directory, journey.stopId, coordinatesOf(journey.origin));
    const held = journey.hold !== null;
    await deps.render(request, response, {
      view: 'booking/services',
      title: (problem === null ? '' : t('journey.errorPrefix')) + t('journey.services.title'),
      section: 'visits',
      status: problem === null ? 200 : 422,
      private: held,
      locals: {
        ...frame(directory, journey, 'services', locale, 'leistungen'),
        view: presentServices(directory, journey, here, journey.hold?.date ?? today(), locale),
        errors: problem === null ? [] : servicesErrors(problem, locale),
        cardOnly: [...directory.municipalities.values()].every(({ cardOnly }) => cardOnly),
        back: held
          ? pathsFor(locale).check(journey.hold?.secret ?? '')
          : pathsFor(locale).visits(originQuery(journey.origin)),
      },
    });
  }

  /** Several services may each be possible, but not by the same clerk. */
  async function togetherAt(directory: Directory, stopId: number | null, lines: readonly Line[]): Promise<boolean> {
    const stop = stopId === null ? undefined : await deps.availability.stop(stopId);
    if (stop === undefined) {
      return true;
    }
    const [day] = await deps.availability.withCounters([stop], deps.clock.now());
    return day !== undefined && dayFor(directory, day, lines).counters.length > 0;
  }

  async function getServices(request: Request, response: Response): Promise<void> {
    const directory = await deps.directory();
    await servicesPage(request, response, directory, openJourney(request, directory), null);
  }

  async function postServices(request: Request, response: Response): Promise<void> {
    const directory = await deps.directory();
    const { lines, problem } = parseServices(request.body, directory);
    const journey = { ...openJourney(request, directory), lines };
    if (problem !== null) {
      await servicesPage(request, response, directory, journey, problem);
    } else if (!(await togetherAt(directory, journey.stopId, lines))) {
      await servicesPage(request, response, directory, journey, 'notTogether');
    } else {
      response.redirect(303, pathsFor(localeOf(response)).times(journeyQuery(journey)));
    }
  }

  async function getHeldServices(request: Request<{ secret: string }>, response: Response): Promise<void> {
    await withHold(request, response, (directory, journey) =>
      servicesPage(request, response, directory, journey, null),
    );
  }

  /** Other services may need more time: the same start is kept if it fits, else another has to be chosen. */
  async function postHeldServices(request: Request<{ secret: string }>, response: Response): Promise<void> {
    await withHold(request, response, async (directory, journey) => {
      const p = pathsFor(localeOf(response));
      const { hold } = journey;
      const { lines, problem } = parseServices(request.body, directory);
      const changed = { ...journey, lines };
      if (problem !== null) {
        await servicesPage(request, response, directory, changed, problem);
        return;
      }
      if (!(await togetherAt(directory, hold.stopId, lines))) {
        await servicesPage(request, response, directory, changed, 'notTogether');
        return;
      }
      const slot = { stopId: hold.stopId, tick: hold.startTick };
      const outcome = await holdTime(deps, holdRequest(journey, slot, lines, localeOf(response)));
      if (outcome.kind === 'held') {
        response.redirect(303, checkPerson(hold).size === 0 ? p.check(hold.secret) : p.details(hold.secret));
      } else {
        response.redirect(303, p.heldTimes(hold.secret, { leistung: lineValues(lines), passt: 'nicht' }));
      }
    });
  }

  function holdRequest(
    journey: Journey & { hold: HeldAppointment },
    slot: Slot,
    lines: readonly Line[],
    locale: Locale,
  ) {
    return { secret: journey.hold.secret, slot, lines, originPlaceId: journey.hold.originPlaceId, locale };
  }

  // ── Times ───────────────────────────────────────────────────────────────────────────────────────────────────────

  interface TimesState {
    /** Another time was just taken by somebody else, or is not offered any more. */
    lost?: { slot: Slot; kind: 'slotTaken' | 'notOffered' };
    /** Nothing was chosen. */
    missing?: boolean;
    /** The services need more time than the held start has. */
    tooLong?: boolean;
  }

  async function timesPage(
    request: Request,
    response: Response,
    directory: Directory,
    journey: Journey,
    state: TimesState = {},
  ): Promise<void> {
    const locale = localeOf(response);
    const t = translator(locale);
    const p = pathsFor(locale);
    const { hold, lines } = journey;
    const lost = state.lost;
    const page = await findTimes(deps, {
      from: coordinatesOf(journey.origin) ?? (await stopPosition(directory, journey.stopId)),
      lines,
      stopId: lost?.slot.stopId ?? journey.stopId,
      allTimes: request.query['alle'] === '1',
      offset: parseCount(request.query['ab']) ?? 0,
      ...(hold === null ? {} : { exceptAppointment: hold.id }),
    });
    const errors = state.missing === true ? [{ href: '#slot-list', text: t('journey.times.missing') }] : [];
    await deps.render(request, response, {
      view: 'booking/times',
      title: (errors.length > 0 || lost !== undefined ? t('journey.errorPrefix') : '') + t('journey.times.title'),
      section: 'visits',
      status: lost !== undefined ? 409 : errors.length > 0 ? 422 : 200,
      private: true, // each page carries the name of a hold of its own
      fragments: { 'slot-list': 'booking/_slot-list' },
      locals: {
        ...frame(directory, journey, 'times', locale, 'zeiten'),
        view: presentTimes(directory, page, {
          locale,
          chosen: hold === null || lost !== undefined ? null : slotValue({ stopId: hold.stopId, tick: hold.startTick }),
          pageLink: (query) =>
            hold === null
              ? p.times({ ...journeyQuery(journey), ...query })
              : p.heldTimes(hold.secret, { leistung: lineValues(lines), ...query }),
          ...(lost === undefined ? {} : { alternatives: nearestAlternatives(page, lost.slot.tick) }),
        }),
        sum: presentTripSum(journey, locale),
        lost: lost?.kind ?? null,
        tooLong: state.tooLong === true,
        errors,
        secret:
          hold === null
            ? (parseSecret((request.body as Record<string, unknown> | undefined)?.['vorgang']) ?? deps.random.secret())
            : null,
        holdMinutes: holdMinutes(directory, journey),
        services: hold === null ? p.services(journeyQuery(journey)) : p.heldServices(hold.secret),
        action:
          hold === null ? p.times(journeyQuery(journey)) : p.heldTimes(hold.secret, { leistung: lineValues(lines) }),
      },
    });
  }

  function presentTripSum(journey: Journey, locale: Locale): string {
    const minutes = journey.lines.reduce((sum, { service, persons }) => sum + service.minutes * persons, 0);
    return translator(locale)('journey.times.duration', { minutes });
  }

  function holdMinutes(directory: Directory, journey: Journey): number {
    const first = [...directory.municipalities.values()][0];
    return (
      (journey.hold === null ? first?.rules : rulesOf(directory, journey.hold))?.holdMinutes ??
      DEFAULT_RULES.holdMinutes
    );
  }

  /** Who comes with a visit but without a place looks around that visit. */
  async function stopPosition(directory: Directory, stopId: number | null) {
    const stop = stopId === null ? undefined : await deps.availability.stop(stopId);
    return (stop === undefined ? undefined : directory.venues.get(stop.venueId)?.at) ?? null;
  }

  async function getTimes(request: Request, response: Response): Promise<void> {
    const directory = await deps.directory();
    const journey = openJourney(request, directory);
    if (journey.lines.length === 0) {
      response.redirect(303, pathsFor(localeOf(response)).services(journeyQuery(journey)));
      return;
    }
    await timesPage(request, response, directory, journey);
  }

  async function postTimes(request: Request, response: Response): Promise<void> {
    const directory = await deps.directory();
    const locale = localeOf(response);
    const journey = openJourney(request, directory);
    const body = (request.body ?? {}) as Record<string, unknown>;
    const slot = parseSlot(body['zeit']);
    if (journey.lines.length === 0) {
      response.redirect(303, pathsFor(locale).services(journeyQuery(journey)));
      return;
    }
    if (slot === null) {
      await timesPage(request, response, directory, journey, { missing: true });
      return;
    }
    const hold = (secret: string): Promise<HoldOutcome> =>
      holdTime(deps, {
        secret,
        slot,
        lines: journey.lines,
        originPlaceId: journey.origin.kind === 'place' ? journey.origin.placeId : null,
        locale,
      });
    let secret = parseSecret(body['vorgang']) ?? deps.random.secret();
    let outcome = await hold(secret);
    if (outcome.kind === 'alreadyBooked') {
      // Back after booking, and another time: a new appointment, the booked one stays.
      secret = deps.random.secret();
      outcome = await hold(secret);
    }
    if (outcome.kind === 'slotTaken' || outcome.kind === 'notOffered') {
      await timesPage(request, response, directory, journey, { lost: { slot, kind: outcome.kind } });
      return;
    }
    response.redirect(303, pathsFor(locale).details(secret));
  }

  async function getHeldTimes(request: Request<{ secret: string }>, response: Response): Promise<void> {
    await withHold(request, response, (directory, journey) =>
      timesPage(request, response, directory, withLines(request, directory, journey), {
        tooLong: request.query['passt'] === 'nicht',
      }),
    );
  }

  async function postHeldTimes(request: Request<{ secret: string }>, response: Response): Promise<void> {
    await withHold(request, response, async (directory, held) => {
      const journey = withLines(request, directory, held);
      const slot = parseSlot((request.body as Record<string, unknown> | undefined)?.['zeit']);
      if (slot === null) {
        await timesPage(request, response, directory, journey, { missing: true });
        return;
      }
      const p = pathsFor(localeOf(response));
      const outcome = await holdTime(deps, holdRequest(journey, slot, journey.lines, localeOf(response)));
      if (outcome.kind === 'slotTaken' || outcome.kind === 'notOffered') {
        await timesPage(request, response, directory, journey, { lost: { slot, kind: outcome.kind } });
      } else {
        const { hold } = journey;
        response.redirect(303, checkPerson(hold).size === 0 ? p.check(hold.secret) : p.details(hold.secret));
      }
    });
  }

  /** The services of the hold, or other ones that the address names. */
  function withLines<J extends Journey>(request: Request<{ secret: string }>, directory: Directory, journey: J): J {
    const lines = parseLines(request.query['leistung'], directory);
    return lines.length === 0 ? journey : { ...journey, lines };
  }

  // ── Name and contact ────────────────────────────────────────────────────────────────────────────────────────────

  async function detailsPage(
    request: Request,
    response: Response,
    directory: Directory,
    journey: Journey & { hold: HeldAppointment },
    entered: DetailsForm['entered'],
    problems: ReadonlyMap<PersonField, PersonProblem>,
    extra: readonly { href: string; text: string }[] = [],
  ): Promise<void> {
    const locale = localeOf(response);
    const t = translator(locale);
    const errors = presentProblems(problems, locale);
    const all = [...errors.list, ...extra];
    const venue = directory.venues.get(journey.hold.venueId);
    const office = venue === undefined ? undefined : directory.municipalities.get(venue.municipalityId);
    await deps.render(request, response, {
      view: 'booking/details',
      title: (all.length > 0 ? t('journey.errorPrefix') : '') + t('journey.details.title'),
      section: 'visits',
      status: all.length > 0 ? 422 : 200,
      private: true,
      locals: {
        ...frame(directory, journey, 'details', locale, 'angaben'),
        entered,
        errors: all,
        fieldErrors: errors.fields,
        notice: noticeOf(request),
        office: office?.officeName ?? '',
        retention: office?.rules.retentionHours ?? DEFAULT_RULES.retentionHours,
        action: pathsFor(locale).details(journey.hold.secret),
        times: pathsFor(locale).heldTimes(journey.hold.secret),
      },
    });
  }

  /** What happened to the hold, told on the page the citizen comes back to. */
  function noticeOf(request: Request): 'extended' | 'limit' | null {
    const said = request.query['zeit'];
    return said === 'verlaengert' ? 'extended' : said === 'grenze' ? 'limit' : null;
  }

  async function getDetails(request: Request<{ secret: string }>, response: Response): Promise<void> {
    await withHold(request, response, (directory, journey) =>
      detailsPage(request, response, directory, journey, enteredOf(journey.hold), new Map()),
    );
  }

  async function postDetails(request: Request<{ secret: string }>, response: Response): Promise<void> {
    await withHold(request, response, async (directory, journey) => {
      const locale = localeOf(response);
      const { entered, person } = parseDetails(request.body);
      const problems = checkPerson(person);
      if (problems.size > 0) {
        await saveDraft(deps, journey.hold.secret, draftOf(person));
        await detailsPage(request, response, directory, journey, entered, problems);
        return;
      }
      const outcome = await saveDetails(deps, journey.hold.secret, person);
      switch (outcome.kind) {
        case 'saved':
          response.redirect(303, pathsFor(locale).check(journey.hold.secret));
          return;
        case 'tooManyOpen':
          await detailsPage(request, response, directory, journey, entered, problems, [tooMany(outcome.max, locale)]);
          return;
        case 'slotTaken':
          await lostPage(request, response, directory, journey);
          return;
        case 'booked':
        case 'unknown':
          response.redirect(303, pathsFor(locale).check(journey.hold.secret));
      }
    });
  }

  /** What fits into the database of something that is not checked yet. */
  function draftOf(person: DetailsForm['person']): DetailsForm['person'] {
    const cut = (text: string | null, length: number): string | null => text?.slice(0, length) ?? null;
    const contact = person.contactKind === 'email' || person.contactKind === 'phone' ? cut(person.contact, 254) : null;
    return { ...person, firstName: cut(person.firstName, 100), familyName: cut(person.familyName, 100), contact };
  }

  function tooMany(max: number, locale: Locale) {
    return { href: '#weg-email', text: translator(locale)('journey.details.tooManyOpen', { count: max }) };
  }

  /** The held time is gone: the nearest others, while everything that was typed stays with the hold. */
  async function lostPage(
    request: Request,
    response: Response,
    directory: Directory,
    journey: Journey & { hold: HeldAppointment },
  ) {
    const slot = { stopId: journey.hold.stopId, tick: journey.hold.startTick };
    await timesPage(request, response, directory, journey, { lost: { slot, kind: 'slotTaken' } });
  }

  // ── Check and book ──────────────────────────────────────────────────────────────────────────────────────────────

  async function checkPage(
    request: Request,
    response: Response,
    directory: Directory,
    journey: Journey & { hold: HeldAppointment },
    errors: readonly { href: string; text: string }[] = [],
  ): Promise<void> {
    const locale = localeOf(response);
    const t = translator(locale);
    const p = pathsFor(locale);
    await deps.render(request, response, {
      view: 'booking/check',
      title: (errors.length > 0 ? t('journey.errorPrefix') : '') + t('journey.check.title'),
      section: 'visits',
      status: errors.length > 0 ? 422 : 200,
      private: true,
      locals: {
        ...frame(directory, journey, 'check', locale, 'pruefen'),
        view: presentCheck(directory, journey, locale),
        retention: rulesOf(directory, journey.hold).retentionHours,
        notice: noticeOf(request),
        errors,
        action: p.check(journey.hold.secret),
        release: p.holdRelease(journey.hold.secret),
      },
    });
  }

  async function getCheck(request: Request<{ secret: string }>, response: Response): Promise<void> {
    await withHold(request, response, async (directory, journey) => {
      if (checkPerson(journey.hold).size > 0) {
        response.redirect(303, pathsFor(localeOf(response)).details(journey.hold.secret));
        return;
      }
      await checkPage(request, response, directory, journey);
    });
  }

  async function postCheck(request: Request<{ secret: string }>, response: Response): Promise<void> {
    await withHold(request, response, async (directory, journey) => {
      const locale = localeOf(response);
      const p = pathsFor(locale);
      const { secret } = journey.hold;
      const outcome = await bookAppointment(deps, secret);
      switch (outcome.kind) {
        case 'booked':
          response.redirect(303, p.booked(`${outcome.appointment.reference}-${secret}`));
          return;
        case 'incomplete':
          response.redirect(303, p.details(secret));
          return;
        case 'tooManyOpen':
          await checkPage(request, response, directory, journey, [
            { href: p.details(secret), text: tooMany(outcome.max, locale).text },
          ]);
          return;
        case 'slotTaken':
          await lostPage(request, response, directory, journey);
          return;
        case 'unknown':
          await gone(request, response);
      }
    });
  }

  // ── The hold itself ─────────────────────────────────────────────────────────────────────────────────────────────

  /** The button stands inside the form of its page: what was typed there comes along and is kept. */
  async function postExtension(request: Request<{ secret: string }>, response: Response): Promise<void> {
    await withHold(request, response, async (directory, journey) => {
      const p = pathsFor(localeOf(response));
      const { secret } = journey.hold;
      const body = (request.body ?? {}) as Record<string, unknown>;
      if ('nachname' in body) {
        await saveDraft(deps, secret, draftOf(parseDetails(body).person));
      }
      const outcome = await extendHold(deps, secret);
      if (outcome.kind === 'slotTaken') {
        await lostPage(request, response, directory, journey);
        return;
      }
      const zeit = outcome.kind === 'limit' ? 'grenze' : 'verlaengert';
      const pages: Readonly<Record<string, string>> = {
        leistungen: p.heldServices(secret),
        zeiten: p.heldTimes(secret),
        pruefen: p.check(secret, { zeit }),
      };
      const from = typeof body['von'] === 'string' ? body['von'] : '';
      response.redirect(303, pages[from] ?? p.details(secret, { zeit }));
    });
  }

  async function postRelease(request: Request<{ secret: string }>, response: Response): Promise<void> {
    if (parseSecret(request.params.secret) !== null) {
      await releaseHold(deps, request.params.secret);
    }
    response.redirect(303, pathsFor(localeOf(response)).released());
  }

  async function getReleased(request: Request, response: Response): Promise<void> {
    const t = translator(localeOf(response));
    await deps.render(request, response, {
      view: 'booking/released',
      title: t('journey.released.title'),
      section: 'visits',
      locals: {},
    });
  }

  const router = Router();
  router.route(ROUTES.services).get(getServices).post(postServices);
  router.route(ROUTES.times).get(getTimes).post(postTimes);
  router.route(ROUTES.released).get(getReleased);
  router.route(ROUTES.heldServices).get(getHeldServices).post(postHeldServices);
  router.route(ROUTES.heldTimes).get(getHeldTimes).post(postHeldTimes);
  router.route(ROUTES.details).get(getDetails).post(postDetails);
  router.route(ROUTES.check).get(getCheck).post(postCheck);
  router.route(ROUTES.holdExtension).post(postExtension);
  router.route(ROUTES.holdRelease).post(postRelease);
  return router;
}
