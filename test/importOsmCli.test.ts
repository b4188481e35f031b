import { expect } from 'chai';
import fc from 'fast-check';
import { parseCommand } from '../server/cli/importOsmArgs.ts';
import { explainFailure } from '../server/cli/importOsmErrors.ts';
import { clock, createProgress, progressLine } from '../server/cli/importOsmProgress.ts';
import { describeImport, megabytes } from '../server/cli/importOsmStatus.ts';
import { ExtractUnreadable } from '../server/osm/read.ts';

describe('The import command', () => {
  describe('reads what was typed:', () => {
    it('a file, with or without an area', () => {
      expect(parseCommand(['a.osm.pbf'])).to.deep.equal({ kind: 'import', file: 'a.osm.pbf', area: null });
      expect(parseCommand(['--around', '50.849,12.464', 'a.pbf', '--km', '30'])).to.deep.equal({
        kind: 'import',
        file: 'a.pbf',
        area: { center: { lat: 50.849, lon: 12.464 }, metres: 30_000 },
      });
      expect(parseCommand(['a.pbf', '--bbox=50.55,11.95,51.15,13.05'])).to.deep.equal({
        kind: 'import',
        file: 'a.pbf',
        area: { south: 50.55, west: 11.95, north: 51.15, east: 13.05 },
      });
      expect(parseCommand(['--status'])).to.deep.equal({ kind: 'status' });
      expect(parseCommand(['--remove'])).to.deep.equal({ kind: 'remove' });
      expect(parseCommand(['-h', 'whatever', '--km', 'x'])).to.deep.equal({ kind: 'help' });
    });

    const refused: [string, RegExp][] = [
      ['', /Which file/],
      ['a b', /One file at a time: b is too much/],
      ['a --km 30', /--km needs --around/],
      ['a --around 50.8,12.4', /--around needs --km/],
      ['a --around 50.8,12.4 --km 0', /--km must be a number up to 500/],
      ['a --around 50.8,12.4 --km 1e2', /--km must be/],
      ['a --around 12.4 --km 3', /--around must be latitude,longitude/],
      ['a --around 95,12.4 --km 3', /--around must be/],
      ['a --bbox 51,12,50,13', /--bbox must be/],
      ['a --bbox 50,12,51,13 --km 3', /choose one/],
      ['a --status', /--status stands alone/],
      ['--status --remove', /--status stands alone/],
      ['--remove --km 3', /--remove stands alone/],
      ['a --radius 3', /--radius/],
    ];
    for (const [typed, why] of refused) {
      it(`"${typed}" is refused and told why`, () => {
        const answer = parseCommand(typed.split(' ').filter((part) => part !== ''));
        expect(answer).to.be.a('string').and.match(why);
      });
    }
  });

  describe('shows how far it is:', () => {
    const standing = { phase: 'read', done: 38e6, total: 100e6, elapsed: 5_000, rate: 1.4e6 } as const;

    it('with bar, rate and time left', () => {
      expect(progressLine(standing, 100)).to.equal(
        'Reading        [#########               ]  38 %  1.4 MB/s  0:45 left',
      );
      expect(progressLine({ ...standing, total: null }, 100)).to.equal('Reading        0:05  1.4 MB/s');
      expect(['0:00', '0:01', '1:00', '1:01:01']).to.deep.equal([0, 0.2, 60, 3_661].map(clock));
    });

    it('in no more columns than there are', () => {
      const one = fc.record({
        phase: fc.constantFrom('read', 'roads', 'map', 'addresses', 'switch' as const),
        done: fc.nat(),
        total: fc.option(fc.nat()),
        elapsed: fc.nat(),
        rate: fc.option(fc.double({ min: 0, max: 1e12, noNaN: true })),
      });
      fc.assert(
        fc.property(one, fc.integer({ min: 1, max: 120 }), (some, columns) => {
          const line = progressLine(some, columns);
          expect(line.length).to.be.at.most(columns);
          expect(line).to.not.match(/NaN|Infinity|undefined/);
        }),
      );
    });

    it('on one line of a terminal, and in a log with a line for each tenth', () => {
      for (const columns of [80, null]) {
        let time = 0;
        const written: string[] = [];
        const progress = createProgress({ out: (text) => written.push(text), now: () => time, columns });
        progress.phase('map', 1_000);
        for (let done = 1; done <= 1_000; done++) {
          time += 2;
          progress.done(done);
        }
        progress.phase('addresses', 100);
        time += 1_000;
        progress.done(50);
        progress.end();
        const text = written.join('');
        if (columns === null) {
          expect(text.match(/Map +\[/g)).to.have.length(10);
          expect(text).to.include('Addresses …\n').and.include('Addresses      [############            ]  50 %');
        } else {
          expect(text.match(/\n/g), 'a line for each phase').to.have.length(2);
          expect(text.match(/\r/g)?.length).to.be.within(15, 40);
          expect(text).to.match(/100 % {2}500\/s\n/);
          expect(text, 'broken off in the middle').to.match(/50 % {2}50\/s {2}0:01 left\n$/);
        }
      }
    });
  });

  it('says in one line what failed, where that was to be expected', () => {
    const failed = (code: string, path?: string): Error => Object.assign(new Error('no route'), { code, path });
    const cases: [unknown, string | null][] = [
      [new ExtractUnreadable('the file breaks off'), 'a.pbf cannot be used: the file breaks off'],
      [failed('ENOENT', 'a.pbf'), 'There is no file a.pbf'],
      [failed('EACCES', 'a.pbf'), 'a.pbf may not be read by this user'],
      [failed('EACCES', '/osm/1'), '/osm/1 may not be written by this user'],
      [failed('ENOSPC'), 'The disk of /osm is full'],
      [failed('SQLITE_BUSY'), 'The database is locked by another program'],
      [failed('ECONNREFUSED'), 'The database does not answer (no route)'],
      [failed('ENOENT', '/elsewhere'), null],
      [new TypeError('x is not a function'), null],
    ];
    for (const [error, text] of cases) expect(explainFailure(error, 'a.pbf', '/osm')).to.equal(text);
  });

  it('tells what is in use, with what was counted and what was wrong', () => {
    const one = {
      id: 3,
      state: 'active',
      fileName: 'sachsen-latest.osm.pbf',
      fileBytes: 251_000_000,
      dataAt: Date.parse('2026-11-20T20:21:00Z'),
      area: { south: 50.58, west: 12.04, north: 51.12, east: 12.89 },
      report: { counts: { 'roads.arcs': 96_891, 'roads.junctions': 43_942 }, faults: { 'map.area not closed': 2 } },
      startedAt: Date.parse('2026-11-23T08:00:00Z'),
      seenAt: 0,
      finishedAt: Date.parse('2026-11-23T08:00:42.500Z'),
    } as const;
    expect(describeImport(one, '/osm/3', 42_000_000)).to.equal(
      [
        '  file       sachsen-latest.osm.pbf (251 MB)',
        '  data of    2026-11-20 20:21 UTC',
        '  area       50.580,12.040 to 51.120,12.890, about 60 km wide and 60 km high',
        '  roads      96,891 arcs, 43,942 junctions',
        '  imported   2026-11-23 08:00 UTC, took 42.5 s',
        '  on disk    42.0 MB in /osm/3, addresses in the database',
        '  faults     2 × area not closed (map)',
        '',
      ].join('\n'),
    );
    expect(describeImport({ ...one, dataAt: null, report: null }, '/osm/3', null))
      .to.include('MISSING')
      .and.include('not known')
      .and.include('faults     none');
    expect([999_999, 2_500_000_000].map(megabytes)).to.deep.equal(['1.0 MB', '2.5 GB']);
  });
});
