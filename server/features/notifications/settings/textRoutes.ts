import { Router, type Request, type Response } from 'express';
import { changesBetween } from '../../../domain/audit.ts';
import type { TextKind } from '../../../domain/messages/message.ts';
import { checkPieces, isTextKind } from '../../../domain/messages/placeholders.ts';
import { NO_PIECES, type TextPieces } from '../../../domain/messages/texts.ts';
import { ROUTES } from '../../../paths.ts';
import { addError, enteredFields, NO_ERRORS, type FormErrors } from '../../../web/form.ts';
import { translator, type Locale } from '../../../web/locale.ts';
import { askerOf, municipalityOf, savingOf, staleView, takeFlash, versionOf, type StaleView } from './asking.ts';
import type { MessageSettingsDeps } from './deps.ts';
import type { Rules } from './ports.ts';
import { FIELDS, presentTextForm, presentTextList, textLanguage, textsToEdit } from './textPresenter.ts';

interface Wanted {
  municipality: Rules;
  kind: TextKind;
  language: Locale;
}

/** The words that a municipality puts into its messages instead of those of the program. */
export function textRoutes(deps: MessageSettingsDeps): Router {
  const router = Router();
  const german = translator('de');

  router.get(ROUTES.staffMunicipalityTexts, async (request, response, next) => {
    const municipality = await municipalityOf(deps, request, response);
    if (municipality === undefined) return next();
    const page = presentTextList(askerOf(response), municipality, await deps.texts.own(municipality.id));
    const flash = takeFlash(request);
    return deps.render(request, response, {
      view: 'notifications/textList',
      title: page.title,
      staff: 'masterData',
      locals: { page, flash },
    });
  });

  async function wanted(request: Request, response: Response): Promise<Wanted | undefined> {
    const { kind } = request.params;
    if (typeof kind !== 'string' || !isTextKind(kind)) return undefined;
    const municipality = await municipalityOf(deps, request, response);
    if (municipality === undefined) return undefined;
    return { municipality, kind, language: textLanguage(request.query['sprache']) };
  }

  async function show(
    request: Request,
    response: Response,
    { municipality, kind, language }: Wanted,
    shown: {
      texts: Readonly<Record<string, string>>;
      pieces: TextPieces;
      version: number;
      isOwn: boolean;
      errors?: FormErrors;
      stale?: StaleView;
      unsaved?: boolean;
    },
  ): Promise<void> {
    const asker = askerOf(response);
    const errors = shown.errors ?? NO_ERRORS;
    const faulty = errors.list.length > 0;
    // Words that cannot be used are not filled in: then the preview shows the text as it is delivered.
    const preview = faulty
      ? null
      : await deps.words.preview({ municipalityId: municipality.id, kind, locale: language, pieces: shown.pieces });
    const form = presentTextForm(asker, { municipality, kind, language, ...shown, errors, preview });
    const refused = faulty || form.stale !== null;
    await deps.render(request, response, {
      view: 'notifications/textForm',
      title: refused ? asker.t('staff.form.errorPrefix') + form.title : form.title,
      staff: 'masterData',
      status: refused ? 422 : 200,
      locals: { form, errors: errors.list, flash: takeFlash(request) },
    });
  }

  router
    .route(ROUTES.staffMunicipalityText)
    .get(async (request, response, next) => {
      const text = await wanted(request, response);
      if (text === undefined) return next();
      const { pieces, version } = await deps.texts.find(text.municipality.id, text.kind, text.language);
      const texts = textsToEdit(pieces, deps.words.delivered(text.kind, text.language));
      return show(request, response, text, { texts, pieces, version, isOwn: version > 0 });
    })
    .post(async (request, response, next) => {
      const text = await wanted(request, response);
      if (text === undefined) return next();
      const { municipality, kind, language } = text;
      const asker = askerOf(response);
      const { t, p } = asker;
      const entered = enteredFields(request.body);
      const delivered = deps.words.delivered(kind, language);
      const before = await deps.texts.find(municipality.id, kind, language);
      const resets = entered['aktion'] === 'zuruecksetzen';
      const pieces = resets ? NO_PIECES : readPieces(entered, delivered);
      const version = versionOf(entered);
      const shown = { texts: entered, pieces, version, isOwn: before.version > 0 };

      const errors: FormErrors = { list: [], fields: {} };
      for (const fault of checkPieces(kind, pieces)) {
        const { piece, fault: what, ...more } = fault;
        const isMeant = 'hint' in more && more.hint !== null;
        const key = isMeant ? 'unknownHint' : what;
        const braced = Object.entries(more).map(([name, value]) => [
          name,
          name === 'most' ? String(value) : `{${String(value)}}`,
        ]);
        const parameters = Object.fromEntries(braced) as Record<string, string>;
        addError(errors, FIELDS[piece], t(`messageSettings.texts.faults.${key}`, parameters));
      }
      if (errors.list.length > 0) return show(request, response, text, { ...shown, errors });
      if (entered['aktion'] === 'vorschau') return show(request, response, text, { ...shown, unsaved: true });

      const changes = changesBetween(picture(before.pieces), picture(pieces));
      if (changes.length > 0) {
        const name = german(`messageSettings.texts.kinds.${kind}`);
        const inWhich = german(`messageSettings.texts.languages.${language}`);
        const saving = savingOf(
          deps,
          response,
          municipality,
          changes.map((change) => ({ ...change, field: `${name}, ${inWhich}: ${change.field}` })),
        );
        const outcome = await deps.texts.save(
          { municipalityId: municipality.id, kind, locale: language, version },
          pieces,
          saving,
        );
        if (outcome === 'stale') {
          const current = await deps.texts.find(municipality.id, kind, language);
          const stored = textsToEdit(current.pieces, delivered);
          const stale = await staleView(
            deps,
            asker,
            municipality.id,
            Object.values(FIELDS).map((field) => ({
              label: t(`messageSettings.texts.fields.${field}`),
              typed: entered[field] ?? '',
              stored: stored[field] ?? '',
            })),
          );
          const { version: now } = current;
          return show(request, response, text, { ...shown, version: now, isOwn: now > 0, stale });
        }
      }
      const said = resets ? 'messageSettings.texts.wasReset' : 'messageSettings.texts.wasSaved';
      request.session.flash = { kind: 'success', text: t(said) };
      response.redirect(303, p.staffMunicipalityText(municipality.id, kind, { sprache: language }));
    });

  /** What the history says of pieces, in German. */
  function picture(pieces: TextPieces): Record<string, string | null> {
    return Object.fromEntries(
      Object.entries(FIELDS).map(([piece, field]) => [
        german(`messageSettings.texts.fields.${field}`),
        pieces[piece as keyof TextPieces],
      ]),
    );
  }

  return router;
}

/** What was typed; null where it is empty or just what the program says anyway. */
function readPieces(entered: Readonly<Record<string, string>>, delivered: TextPieces): TextPieces {
  const piece = (name: keyof TextPieces): string | null => {
    const typed = (entered[FIELDS[name]] ?? '').normalize('NFC');
    return typed === '' || typed === (delivered[name] ?? '').trim() ? null : typed;
  };
  return { subject: piece('subject'), intro: piece('intro'), note: piece('note') };
}
