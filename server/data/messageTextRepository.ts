import type { Knex } from 'knex';
import type { Locale } from '../domain/booking/office.ts';
import type { TextKind } from '../domain/messages/message.ts';
import { NO_PIECES, type TextPieces } from '../domain/messages/texts.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Database } from './knex.ts';
import { isTaken, record, type Saving } from './officeRepository.ts';
import { firstVersion } from './relayRepository.ts';

interface Row {
  municipality_id: number;
  kind: TextKind;
  locale: Locale;
  subject: string | null;
  intro: string | null;
  note: string | null;
  version: number;
}

/** What a municipality words itself; `version` 0: it has worded nothing of this text. */
export interface StoredText {
  pieces: TextPieces;
  version: number;
}

const piecesOf = ({ subject, intro, note }: Row): TextPieces => ({ subject, intro, note });

/** Texts of messages that municipalities have worded themselves. */
export function createMessageTextRepository(database: Database) {
  const { reader } = database;

  const rows = (query: Knex | Knex.Transaction, municipalityId: number, kind: TextKind, locale: Locale) =>
    query<Row>('message_texts').where({ municipality_id: municipalityId, kind, locale });

  return {
    /** For those who write the messages. */
    async pieces(municipalityId: number, kind: TextKind, locale: Locale): Promise<TextPieces> {
      const row = await rows(reader, municipalityId, kind, locale).first();
      return row === undefined ? NO_PIECES : piecesOf(row);
    },

    async find(municipalityId: number, kind: TextKind, locale: Locale): Promise<StoredText> {
      const row = await rows(reader, municipalityId, kind, locale).first();
      return row === undefined ? { pieces: NO_PIECES, version: 0 } : { pieces: piecesOf(row), version: row.version };
    },

    /** Which texts it has worded, in no order. */
    async own(municipalityId: number): Promise<{ kind: TextKind; locale: Locale }[]> {
      return reader<Row>('message_texts').where('municipality_id', municipalityId).select('kind', 'locale');
    },

    /** Pieces of which none is left are deleted: the text is as delivered again. */
    save(
      text: { municipalityId: number; kind: TextKind; locale: Locale; version: number },
      pieces: TextPieces,
      saving: Saving,
    ): Promise<'saved' | 'stale'> {
      const { municipalityId, kind, locale, version } = text;
      const isNothing = pieces.subject === null && pieces.intro === null && pieces.note === null;
      const { subject, intro, note } = pieces;
      return database.unit<'saved' | 'stale'>(async (trx) => {
        const row = () => rows(trx, municipalityId, kind, locale);
        if (version > 0) {
          const found = row().where('version', version);
          const changed = isNothing
            ? await found.delete()
            : await found.update({ subject, intro, note, version: version + 1 });
          if (changed === 0) return 'stale';
        } else {
          // Somebody may have worded it since the form was opened.
          if ((await row().first()) !== undefined) return 'stale';
          if (isNothing) return 'saved';
          try {
            await trx<Row>('message_texts').insert({
              municipality_id: municipalityId,
              kind,
              locale,
              subject,
              intro,
              note,
              version: firstVersion(saving.at),
            });
          } catch (error) {
            if (isTaken(error)) throw new Refusal<'stale'>('stale');
            throw error;
          }
        }
        await record(trx, 'municipality', municipalityId, 'changed', saving);
        return 'saved';
      });
    },
  };
}
