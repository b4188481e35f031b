import type { Request, Response } from 'express';
import type { Directory, Locale } from '../../../domain/booking/office.ts';
import { checkPerson } from '../../../domain/booking/person.ts';
import { DEFAULT_RULES } from '../../../domain/booking/rules.ts';
import { pathsFor } from '../../../paths.ts';
import { keepByKey } from '../../../web/keep.ts';
import { translator } from '../../../web/locale.ts';
import { localeOf } from '../../../web/render.ts';
import { lineValues, parseCount, parseLines, parseSlot, slotValue } from '../choice.ts';
import { findTimes, nearestAlternatives } from '../findTimes.ts';
import { holdTime, type HoldOutcome, type Slot } from '../holdTime.ts';
import { coordinatesOf } from '../origin.ts';
import type { HeldJourney, HeldRequest, JourneyContext } from './context.ts';
import { parseSecret } from './forms.ts';
import { journeyQuery, type Journey } from './presenter.ts';
import { holdRequest } from './servicesStep.ts';
import { presentTimes } from './timesPresenter.ts';

/** How old the free times on a page may be when it is sent, in milliseconds. */
const KEPT = 1_000;
/** Pages kept at a time; one is some ten kilobytes. */
const MOST_KEPT = 300;

/** Stands in a rendered page where the name of its hold belongs. */
const HOLD_NAME = '_name-des-vorgangs_hier_';

/** Step 3: when and where; choosing holds the time. */
export function createTimesStep(context: JourneyContext) {
  const { deps, openJourney, withHold, frame, rulesOf } = context;
  const keepPages = keepByKey<Awaited<ReturnType<typeof presentPage>>>(KEPT, MOST_KEPT, () => deps.clock.now());

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
    const present = () => presentPage(request, directory, journey, state, locale);
    // Who looks for a first time may see what another one saw a moment ago: the insert decides anyway. Who has lost a
    // time shares only with others who have lost the same one: it is not among what was found for the first of them.
    const { lost } = state;
    const mayBeKept = journey.hold === null && (request.method === 'GET' || lost !== undefined);
    const key = [locale, request.originalUrl, ...(lost === undefined ? [] : [lost.kind, slotValue(lost.slot)])].join(
      ' ',
    );
    const { title, status, locals } = await (mayBeKept ? keepPages(key, present) : present());
    const sent = parseSecret((request.body as Record<string, unknown> | undefined)?.['vorgang']);
    await deps.render(request, response, {
      view: 'booking/times',
      title,
      section: 'visits',
      status,
      private: true,
      fragments: { 'slot-list': 'booking/_slot-list' },
      locals,
      // Each page carries the name of a hold of its own; all the rest may have been rendered for somebody else.
      own: { placeholder: HOLD_NAME, value: sent ?? deps.random.secret() },
    });
  }

  /** Everything on the page but the name of its hold, for which `HOLD_NAME` stands. */
  async function presentPage(
    request: Request,
    directory: Directory,
    journey: Journey,
    state: TimesState,
    locale: Locale,
  ) {
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
    return {
      title: (errors.length > 0 || lost !== undefined ? t('journey.errorPrefix') : '') + t('journey.times.title'),
      status: lost !== undefined ? 409 : errors.length > 0 ? 422 : 200,
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
        secret: hold === null ? HOLD_NAME : null,
        holdMinutes: holdMinutes(directory, journey),
        services: hold === null ? p.services(journeyQuery(journey)) : p.heldServices(hold.secret),
        action:
          hold === null ? p.times(journeyQuery(journey)) : p.heldTimes(hold.secret, { leistung: lineValues(lines) }),
      },
    };
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

  async function getHeldTimes(request: HeldRequest, response: Response): Promise<void> {
    await withHold(request, response, (directory, journey) =>
      timesPage(request, response, directory, withLines(request, directory, journey), {
        tooLong: request.query['passt'] === 'nicht',
      }),
    );
  }

  async function postHeldTimes(request: HeldRequest, response: Response): Promise<void> {
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
  function withLines<J extends Journey>(request: HeldRequest, directory: Directory, journey: J): J {
    const lines = parseLines(request.query['leistung'], directory);
    return lines.length === 0 ? journey : { ...journey, lines };
  }

  /** The held time is gone: the nearest others, while everything that was typed stays with the hold. */
  async function lostPage(request: Request, response: Response, directory: Directory, journey: HeldJourney) {
    const slot = { stopId: journey.hold.stopId, tick: journey.hold.startTick };
    await timesPage(request, response, directory, journey, { lost: { slot, kind: 'slotTaken' } });
  }

  return { getTimes, postTimes, getHeldTimes, postHeldTimes, lostPage };
}
