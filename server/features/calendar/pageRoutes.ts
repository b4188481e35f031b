import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { isIn, scopeOf, type Actor } from '../../domain/access.ts';
import type { AuditEntry } from '../../domain/audit.ts';
import { pathsFor, ROUTES } from '../../paths.ts';
import { calendarLinks } from '../../web/calendarLinks.ts';
import { enteredFields, NO_ERRORS, parseForm, type Entered, type FormErrors } from '../../web/form.ts';
import { localeOf, translator, type Translate } from '../../web/locale.ts';
import { drawQr } from '../../web/qr.ts';
import { actorOf } from '../../web/session.ts';
import { hashOfToken, newFormKey, originOf, tokenOf } from './address.ts';
import type { CalendarDeps } from './deps.ts';
import { moment } from './eventTimes.ts';
import { mayHave } from './personalRoute.ts';
import type { Feed, FeedKind, Kit } from './ports.ts';

/** More calendars than anybody has devices. */
const MOST_FEEDS = 20;
const LONGEST_LABEL = 60;

/** A kind that somebody may have: its value in the form is the kind, of a kit `kit-7`. */
interface Choice {
  value: string;
  kind: FeedKind;
  kit: Kit | null;
}

/** The page on which those who work with the program make and end their calendars. */
export function feedPages(deps: CalendarDeps): Router {
  const router = Router();
  router
    .route(ROUTES.feeds)
    .get((request, response) => show(deps, request, response, {}))
    .post((request, response) => make(deps, request, response));
  router.post(ROUTES.feedEnd, async (request, response, next) => {
    const { id } = request.params;
    const { userId, name, grants } = actorOf(response);
    const t = translator(localeOf(response));
    const isEnded =
      /^\d{1,9}$/.test(id) &&
      (await deps.feeds.end(userId, Number(id), { userId, name }, deps.clock.now(), ({ label, kind }) =>
        entryOf(grants, label, 'deleted', kind),
      ));
    if (!isEnded) {
      next();
      return;
    }
    request.session.flash = { kind: 'success', text: t('calendar.page.ended') };
    response.redirect(303, pathsFor(localeOf(response)).feeds());
  });
  return router;
}

/** For the history: what somebody subscribed to, never the address. */
function entryOf(
  grants: Actor['grants'],
  label: string,
  action: 'created' | 'deleted',
  kind: FeedKind,
): Omit<AuditEntry, 'subjectId'> {
  const de = translator('de');
  const [first, second] = new Set(grants.map(({ municipalityId }) => municipalityId));
  const change = de(`calendar.kind.${kind}`);
  return {
    // Of whoever is at home in one municipality, its admins see it.
    municipalityId: second === undefined ? (first ?? null) : null,
    subject: 'calendarFeed',
    label,
    action,
    changes: [
      {
        field: de('calendar.page.kind'),
        from: action === 'created' ? null : change,
        to: action === 'created' ? change : null,
      },
    ],
  };
}

async function choicesOf(deps: CalendarDeps, actor: Actor, kits: readonly Kit[]): Promise<Choice[]> {
  const scope = scopeOf(actor, 'tours.read');
  const own: Choice[] = [];
  for (const kind of ['clerk', 'planner'] as const) {
    if (await mayHave(deps, actor, kind, null)) own.push({ value: kind, kind, kit: null });
  }
  const ofKits = kits
    .filter(({ municipalityId }) => isIn(scope, municipalityId))
    .map((kit): Choice => ({ value: `kit-${kit.id}`, kind: 'kit', kit }));
  return [...own, ...ofKits];
}

function nameOf(t: Translate, kind: FeedKind, kit: Pick<Kit, 'name'> | null | undefined): string {
  return kind === 'kit' && kit ? kit.name : t(`calendar.kind.${kind}`);
}

interface Shown {
  entered?: Entered;
  errors?: FormErrors;
  /** Of a calendar that was made just now. */
  token?: string;
  status?: number;
}

