import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { createSmsGateway } from '../../server/gateways/sms/gateway.ts';

const MESSAGE = { key: 'Zm9vYmFyYmF6cXV4-_0123', recipient: '0171 392 00-12' };
const TEXT = 'Ihr Termin: Do, 3.12., 9 Uhr, Schönberg. Absagen: koffer.example.de/t/K7M2P9';

interface Request {
  url: string;
  headers: IncomingHttpHeaders;
  body: unknown;
}

describe('The gateway for text messages', () => {
  const stops: (() => Promise<void>)[] = [];

  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
  });

  /** A real HTTP server that answers so. */
  async function gatewayThat(status: number | 'silent' | 'drop', headers: Record<string, string> = {}) {
    const requests: Request[] = [];
    const server = createServer((request, response) => {
      void text(request).then((body) => {
        requests.push({ url: `${request.method} ${request.url}`, headers: request.headers, body: JSON.parse(body) });
        if (status === 'drop') request.socket.destroy();
        else if (status !== 'silent') {
          response.writeHead(status, headers);
          response.end(`{"to":"+491713920012"}`);
        }
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const stop = () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    stops.push(stop);
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/send`;
    const gateway = createSmsGateway({ url, token: 'geheim', from: 'Rathaus', timeoutMs: 2_000 });
    return { gateway, requests, url, stop };
  }

  it('hands over number, sender and text, and by which name the message goes', async () => {
    const { gateway, requests } = await gatewayThat(202);
    expect(await gateway.send(MESSAGE, TEXT)).to.deep.equal({ kind: 'sent' });
    expect(requests).to.have.length(1);
    expect(requests[0]).to.deep.include({
      url: 'POST /v1/send',
      body: { to: '+491713920012', from: 'Rathaus', text: TEXT, id: MESSAGE.key },
    });
    expect(requests[0]?.headers).to.deep.include({
      authorization: 'Bearer geheim',
      'idempotency-key': MESSAGE.key,
      'content-type': 'application/json; charset=utf-8',
    });
  });

  it('names no sender where none is set', async () => {
    const { url, requests } = await gatewayThat(200);
    await createSmsGateway({ url, token: 'geheim', from: null }).send(MESSAGE, TEXT);
    expect(requests[0]?.body).to.deep.equal({ to: '+491713920012', text: TEXT, id: MESSAGE.key });
  });

  for (const [status, kind] of [
    [200, 'sent'],
    [204, 'sent'],
    [400, 'refused'],
    [404, 'refused'],
    [422, 'refused'],
    [401, 'down'],
    [402, 'down'],
    [403, 'down'],
    [408, 'later'],
    [409, 'later'],
    [429, 'later'],
    [500, 'later'],
    [503, 'later'],
  ] as const) {
    it(`takes status ${status} for "${kind}"`, async () => {
      const { gateway } = await gatewayThat(status);
      const delivery = await gateway.send(MESSAGE, TEXT);
      expect(delivery.kind).to.equal(kind);
      if (delivery.kind !== 'sent') {
        expect(delivery.reason).to.match(new RegExp(`^(recipient|login|connection): HTTP ${status}$`));
      }
    });
  }

  it('takes number and token nowhere else', async () => {
    const other = await gatewayThat(200);
    const { gateway } = await gatewayThat(307, { Location: other.url });
    expect(await gateway.send(MESSAGE, TEXT)).to.deep.equal({ kind: 'down', reason: 'connection: HTTP 307' });
    expect(other.requests).to.deep.equal([]);
  });

  it('tries later what got no answer, as it may have been sent', async () => {
    const { url } = await gatewayThat('silent');
    const impatient = createSmsGateway({ url, token: 'geheim', from: null, timeoutMs: 100 });
    expect(await impatient.send(MESSAGE, TEXT)).to.deep.equal({
      kind: 'later',
      reason: 'connection: no answer in time',
    });
    const dropping = await gatewayThat('drop');
    expect((await dropping.gateway.send(MESSAGE, TEXT)).kind).to.equal('later');
  });

  it('says that a gateway is not there', async () => {
    const { gateway, stop } = await gatewayThat(200);
    await stop();
    expect(await gateway.send(MESSAGE, TEXT)).to.deep.equal({ kind: 'down', reason: 'connection: ECONNREFUSED' });
  });

  it('asks nobody about a number that cannot be one', async () => {
    const { gateway, requests } = await gatewayThat(200);
    expect(await gateway.send({ ...MESSAGE, recipient: '115' }, TEXT)).to.deep.equal({
      kind: 'refused',
      reason: 'recipient: the number cannot be one',
    });
    expect(requests).to.deep.equal([]);
  });
});
