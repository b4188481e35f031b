import type { Request, Response } from 'express';
import type { Directory, Line, Locale } from '../../../domain/booking/office.ts';
import { checkPerson } from '../../../domain/booking/person.ts';
import { pathsFor } from '../../../paths.ts';
import { translator } from '../../../web/locale.ts';
import { localeOf } from '../../../web/render.ts';
import { lineValues } from '../choice.ts';
import { holdTime, type HoldRequest, type Slot } from '../holdTime.ts';
import { dayFor } from '../offers.ts';
import { coordinatesOf, originQuery } from '../origin.ts';
import type { HeldJourney, HeldRequest, JourneyContext } from './context.ts';
import { parseServices, type ServicesProblem } from './forms.ts';
import { journeyQuery, presentServices, servicesErrors, type Journey } from './presenter.ts';
import { servicesHere } from './whereElse.ts';

/** Step 2: what the citizen wants to get done, and for how many. */
export function createServicesStep(context: JourneyContext) {
  const { deps, today, openJourney, withHold, frame } = context;

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
        errors: problem === null ? [] : servicesErrors(problem, journey.lines, locale),
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
    return (
      day !== undefined && dayFor(directory, day, lines, { channel: 'hotline', today: stop.date }).counters.length > 0
    );
  }

  async function getServices(request: Request, response: Response): Promise<void> {
    const directory = await deps.directory();
    if (directory.services.length === 0) {
      response.redirect(303, pathsFor(localeOf(response)).start()); // it says that the office is being set up
      return;
    }
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

  async function getHeldServices(request: HeldRequest, response: Response): Promise<void> {
    await withHold(request, response, (directory, journey) =>
      servicesPage(request, response, directory, journey, null),
    );
  }

  /** Other services may need more time: the same start is kept if it fits, else another has to be chosen. */
  async function postHeldServices(request: HeldRequest, response: Response): Promise<void> {
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

  return { getServices, postServices, getHeldServices, postHeldServices };
}

/** The request that puts a hold to another slot or other services. */
export function holdRequest(journey: HeldJourney, slot: Slot, lines: readonly Line[], locale: Locale): HoldRequest {
  return { secret: journey.hold.secret, slot, lines, originPlaceId: journey.hold.originPlaceId, locale };
}
