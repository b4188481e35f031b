import type { Response } from 'express';
import type { Directory, Locale } from '../../../domain/booking/office.ts';
import { checkPerson, type PersonField, type PersonInput, type PersonProblem } from '../../../domain/booking/person.ts';
import { DEFAULT_RULES } from '../../../domain/booking/rules.ts';
import { pathsFor } from '../../../paths.ts';
import { translator } from '../../../web/locale.ts';
import { localeOf } from '../../../web/render.ts';
import { saveDetails, saveDraft } from '../saveDetails.ts';
import { presentHints } from './contactWords.ts';
import type { HeldJourney, HeldRequest, JourneyContext, LostPage } from './context.ts';
import { enteredOf, parseDetails, type DetailsForm } from './forms.ts';
import { presentProblems } from './presenter.ts';

/** Step 4: name and one contact. */
export function createDetailsStep(context: JourneyContext, lostPage: LostPage) {
  const { deps, withHold, frame, noticeOf } = context;

  async function detailsPage(
    request: HeldRequest,
    response: Response,
    directory: Directory,
    journey: HeldJourney,
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
        hints: presentHints(office?.messages, locale),
        notice: noticeOf(request),
        office: office?.officeName ?? '',
        retention: office?.rules.retentionHours ?? DEFAULT_RULES.retentionHours,
        action: pathsFor(locale).details(journey.hold.secret),
        times: pathsFor(locale).heldTimes(journey.hold.secret),
      },
    });
  }

  async function getDetails(request: HeldRequest, response: Response): Promise<void> {
    await withHold(request, response, (directory, journey) =>
      detailsPage(request, response, directory, journey, enteredOf(journey.hold), new Map()),
    );
  }

  async function postDetails(request: HeldRequest, response: Response): Promise<void> {
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

  return { getDetails, postDetails };
}

/** What fits into the database of something that is not checked yet. */
export function draftOf(person: PersonInput): PersonInput {
  const cut = (text: string | null, length: number): string | null => text?.slice(0, length) ?? null;
  const contact = person.contactKind === 'email' || person.contactKind === 'phone' ? cut(person.contact, 254) : null;
  return { ...person, firstName: cut(person.firstName, 100), familyName: cut(person.familyName, 100), contact };
}

/** The contact has as many open appointments as it may have. */
export function tooMany(max: number, locale: Locale) {
  return { href: '#weg-email', text: translator(locale)('journey.details.tooManyOpen', { count: max }) };
}
