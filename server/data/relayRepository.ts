import type { Relay } from '../domain/messages/relay.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Database } from './knex.ts';
import { isTaken, record, updateVersion, type Saving } from './officeRepository.ts';
import type { Seal } from './seal.ts';

interface RelayRow {
  municipality_id: number;
  host: string;
  port: number;
  security: Relay['security'];
  username: string | null;
  password: string | null;
  from_name: string;
  from_address: string;
  reply_to: string | null;
  version: number;
}

/** A mail server as its form shows it: whether there is a password, but not which. */
export interface StoredRelay {
  host: string;
  port: number;
  security: Relay['security'];
  username: string | null;
  fromName: string;
  fromAddress: string;
  replyTo: string | null;
  /** unreadable: sealed with another key than that of the installation, or there is none now. */
  password: 'none' | 'stored' | 'unreadable';
  version: number;
}

export type RelayValues = Omit<StoredRelay, 'password' | 'version'>;

export type PasswordChange = { kind: 'keep' } | { kind: 'clear' } | { kind: 'set'; password: string };

/** What a municipality decides about its messages. */
export interface MessageRuleValues {
  confirmsEmail: boolean;
  sendsReminders: boolean;
  sendsSms: boolean;
}

/** noKey: passwords cannot be sealed here. */
export type RelayOutcome = 'saved' | 'stale' | 'noKey';

/**
 * A row that was deleted and written again must not have the version of the one before: it begins with the time, in
 * seconds.
 */
export function firstVersion(at: number): number {
  return Math.max(1, Math.floor(at / 1000));
}

/** Mail servers of municipalities, and by which rules those write. */
export function createRelayRepository(database: Database, seal: Seal) {
  const { reader } = database;
  const contextOf = (municipalityId: number): string => `municipality ${municipalityId}`;

  const rowOf = (municipalityId: number): Promise<RelayRow | undefined> =>
    reader<RelayRow>('municipality_relays').where('municipality_id', municipalityId).first();

  const opened = (row: RelayRow): string | null =>
    row.password === null ? null : seal.open(row.password, contextOf(row.municipality_id));

  return {
    /**
     * The municipality's own mail server; null: it has none, that of the installation counts. A password that cannot be
     * read becomes an empty one: signing in fails, and nothing goes out by another way than the municipality wants.
     */
    async relayOf(municipalityId: number): Promise<Relay | null> {
      const row = await rowOf(municipalityId);
      if (row === undefined) return null;
      return {
        host: row.host,
        port: row.port,
        security: row.security,
        login: row.username === null ? null : { username: row.username, password: opened(row) ?? '' },
        from: { name: row.from_name, address: row.from_address },
        replyTo: row.reply_to,
      };
    },

    async stored(municipalityId: number): Promise<StoredRelay | null> {
      const row = await rowOf(municipalityId);
      if (row === undefined) return null;
      return {
        host: row.host,
        port: row.port,
        security: row.security,
        username: row.username,
        fromName: row.from_name,
        fromAddress: row.from_address,
        replyTo: row.reply_to,
        password: row.password === null ? 'none' : opened(row) === null ? 'unreadable' : 'stored',
        version: row.version,
      };
    },

    /** @param version of what the form was filled in for; 0: there was none */
    async save(
      municipalityId: number,
      version: number,
      values: RelayValues,
      password: PasswordChange,
      saving: Saving,
    ): Promise<RelayOutcome> {
      const sealed = password.kind === 'set' ? seal.seal(password.password, contextOf(municipalityId)) : null;
      if (password.kind === 'set' && sealed === null) return 'noKey';
      const keeps = password.kind === 'keep' && values.username !== null;
      const row = {
        host: values.host,
        port: values.port,
        security: values.security,
        username: values.username,
        from_name: values.fromName,
        from_address: values.fromAddress,
        reply_to: values.replyTo,
        ...(keeps ? {} : { password: values.username === null ? null : sealed }),
      };
      return database.unit<RelayOutcome>(async (trx) => {
        if (version === 0) {
          try {
            const first = { municipality_id: municipalityId, version: firstVersion(saving.at) };
            await trx('municipality_relays').insert({ ...row, ...first });
          } catch (error) {
            if (isTaken(error)) throw new Refusal<RelayOutcome>('stale');
            throw error;
          }
        } else {
          const changed = await trx('municipality_relays')
            .where({ municipality_id: municipalityId, version })
            .update({ ...row, version: version + 1 });
          if (changed === 0) throw new Refusal<RelayOutcome>('stale');
        }
        await record(trx, 'municipality', municipalityId, 'changed', saving);
        return 'saved';
      });
    },

    /** From then on the mail server of the installation counts. Also 'saved' when there was none any more. */
    remove(municipalityId: number, version: number, saving: Saving): Promise<'saved' | 'stale'> {
      return database.unit<'saved' | 'stale'>(async (trx) => {
        const deleted = await trx('municipality_relays').where({ municipality_id: municipalityId, version }).delete();
        if (deleted === 0) {
          const other: unknown = await trx('municipality_relays').where('municipality_id', municipalityId).first();
          return other === undefined ? 'saved' : 'stale';
        }
        await record(trx, 'municipality', municipalityId, 'changed', saving);
        return 'saved';
      });
    },

    /** Name and rules of a municipality; the version is that of the municipality. */
    async rules(municipalityId: number) {
      const row = await reader<Record<string, unknown>>('municipalities').where('id', municipalityId).first();
      return row === undefined
        ? undefined
        : {
            id: municipalityId,
            name: String(row['name']),
            confirmsEmail: Boolean(row['confirm_email']),
            sendsReminders: Boolean(row['sends_reminders']),
            sendsSms: Boolean(row['sends_sms']),
            confirmationMinutes: Number(row['confirmation_minutes']),
            reminderHours: Number(row['reminder_hours']),
            version: Number(row['version']),
          };
    },

    async saveRules(
      municipalityId: number,
      version: number,
      rules: MessageRuleValues,
      saving: Saving,
    ): Promise<'saved' | 'stale'> {
      const outcome = await database.unit<{ kind: string }>(async (trx) => {
        await updateVersion(
          trx,
          'municipalities',
          { id: municipalityId, version },
          {
            confirm_email: rules.confirmsEmail,
            sends_reminders: rules.sendsReminders,
            sends_sms: rules.sendsSms,
          },
        );
        await record(trx, 'municipality', municipalityId, 'changed', saving);
        return { kind: 'saved' };
      });
      return outcome.kind === 'saved' ? 'saved' : 'stale';
    },
  };
}
