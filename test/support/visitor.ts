import { Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import * as cheerio from 'cheerio';

export interface Answer {
  status: number;
  /** Path and query that was asked for. */
  path: string;
  headers: IncomingHttpHeaders;
  location: string | null;
  html: string;
  $: cheerio.CheerioAPI;
}

export interface Asked {
  method?: string;
  headers?: Readonly<Record<string, string>>;
  body?: string;
}

export type Fields = Readonly<Record<string, string | readonly string[]>>;

export interface Visitor {
  /** Sends exactly this; follows nothing. */
  ask(path: string, asked?: Asked): Promise<Answer>;
  get(path: string): Promise<Answer>;
  post(path: string, fields: Fields): Promise<Answer>;
  /** Sends the form of a page as a browser would, with these fields filled in. */
  submit(page: Answer, fields?: Fields, selector?: string): Promise<Answer>;
  /** The page a 303 leads to. @throws Error on anything else */
  follow(answer: Answer): Promise<Answer>;
  close(): void;
}

/** A browser without script: sends what links and forms say. */
export function createVisitor(origin: string, options: { cookies?: readonly string[] } = {}): Visitor {
  const { hostname, port } = new URL(origin);
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const cookies = new Map<string, string>(options.cookies?.map((cookie) => cookieOf(cookie)));

  const cookieHeader = (): Record<string, string> =>
    cookies.size === 0 ? {} : { Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') };

  function ask(path: string, asked: Asked = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const outgoing = httpRequest(
        {
          agent,
          hostname,
          port,
          path,
          method: asked.method ?? 'GET',
          headers: { ...cookieHeader(), ...asked.headers },
        },
        (incoming) => {
          for (const cookie of incoming.headers['set-cookie'] ?? []) {
            const [name, value] = cookieOf(cookie);
            cookies.set(name, value);
          }
          const chunks: Buffer[] = [];
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
          incoming.on('error', reject);
          incoming.on('end', () => {
            const html = Buffer.concat(chunks).toString('utf8');
            let parsed: cheerio.CheerioAPI | undefined;
            resolve({
              status: incoming.statusCode ?? 0,
              path,
              headers: incoming.headers,
              location: incoming.headers.location ?? null,
              html,
              get $() {
                return (parsed ??= cheerio.load(html));
              },
            });
          });
        },
      );
      outgoing.on('error', reject);
      outgoing.end(asked.body);
    });
  }

  const get = (path: string): Promise<Answer> => ask(path);
  const post = (path: string, fields: Fields): Promise<Answer> => {
    const body = encode(fields);
    return ask(path, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/x-www-form-urlencoded',
        'Content-Length': String(Buffer.byteLength(body)),
      },
      body,
    });
  };
  return {
    ask,
    get,
    post,
    submit: (page, fields = {}, selector) => {
      const form = formOf(page, selector);
      return post(form.action, { ...form.fields, ...fields });
    },
    follow: (answer) => {
      if (answer.status !== 303 || answer.location === null) {
        throw new Error(`${answer.path} answered ${answer.status}, not 303: ${errorsOf(answer).join(' | ')}`);
      }
      return get(answer.location);
    },
    close: () => agent.destroy(),
  };
}

/** Name and value of `name=value; HttpOnly; …`. */
function cookieOf(cookie: string): [name: string, value: string] {
  const [pair = ''] = cookie.split(';');
  const at = pair.indexOf('=');
  return [pair.slice(0, at), pair.slice(at + 1)];
}

export function encode(fields: Fields): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    for (const one of typeof value === 'string' ? [value] : value) {
      search.append(name, one);
    }
  }
  return search.toString();
}

/**
 * What a form of the page would send as it stands.
 * @param selector default: the page's own form
 */
export function formOf(
  page: Answer,
  selector = 'main form.kt-form',
): { action: string; fields: Record<string, string | string[]> } {
  const { $ } = page;
  const form = $(selector).first();
  if (form.length === 0) {
    throw new Error(`${page.path} (${page.status}) has no form`);
  }
  const fields: Record<string, string | string[]> = {};
  // controls outside that belong to it by their form attribute
  const id = form.attr('id');
  const outside = id === undefined ? [] : $(`[form="${id}"]:not(button)`).serializeArray();
  for (const { name, value } of [...form.serializeArray(), ...outside]) {
    const before = fields[name];
    fields[name] = before === undefined ? value : [before, value].flat();
  }
  // cheerio does not look for the chosen option inside groups
  form.find('select:has(optgroup)').each((_, select) => {
    const options = $(select).find('option');
    const chosen = options.filter('[selected]').last();
    fields[$(select).attr('name') ?? ''] = (chosen.length > 0 ? chosen : options.first()).attr('value') ?? '';
  });
  return { action: form.attr('action') ?? page.path, fields };
}

/** Texts of the error summary. */
export function errorsOf(page: Answer): string[] {
  const { $ } = page;
  return $('#fehler li, #fehler .kt-errors__title')
    .map((_, element) => $(element).text().trim())
    .get();
}

/** The times a page offers, as values of `zeit`. */
export function timesOf(page: Answer): string[] {
  const { $ } = page;
  return $('#slot-list input[name="zeit"]')
    .map((_, input) => $(input).attr('value') ?? '')
    .get();
}
