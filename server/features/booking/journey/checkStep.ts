import type { Request, Response } from 'express';
import type { Directory } from '../../../domain/booking/office.ts';
import { checkPerson } from '../../../domain/booking/person.ts';
import { pathsFor } from '../../../paths.ts';
import { translator } from '../../../web/locale.ts';
import { localeOf } from '../../../web/render.ts';
import { bookAppointment } from '../bookAppointment.ts';
import { extendHold, releaseHold } from '../keepHold.ts';
import { saveDraft } from '../saveDetails.ts';
import type { HeldJourney, HeldRequest, JourneyContext, LostPage } from './context.ts';
import { draftOf, tooMany } from './detailsStep.ts';
import { parseDetails, parseSecret } from './forms.ts';
import { presentCheck } from './presenter.ts';

/** Step 5: check the answers and book; and what can be done with the hold meanwhile. */
export function createCheckStep(context: JourneyContext, lostPage: LostPage) {
  const { deps, withHold, gone, frame, rulesOf, noticeOf } = context;

  async function checkPage(
    request: HeldRequest,
    response: Response,
    directory: Directory,
    journey: HeldJourney,
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
        view: presentCheck(directory, journey, deps.clock.now(), locale),
        retention: rulesOf(directory, journey.hold).retentionHours,
        notice: noticeOf(request),
        errors,
        action: p.check(journey.hold.secret),
        release: p.holdRelease(journey.hold.secret),
      },
    });
  }

  async function getCheck(request: HeldRequest, response: Response): Promise<void> {
    await withHold(request, response, async (directory, journey) => {
      if (checkPerson(journey.hold).size > 0) {
        response.redirect(303, pathsFor(localeOf(response)).details(journey.hold.secret));
        return;
      }
      await checkPage(request, response, directory, journey);
    });
  }

  async function postCheck(request: HeldRequest, response: Response): Promise<void> {
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
          await gone(request, response, 'over');
      }
    });
  }

  /** The button stands inside the form of its page: what was typed there comes along and is kept. */
  async function postExtension(request: HeldRequest, response: Response): Promise<void> {
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
      const pages = new Map<unknown, string>([
        ['leistungen', p.heldServices(secret)],
        ['zeiten', p.heldTimes(secret)],
        ['pruefen', p.check(secret, { zeit })],
      ]);
      response.redirect(303, pages.get(body['von']) ?? p.details(secret, { zeit }));
    });
  }

  async function postRelease(request: HeldRequest, response: Response): Promise<void> {
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

  return { getCheck, postCheck, postExtension, postRelease, getReleased };
}
