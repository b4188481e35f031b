import { TEXT_KINDS, type TextKind, type WrittenMail } from '../../../domain/messages/message.ts';
import { MOST_CHARACTERS, PIECES, placeholdersOf, type Piece } from '../../../domain/messages/placeholders.ts';
import type { TextPieces } from '../../../domain/messages/texts.ts';
import { LOCALES, type Locale } from '../../../web/locale.ts';
import type { FormErrors } from '../../../web/form.ts';
import type { Asker, StaleView } from './asking.ts';
import type { Rules } from './ports.ts';

/** The pages about the words of a municipality, for views/notifications/textList.ejs and textForm.ejs. */

/** The fields of the form, in its order. */
export const FIELDS: Readonly<Record<Piece, string>> = { subject: 'betreff', intro: 'einleitung', note: 'hinweis' };

/** Lines of a field. */
const ROWS: Readonly<Record<'intro' | 'note', number>> = { intro: 8, note: 5 };

/** The language of a text, from the address. */
export function textLanguage(asked: unknown): Locale {
  return LOCALES.find((locale) => locale === asked) ?? 'de';
}

/** What the form begins with: the municipality's own words, else those of the program. */
export function textsToEdit(pieces: TextPieces, delivered: TextPieces): Record<string, string> {
  return Object.fromEntries(PIECES.map((piece) => [FIELDS[piece], pieces[piece] ?? delivered[piece] ?? '']));
}

export function presentTextList(
  { t, p }: Asker,
  municipality: Rules,
  own: readonly { kind: TextKind; locale: Locale }[],
) {
  return {
    title: t('messageSettings.texts.listTitle', { name: municipality.name }),
    lead: t('messageSettings.texts.listLead'),
    back: {
      href: p.staffMunicipalityMessages(municipality.id),
      text: t('messageSettings.title', { name: municipality.name }),
    },
    kinds: TEXT_KINDS.map((kind) => ({
      name: t(`messageSettings.texts.kinds.${kind}`),
      when: t(`messageSettings.texts.when.${kind}`),
      languages: LOCALES.map((locale) => {
        const isOwn = own.some((one) => one.kind === kind && one.locale === locale);
        return {
          href: p.staffMunicipalityText(municipality.id, kind, { sprache: locale }),
          language: t(`messageSettings.texts.languages.${locale}`),
          isOwn,
          state: t(isOwn ? 'messageSettings.texts.own' : 'messageSettings.texts.delivered'),
        };
      }),
    })),
  };
}

export function presentTextForm(
  { t, p }: Asker,
  text: {
    municipality: Rules;
    kind: TextKind;
    language: Locale;
    texts: Readonly<Record<string, string>>;
    version: number;
    isOwn: boolean;
    errors: FormErrors;
    stale?: StaleView;
    preview: WrittenMail | null;
    /** The preview is of words that are not stored. */
    unsaved?: boolean;
  },
) {
  const { municipality, kind, language, preview } = text;
  const title = t('messageSettings.texts.title', {
    kind: t(`messageSettings.texts.kinds.${kind}`),
    language: t(`messageSettings.texts.languages.${language}`),
  });
  const field = (piece: Piece) => {
    const id = FIELDS[piece];
    const error = text.errors.fields[id];
    const most = MOST_CHARACTERS[piece];
    return {
      partial: piece === 'subject' ? 'input' : 'textarea',
      id,
      label: t(`messageSettings.texts.fields.${id}`),
      hint: t(`messageSettings.texts.hints.${id}`, { most }),
      value: text.texts[id] ?? '',
      ...(piece === 'subject' ? {} : { rows: ROWS[piece] }),
      ...(piece === 'note' ? { optional: true } : {}),
      ...(error === undefined ? {} : { error }),
    };
  };
  const forSubject = placeholdersOf(kind, 'subject');
  return {
    title,
    lead: t(`messageSettings.texts.when.${kind}`),
    back: {
      href: p.staffMunicipalityTexts(municipality.id),
      text: t('messageSettings.texts.listTitle', { name: municipality.name }),
    },
    others: LOCALES.filter((locale) => locale !== language).map((locale) => ({
      href: p.staffMunicipalityText(municipality.id, kind, { sprache: locale }),
      text: t(`messageSettings.texts.otherLanguage.${locale}`),
    })),
    action: p.staffMunicipalityText(municipality.id, kind, { sprache: language }),
    version: text.version,
    stale: text.stale ?? null,
    state: t(text.isOwn ? 'messageSettings.texts.isOwn' : 'messageSettings.texts.isDelivered'),
    resets: text.isOwn,
    fields: PIECES.map(field),
    placeholders: placeholdersOf(kind).map((name) => ({
      name: `{${name}}`,
      meaning: t(`messageSettings.texts.placeholders.${name}`),
      note: forSubject.includes(name) ? null : t('messageSettings.texts.notInSubject'),
    })),
    preview:
      preview === null
        ? null
        : {
            subject: preview.subject,
            text: preview.text,
            language,
            note: t(
              text.unsaved === true ? 'messageSettings.texts.previewUnsaved' : 'messageSettings.texts.previewNote',
            ),
          },
  };
}
