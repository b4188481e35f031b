import type { Locale } from '../../../domain/booking/office.ts';
import type { AuditChange, AuditSubject } from '../../../domain/audit.ts';
import type { Delivery, TextKind, WrittenMail } from '../../../domain/messages/message.ts';
import type { Relay } from '../../../domain/messages/relay.ts';
import type { TextPieces } from '../../../domain/messages/texts.ts';
import type { Instant } from '../../../domain/time.ts';

/** Who changes what of which municipality, for the history. */
export interface Saving {
  author: { userId: number | null; name: string };
  at: Instant;
  municipalityId: number;
  label: string;
  changes: readonly AuditChange[];
}

export interface RelayValues {
  host: string;
  port: number;
  security: Relay['security'];
  username: string | null;
  fromName: string;
  fromAddress: string;
  /** Null: answers go to `fromAddress`. */
  replyTo: string | null;
}

/** As it is kept: never with the password. unreadable: the key of the installation is another one, or missing. */
export interface StoredRelay extends RelayValues {
  password: 'none' | 'stored' | 'unreadable';
  version: number;
}

export type PasswordChange = { kind: 'keep' } | { kind: 'clear' } | { kind: 'set'; password: string };

export interface RuleValues {
  confirmsEmail: boolean;
  sendsReminders: boolean;
  sendsSms: boolean;
}

/** A municipality and by which rules it writes; the version is that of the municipality. */
export interface Rules extends RuleValues {
  id: number;
  name: string;
  confirmationMinutes: number;
  reminderHours: number;
  version: number;
}

export interface Relays {
  /** Undefined: there is no such municipality. */
  rules(municipalityId: number): Promise<Rules | undefined>;
  saveRules(municipalityId: number, version: number, rules: RuleValues, saving: Saving): Promise<'saved' | 'stale'>;
  /** Null: it uses that of the installation. */
  stored(municipalityId: number): Promise<StoredRelay | null>;
  /** @param version 0: there was none. noKey: passwords cannot be sealed here. */
  save(
    municipalityId: number,
    version: number,
    values: RelayValues,
    password: PasswordChange,
    saving: Saving,
  ): Promise<'saved' | 'stale' | 'noKey'>;
  remove(municipalityId: number, version: number, saving: Saving): Promise<'saved' | 'stale'>;
}

export interface Texts {
  /** Version 0: nothing is worded. */
  find(municipalityId: number, kind: TextKind, locale: Locale): Promise<{ pieces: TextPieces; version: number }>;
  own(municipalityId: number): Promise<{ kind: TextKind; locale: Locale }[]>;
  /** Without any piece the text is as delivered again. */
  save(
    text: { municipalityId: number; kind: TextKind; locale: Locale; version: number },
    pieces: TextPieces,
    saving: Saving,
  ): Promise<'saved' | 'stale'>;
}

export interface Words {
  /** A text as the program has it, with placeholders. */
  delivered(kind: TextKind, locale: Locale): TextPieces;
  /** The mail as citizens would get it, about an appointment that was made up. */
  preview(of: { municipalityId: number; kind: TextKind; locale: Locale; pieces: TextPieces }): Promise<WrittenMail>;
}

/** Sends one mail at once, through the server that the municipality uses. */
export type Trial = (municipalityId: number, to: string, mail: WrittenMail, locale: Locale) => Promise<Delivery>;

/** What the installation has, whatever a municipality sets up. */
export interface Installation {
  /** Mail server for those without one of their own; null: those send no mail. */
  mail: { host: string; from: string } | null;
  /** It has a gateway for text messages. */
  sms: boolean;
  /** Passwords can be kept: there is a key to seal them. */
  keepsPasswords: boolean;
  /** Nothing leaves the house. */
  demonstration: boolean;
}

export type LastChange = (subject: AuditSubject, id: number) => Promise<string | null>;
