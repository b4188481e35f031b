import { openDatabase, type DatabaseConfig } from '../../server/data/knex.ts';
import type { TickState, WalkIn } from '../../server/features/myDay/outcomes.ts';
import { tick } from '../../server/features/myDay/tick.ts';
import { undo } from '../../server/features/myDay/undo.ts';
import { walkIn } from '../../server/features/myDay/walkIn.ts';
import { crewDeps, sentBy } from '../support/crewFixture.ts';
import { bookSlot, raceDeps } from '../support/raceFixture.ts';

/** One step of a clerk or a citizen, at an instant. */
export type RaceStep = { at: number } & (
  | { kind: 'tick'; userId: number; key: string; appointmentId: number; to: TickState }
  | { kind: 'undo'; userId: number; key: string; tourId: number; action: string }
  | { kind: 'walkIn'; userId: number; key: string; person: WalkIn }
  | { kind: 'book'; stopId: number; tick: number }
);

/** Does its steps, all begun at once, and answers what came of each: the kind of its outcome. */
const [config, steps] = JSON.parse(process.argv[2] ?? '') as [DatabaseConfig, RaceStep[]];
process.once('message', () => {
  const database = openDatabase(config);
  const act = (step: RaceStep): Promise<{ kind: string }> => {
    const now = (): number => step.at;
    if (step.kind === 'book') return bookSlot(raceDeps(database, now), step);
    const deps = crewDeps(database, now);
    const sent = sentBy(step.userId, step.at, step.key);
    if (step.kind === 'tick') return tick(deps, sent, step.appointmentId, step.to);
    if (step.kind === 'undo') return undo(deps, sent, step.tourId, step.action);
    return walkIn(deps, sent, step.person);
  };
  void Promise.all(steps.map(act))
    .then(async (outcomes) => {
      await database.close();
      process.send?.(outcomes.map(({ kind }) => kind));
    })
    .then(() => process.disconnect());
});
process.send?.('ready');
