import { request as askHttp, type IncomingMessage } from 'node:http';
import { request as askHttps } from 'node:https';
import { z } from 'zod';
import type { Coordinates } from '../../domain/geo.ts';
import { decodePolyline } from './polyline.ts';
import { ProviderFailed, RequestRefused, type RoadFigures, type RoadProvider } from './provider.ts';

export interface OsrmSettings {
  /** Address in front of `/table/v1/…`, without a slash at its end. */
  url: string;
  /** Milliseconds from the connection to the last byte of an answer. */
  timeoutMs: number;
}

/** What `osrm-routed` takes unless it is started with another `--max-table-size`. */
const MAX_PLACES = 100;

/** The answer for a hundred places is about 150 kB, a line across Germany about as long. */
const MAX_BYTES = 8 * 1024 * 1024;

const figures = z.array(z.array(z.number().min(0).nullable()));
const TableAnswer = z.object({ code: z.literal('Ok'), durations: figures, distances: figures });
const RouteAnswer = z.object({
  code: z.literal('Ok'),
  routes: z.array(z.object({ geometry: z.string() })).min(1),
});

/** Codes with which OSRM says that no road leads there: an answer like any other. */
const NO_ROAD = new Set(['NoRoute', 'NoTable']);

/**
 * Roads of an OSRM server, by its HTTP interface (https://project-osrm.org/docs/v5.24.0/api/). Each request has a
 * connection of its own: kept alive, they cost about 40 ms each there. A request that got no answer is sent once more.
 */
export function createOsrm({ url, timeoutMs }: OsrmSettings): RoadProvider {
  async function ask(path: string): Promise<Answered> {
    const address = new URL(`${url}${path}`);
    try {
      return await askOnce(address, timeoutMs);
    } catch (error) {
      if (error instanceof RequestRefused) throw error;
      return askOnce(address, timeoutMs);
    }
  }

  return {
    name: 'osrm',
    maxPlaces: MAX_PLACES,

    async table(sources, destinations) {
      const places = distinct([...sources, ...destinations]);
      const positions = (some: readonly Coordinates[]): string => some.map((one) => places.indexOf(one)).join(';');
      const answer = await ask(
        `/table/v1/driving/${inUrl(places)}?annotations=duration,distance&generate_hints=false` +
          `&sources=${positions(sources)}&destinations=${positions(destinations)}`,
      );
      if (answer === 'noRoad') return sources.map(() => destinations.map(() => null));
      const { durations, distances } = parsed(TableAnswer, answer);
      if (![durations, distances].every((matrix) => hasSize(matrix, sources.length, destinations.length))) {
        throw new ProviderFailed('answered a table of another size');
      }
      return durations.map((row, from) => row.map((seconds, to) => figuresOf(seconds, distances[from]?.[to] ?? null)));
    },

    async line(from, to) {
      const answer = await ask(
        `/route/v1/driving/${inUrl([from, to])}?overview=full&geometries=polyline&generate_hints=false`,
      );
      if (answer === 'noRoad') return null;
      const points = decodePolyline(parsed(RouteAnswer, answer).routes[0]?.geometry ?? '');
      if (points === null) throw new ProviderFailed('answered a line that cannot be read');
      return points.length >= 2 ? { points, streets: [] } : null;
    },
  };
}

type Answered = { body: unknown } | 'noRoad';

function figuresOf(seconds: number | null, metres: number | null): RoadFigures | null {
  return seconds === null || metres === null ? null : { seconds: Math.round(seconds), metres: Math.round(metres) };
}

function hasSize(matrix: readonly (readonly unknown[])[], rows: number, columns: number): boolean {
  return matrix.length === rows && matrix.every((row) => row.length === columns);
}

/** The same objects, each once: what `indexOf` finds again. */
function distinct(places: readonly Coordinates[]): Coordinates[] {
  return [...new Set(places)];
}

function inUrl(places: readonly Coordinates[]): string {
  return places.map(({ lat, lon }) => `${lon.toFixed(5)},${lat.toFixed(5)}`).join(';');
}

function parsed<T>(schema: z.ZodType<T>, { body }: { body: unknown }): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw new ProviderFailed('answered something else than asked for');
}

/** No text of the answer gets into a message: it may repeat the places. */
async function askOnce(address: URL, timeoutMs: number): Promise<Answered> {
  const { status, text } = await get(address, timeoutMs);
  const body = jsonOf(text);
  const code = z.object({ code: z.string().regex(/^[A-Za-z]{1,40}$/) }).safeParse(body).data?.code;
  if (status === 200 && code === 'Ok') return { body };
  if (code !== undefined && NO_ROAD.has(code)) return 'noRoad';
  if (status >= 400 && status < 500) throw new RequestRefused(`refused with ${status}${code ? ` ${code}` : ''}`);
  if (status !== 200) throw new ProviderFailed(`answered ${status}`);
  throw new ProviderFailed(code === undefined ? 'answered no JSON of its own' : `answered ${code}`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function get(address: URL, timeoutMs: number): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const fail = (error: Error): void => {
      reject(new ProviderFailed(signal.aborted ? 'too slow' : reasonOf(error)));
    };
    const ask = address.protocol === 'https:' ? askHttps : askHttp;
    const request = ask(
      address,
      {
        // Without an agent there is no connection to keep: node says "connection: close".
        agent: false,
        headers: { accept: 'application/json', 'user-agent': 'Koffertour' },
        signal,
      },
      (response) => {
        textOf(response).then((text) => resolve({ status: response.statusCode ?? 0, text }), fail);
      },
    );
    request.on('error', fail);
    request.end();
  });
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) throw new ProviderFailed('answered too much');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function reasonOf(error: Error & { code?: unknown }): string {
  if (error instanceof ProviderFailed) return error.message;
  return typeof error.code === 'string' ? `no answer (${error.code})` : 'no answer';
}
