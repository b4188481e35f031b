// The compiled program as `npm start` runs it, on a free port that it tells to the parent.
import { composeOffice } from '../../dist/server/compose.js';
import { parseConfig } from '../../dist/server/config.js';

const office = await composeOffice(parseConfig(process.env));
const server = office.app.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
process.once('disconnect', () => process.exit(0));
