import { openDatabase, type DatabaseConfig } from '../../server/data/knex.ts';
import { finishCallback, takeCallback } from '../../server/features/callbacks/changeCallback.ts';
import { noteCallback } from '../../server/features/callbacks/noteCallback.ts';
import { callbackDeps } from '../support/callbackFixture.ts';

/** One step of somebody at the hotline, at an instant. */
export type RaceStep = { at: number; userId: number } & (
  | { kind: 'take'; id: number; seenTakenAt: number | null }
  | { kind: 'finish'; id: number }
  | { kind: 'note'; municipalityId: number; phone: string }
);

/** Does its steps, all begun at once, and answers what came of each: the kind of its outcome, or the id of the note. */
const [config, steps] = JSON.parse(process.argv[2] ?? '') as [DatabaseConfig, RaceStep[]];
process.once('message', () => {
  const database = openDatabase(config);
  const act = async (step: RaceStep): Promise<string> => {
    const deps = callbackDeps(database, () => step.at);
    const actor = { userId: step.userId, name: `Nutzer ${step.userId}` };
    if (step.kind === 'take') {
      return (await takeCallback(deps, { actor, scope: 'all' }, step.id, step.seenTakenAt)).kind;
    }
    if (step.kind === 'finish') return (await finishCallback(deps, { actor, scope: 'all' }, step.id)).kind;
    const municipality = { id: step.municipalityId, holidayRegion: 'SN' };
    return String(
      (await noteCallback(deps, actor, { municipality, name: null, phone: step.phone, reason: 'Ausweis' })).id,
    );
  };
  void Promise.all(steps.map(act))
    .then(async (outcomes) => {
      await database.close();
      process.send?.(outcomes);
    })
    .then(() => process.disconnect());
});
process.send?.('ready');
