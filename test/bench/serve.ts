import type { AddressInfo } from 'node:net';
import { composeOffice } from '../../server/compose.ts';
import { parseConfig } from '../../server/config.ts';
import { NOW } from './state.ts';

/** The whole program as a process of its own, with the clock of the benchmarks; tells its port to the parent. */
const started = Date.now();
const office = await composeOffice(parseConfig(process.env), { now: () => NOW + Date.now() - started });
const server = office.app.listen({ port: 0, host: '127.0.0.1', backlog: 2_048 }, () => {
  process.send?.({ port: (server.address() as AddressInfo).port });
});
process.once('disconnect', () => process.exit(0));
