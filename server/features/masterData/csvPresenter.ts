import { pathsFor } from '../../paths.ts';
import { translator, type Locale, type Translate } from '../../web/locale.ts';
import { SERVICE_COLUMNS, VENUE_COLUMNS, type CsvLine, type CsvPlan } from './csvPlan.ts';
import type { CsvSubject } from './csvPorts.ts';
import type { TableProblem } from './csvTable.ts';
import { VENUE_FIELDS } from './venueFields.ts';

export const COLUMNS: Record<CsvSubject, readonly string[]> = { venues: VENUE_COLUMNS, services: SERVICE_COLUMNS };

/** Addresses of a subject: its list, the page for its file, the file itself. */
export function csvPaths(subject: CsvSubject, locale: Locale) {
  const p = pathsFor(locale);
  return subject === 'venues'
    ? { list: p.staffVenues(), upload: p.staffVenuesImport, download: p.staffVenuesExport() }
    : { list: p.staffServices(), upload: p.staffServicesImport, download: p.staffServicesExport() };
}

function title(subject: CsvSubject, t: Translate): string {
  return subject === 'venues' ? t('csv.import.venues') : t('csv.import.services');
}

export function presentProblem(problem: TableProblem, t: Translate): string {
  if (problem.kind === 'empty') return t('csv.problem.empty');
  if (problem.kind === 'tooManyRows') return t('csv.problem.tooManyRows', { max: problem.max });
  if (problem.kind === 'quotes') return t('csv.problem.quotes', { line: problem.line });
  return t(`csv.problem.${problem.kind}`, { columns: problem.columns.join(', '), count: problem.columns.length });
}

/** The page on which a file is chosen. */
export function presentUpload(subject: CsvSubject, errors: readonly string[], locale: Locale) {
  const t = translator(locale);
  const { list, upload, download } = csvPaths(subject, locale);
  return {
    heading: title(subject, t),
    back: { href: list, text: subject === 'venues' ? t('csv.back.venues') : t('csv.back.services') },
    action: upload(),
    downloadHref: download,
    downloadText: subject === 'venues' ? t('csv.export.venues') : t('csv.export.services'),
    errors: errors.map((text) => ({ href: '#datei', text })),
    error: errors[0] ?? null,
    columns: COLUMNS[subject].map((column) => ({ name: column, text: columnText(subject, column, t) })),
  };
}

/** What stands in a column, in words. */
function columnText(subject: CsvSubject, column: string, t: Translate): string {
  if (column === 'kennung') return t('csv.column.kennung');
  if (subject === 'services') return t(`csv.serviceColumn.${column}`);
  const opening = VENUE_FIELDS.indexOf('mo') <= indexOf(column) && indexOf(column) <= VENUE_FIELDS.indexOf('so');
  return opening ? t('csv.venueColumn.tag') : t(`csv.venueColumn.${column}`);
}

function indexOf(column: string): number {
  return (VENUE_FIELDS as readonly string[]).indexOf(column);
}

export interface PreviewInput {
  subject: CsvSubject;
  id: string;
  plan: CsvPlan<unknown>;
  /** The file was in the character set of old Windows programs. */
  windows: boolean;
  /** Something has changed since the page was shown. */
  changedMeanwhile: boolean;
}

/** Longest text of a cell that is shown. */
const MOST_CHARACTERS = 120;

function shown(text: string, t: Translate): string {
  if (text === '') return t('csv.preview.nothing');
  const line = text.replace(/\n/g, ' ⏎ ');
  return `„${line.length > MOST_CHARACTERS ? `${line.slice(0, MOST_CHARACTERS)} …` : line}“`;
}

/** What would happen, row by row: what is faulty first. */
export function presentPreview({ subject, id, plan, windows, changedMeanwhile }: PreviewInput, locale: Locale) {
  const t = translator(locale);
  const { list, upload } = csvPaths(subject, locale);
  const of = (kind: CsvLine['kind']): CsvLine[] => plan.lines.filter((line) => line.kind === kind);
  const counts = (['faulty', 'new', 'changed', 'same'] as const).map((kind) => ({ kind, lines: of(kind) }));
  const faulty = of('faulty').length;
  const writes = plan.writes.length;
  return {
    heading: t('csv.preview.title'),
    back: { href: upload(), text: title(subject, t) },
    listHref: list,
    id,
    action: upload(),
    fingerprint: plan.fingerprint,
    state: faulty > 0 ? 'faulty' : writes > 0 ? 'ready' : 'same',
    message:
      faulty > 0
        ? t('csv.preview.faulty', { count: faulty })
        : writes > 0
          ? t('csv.preview.ready', { count: writes })
          : t('csv.preview.same'),
    hints: [
      ...(windows ? [t('csv.preview.windows')] : []),
      ...(changedMeanwhile ? [t('csv.preview.changedMeanwhile')] : []),
    ],
    groups: counts
      .filter(({ lines }) => lines.length > 0)
      .map(({ kind, lines }) => ({
        kind,
        title: t(`csv.preview.group.${kind}`, { count: lines.length }),
        lines: lines.map((line) => ({
          where: t('csv.preview.line', { line: line.line }),
          name: line.name,
          details:
            line.kind === 'faulty'
              ? line.faults.map(({ column, text }) => ({ column, text }))
              : line.kind === 'changed'
                ? line.changes.map(({ column, from, to }) => ({
                    column,
                    text: t('csv.preview.change', { from: shown(from, t), to: shown(to, t) }),
                  }))
                : [],
        })),
      })),
    submit: faulty === 0 && writes > 0 ? t('csv.preview.submit', { count: writes }) : null,
  };
}