async function show(
  deps: CalendarDeps,
  request: Request,
  response: Response,
  { entered = {}, errors = NO_ERRORS, token, status }: Shown,
): Promise<void> {
  const locale = localeOf(response);
  const t = translator(locale);
  const p = pathsFor(locale);
  const actor = actorOf(response);
  const now = deps.clock.now();
  const [feeds, kits] = await Promise.all([deps.feeds.ofUser(actor.userId), deps.tours.kits()]);
  const choices = await choicesOf(deps, actor, kits);
  const isRefused = errors.list.length > 0;
  const { flash } = request.session;
  if (flash !== undefined) delete request.session.flash;
  const chosen = entered['art'] ?? choices[0]?.value;
  const origin = originOf(request, deps.publicUrl);
  await deps.render(request, response, {
    view: 'calendar/feeds',
    title: (isRefused ? t('staff.form.errorPrefix') : '') + t('calendar.page.title'),
    staff: 'calendar',
    status: status ?? (isRefused ? 422 : 200),
    locals: {
      errors: errors.list,
      flash: flash ?? null,
      made: token === undefined ? null : presentAddress(pathsFor('de').feed(token), origin),
      form:
        choices.length === 0
          ? null
          : {
              action: p.feeds(),
              key: newFormKey(now, deps.random.secret()),
              label: entered['bezeichnung'] ?? '',
              longestLabel: LONGEST_LABEL,
              fields: errors.fields,
              kinds: choices.map(({ value, kind, kit }) => ({
                value,
                name: nameOf(t, kind, kit),
                hint: t(`calendar.page.about.${kind}`),
                checked: value === chosen,
              })),
            },
      feeds: await Promise.all(
        feeds.map(async (feed) => ({
          label: feed.label,
          kind: nameOf(
            t,
            feed.kind,
            kits.find(({ id }) => id === feed.kitId),
          ),
          created: t('calendar.page.created', { when: moment(feed.createdAt, deps.zone, locale) }),
          used:
            feed.usedAt === null
              ? t('calendar.page.neverUsed')
              : t('calendar.page.used', { when: moment(feed.usedAt, deps.zone, locale) }),
          warning: (await mayHave(deps, actor, feed.kind, feed.kitId)) ? null : t('calendar.page.asleep'),
          end: p.feedEnd(feed.id),
        })),
      ),
    },
  });
}

/** The address of a new calendar in all the ways to take it along. */
function presentAddress(path: string, origin: string) {
  const { href: address, webcal } = calendarLinks(path, origin);

  return {
    address,
    webcal,
    qr: drawQr(webcal),
    google: `https://calendar.google.com/calendar/u/0/r?cid=${encodeURIComponent(webcal)}`,
  };
}

const schema = z.object({
  art: z.string({ error: 'calendar.errors.kind' }).min(1, 'calendar.errors.kind'),
  bezeichnung: z
    .string({ error: 'calendar.errors.label' })
    .min(1, 'calendar.errors.label')
    .max(LONGEST_LABEL, `calendar.errors.labelLong?max=${LONGEST_LABEL}`),
});

/** Answers with the address in the page: it is not kept anywhere, so it cannot be shown on another one. */
async function make(deps: CalendarDeps, request: Request, response: Response): Promise<void> {
  const locale = localeOf(response);
  const t = translator(locale);
  const actor = actorOf(response);
  const { userId, name } = actor;
  const now = deps.clock.now();
  const entered = enteredFields(request.body);
  const parsed = parseForm(schema, entered, t);
  if (!parsed.ok) return show(deps, request, response, { entered, errors: parsed.errors });

  const choices = await choicesOf(deps, actor, await deps.tours.kits());
  const choice = choices.find(({ value }) => value === parsed.value.art);
  if (choice === undefined)
    return show(deps, request, response, { entered, errors: wrong('art', t('calendar.errors.kind')) });

  const { bezeichnung: label } = parsed.value;
  const formKey = entered['schluessel'] ?? '';
  const token = tokenOf(formKey, userId, deps.key, now) ?? tokenOf(newFormKey(now, deps.random.secret()), userId, deps.key, now); // prettier-ignore
  if (token === null) throw new Error('A new form makes an address');
  const feed: Omit<Feed, 'id' | 'usedAt'> = {
    userId,
    kind: choice.kind,
    kitId: choice.kit?.id ?? null,
    label,
    locale,
    createdAt: now,
  };
  const made = await deps.feeds.create(
    { ...feed, tokenHash: hashOfToken(token) },
    MOST_FEEDS,
    { userId, name },
    entryOf(actor.grants, label, 'created', choice.kind),
  );
  if (made === 'tooMany') {
    return show(deps, request, response, {
      entered,
      errors: wrong('bezeichnung', t('calendar.errors.tooMany', { count: MOST_FEEDS })),
    });
  }
  return show(deps, request, response, { token });
}

function wrong(field: string, text: string): FormErrors {
  return { list: [{ href: `#${field}`, text }], fields: { [field]: text } };
}
