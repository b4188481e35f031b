import { Router, type Request, type Response } from 'express';
import { scopeOf } from '../../domain/access.ts';
import { AUDIT_SUBJECTS, type AuditSubject, type RecordedEntry } from '../../domain/audit.ts';
import { addDays, isLocalDate, type LocalDate } from '../../domain/time.ts';
import { pathsFor, ROUTES } from '../../paths.ts';
import { enteredFields } from '../../web/form.ts';
import { localeOf, translator, type Locale } from '../../web/locale.ts';
import { actorOf } from '../../web/session.ts';
import type { StaffDeps } from './deps.ts';
import type { AuditQuery } from './ports.ts';
import { moment } from './words.ts';

const PAGE = 50;
/** Nobody turns so many pages; the search narrows down. */
const FARTHEST = 100_000;

/** There is no day after it. */
const LAST_DAY: LocalDate = '9999-12-31';

/** What is searched for, as the address says it. */
interface Search {
  text: string;
  subject: AuditSubject | null;
  subjectId: number | null;
  from: LocalDate | null;
  to: LocalDate | null;
  offset: number;
}

/** The history of what was changed: who, when, what. */
export function auditRoutes(deps: StaffDeps): Router {
  const router = Router();
  router.get(ROUTES.audit, (request, response) => showAudit(deps, request, response));
  return router;
}

function readSearch(query: unknown): Search {
  const fields = enteredFields(query);
  const date = (name: string): LocalDate | null => (isLocalDate(fields[name]) ? fields[name] : null);
  const count = (name: string): number | null => (/^\d{1,9}$/.test(fields[name] ?? '') ? Number(fields[name]) : null);
  return {
    text: (fields['suche'] ?? '').slice(0, 100),
    subject: AUDIT_SUBJECTS.find((subject) => subject === fields['art']) ?? null,
    subjectId: count('id'),
    from: date('von'),
    to: date('bis'),
    offset: Math.min(count('ab') ?? 0, FARTHEST),
  };
}

async function showAudit(deps: StaffDeps, request: Request, response: Response): Promise<void> {
  const locale = localeOf(response);
  const t = translator(locale);
  const p = pathsFor(locale);
  const search = readSearch(request.query);
  const query: AuditQuery = {
    scope: scopeOf(actorOf(response), 'audit.read'),
    text: search.text,
    offset: search.offset,
    limit: PAGE + 1, // one more tells whether there is another page
    ...(search.subject === null ? {} : { subject: search.subject }),
    ...(search.subject === null || search.subjectId === null ? {} : { subjectId: search.subjectId }),
    ...(search.from === null ? {} : { from: deps.zone.instantAt(search.from, 0) }),
    ...(search.to === null || search.to === LAST_DAY ? {} : { to: deps.zone.instantAt(addDays(search.to, 1), 0) }),
  };
  const found = await deps.trail.entries(query);
  const municipalities = new Map((await deps.users.municipalities('all')).map(({ id, name }) => [id, name]));
  const pageAt = (offset: number): string =>
    p.audit({
      suche: search.text,
      art: search.subject,
      id: search.subjectId,
      von: search.from,
      bis: search.to,
      ab: offset === 0 ? undefined : offset,
    });
  await deps.render(request, response, {
    view: 'staff/audit/audit',
    title: t('audit.title'),
    staff: 'audit',
    locals: {
      search: {
        text: search.text,
        from: search.from ?? '',
        to: search.to ?? '',
        subjects: AUDIT_SUBJECTS.map((subject) => ({
          value: subject,
          name: t(`audit.subjects.${subject}`),
          selected: subject === search.subject,
        })),
        isNarrowed: search.text !== '' || [search.subject, search.from, search.to].some((one) => one !== null),
      },
      entries: found.slice(0, PAGE).map((entry) => presentEntry(entry, municipalities, deps, locale)),
      newer: search.offset > 0 ? pageAt(Math.max(0, search.offset - PAGE)) : null,
      older: found.length > PAGE ? pageAt(search.offset + PAGE) : null,
      all: p.audit(),
    },
  });
}

/** One line of the history: when and who, what, from what to what. */
function presentEntry(
  entry: RecordedEntry,
  municipalities: ReadonlyMap<number, string>,
  { zone }: Pick<StaffDeps, 'zone'>,
  locale: Locale,
) {
  const t = translator(locale);
  const place = entry.municipalityId === null ? undefined : municipalities.get(entry.municipalityId);
  const said = (value: string | null): string => (value === null || value === '' ? t('audit.nothing') : value);
  return {
    when: moment(entry.at, zone, locale),
    who: place === undefined ? entry.userName : t('audit.whoIn', { who: entry.userName, place }),
    what: t('audit.line', {
      subject: t(`audit.subjects.${entry.subject}`),
      label: entry.label,
      action: t(`audit.actions.${entry.action}`),
    }),
    changes: entry.changes.map(({ field, from, to }) => ({ field, from: said(from), to: said(to) })),
  };
}
