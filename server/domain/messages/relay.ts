/** The mail server that takes over what is sent in the name of a municipality. */
export interface Relay {
  host: string;
  port: number;
  /** tls: from the first byte (465); starttls: demanded before anything else is said (587). The certificate is checked. */
  security: 'tls' | 'starttls';
  /** Null: it asks for none. */
  login: { username: string; password: string } | null;
  from: { name: string; address: string };
  /** Null: answers go to `from`. */
  replyTo: string | null;
}
