import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import express from 'express';

/** The yardstick of the pages: the smallest page Express and EJS can serve, as a process of its own. */
const app = express();
app.set('views', [path.join(path.dirname(fileURLToPath(import.meta.url)), 'plain')]);
app.set('view engine', 'ejs');
app.enable('view cache');
app.get('/', (_request, response) => response.render('hello', { name: 'Welt' }));
const server = app.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.once('disconnect', () => process.exit(0));
