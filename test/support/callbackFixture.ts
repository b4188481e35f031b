import { createCallbackUnit } from '../../server/data/callbackRepository.ts';
import type { Database } from '../../server/data/knex.ts';
import type { Instant } from '../../server/domain/time.ts';
import type { CallbackWork } from '../../server/features/callbacks/deps.ts';
import { createHolidays } from '../../server/gateways/holidays.ts';
import { OFFICE_ZONE } from './officeFixture.ts';

/** What the use cases of the call-backs need, as the program builds it. */
export function callbackDeps(database: Database, now: () => Instant): CallbackWork {
  return {
    unit: (work) => database.unit((trx) => work(createCallbackUnit(trx))),
    holidays: createHolidays(),
    clock: { now },
    zone: OFFICE_ZONE,
  };
}
