import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface OsrmServer {
  url: string;
  /** What was asked, oldest first. */
  requests: { url: string; connection: string | undefined }[];
  /** How many connections were opened. */
  connections(): number;
  stop(): Promise<void>;
}

/** A real HTTP server in place of OSRM's. */
export async function startOsrm(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<OsrmServer> {
  const requests: OsrmServer['requests'] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    requests.push({ url: request.url ?? '', connection: request.headers.connection });
    answer(request, response);
  });
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    connections: () => connections,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
