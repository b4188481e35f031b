import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { startDemoApp, type RunningApp } from '../support/app.ts';
import { readCalendarFile } from '../support/calendarStore.ts';
import { insertUser, joinFirstCrew } from '../support/staff.ts';
import { createVisitor, type Visitor } from '../support/visitor.ts';

describe('Calendars of the demonstration', function () {
  this.timeout(60_000);

  let app: RunningApp;
  let visitor: Visitor;

  before(async () => {
    app = await startDemoApp();
    visitor = createVisitor(app.origin);
  });
  after(async () => {
    visitor.close();
    await app.stop();
  });

  it('name nobody who has an appointment, nor how to reach them', async () => {
    const { reader, writer } = app.office.database;
    const { id } = await insertUser(app.office.database, ['clerk', 'planner']);
    await joinFirstCrew(app.office.database, id);
    const kit = await reader<{ id: number }>('kits').orderBy('id').first('id');
    const paths = ['/fahrplan/meerane/kalender.ics'];
    for (const [index, kind] of ['clerk', 'kit', 'planner'].entries()) {
      const token = String(index).repeat(22);
      paths.push(`/kalender/${token}.ics`);
      await writer('calendar_feeds').insert({
        token_hash: createHash('sha256').update(token).digest('hex'),
        user_id: id,
        kind,
        kit_id: kind === 'kit' ? kit?.id : null,
        label: 'Telefon',
        locale: 'de',
        created_at: 0,
      });
    }
    const people = await reader('appointments')
      .whereNotNull('family_name')
      .select<{ first_name: string | null; family_name: string; contact: string | null; secret: string }[]>(
        'first_name',
        'family_name',
        'contact',
        'secret',
      );
    expect(people.length).to.be.greaterThan(10);
    for (const path of paths) {
      const answer = await visitor.get(path);
      expect(answer.status, path).to.equal(200);
      const { events } = readCalendarFile(answer.html);
      expect(events.length, path).to.be.greaterThan(0);
      const said = JSON.stringify(events);
      for (const { first_name, family_name, contact, secret } of people) {
        for (const text of [`${first_name ?? ''} ${family_name}`, contact, secret]) {
          if (text !== null) expect(said.includes(text), `${path}: ${text}`).to.equal(false);
        }
      }
    }
  });
});
