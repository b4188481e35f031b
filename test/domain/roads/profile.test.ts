import { expect } from 'chai';
import { limitOf, obstacleOf, roadOf, turnTime, type TagOf } from '../../../server/domain/roads/profile.ts';

const tags = (text: string): TagOf => {
  const all = new Map(text.split(' ').map((pair) => pair.split('=') as [string, string]));
  return (key) => all.get(key);
};
const road = (text: string) => roadOf(tags(text));

describe('The profile of the car', () => {
  it('drives on roads, and on nothing else', () => {
    for (const text of ['highway=residential', 'highway=motorway_link', 'highway=service', 'highway=road']) {
      expect(road(text), text).to.not.equal(null);
    }
    for (const text of [
      'highway=footway',
      'highway=cycleway',
      'highway=steps',
      'highway=construction',
      'highway=proposed',
      'highway=raceway',
      'railway=rail',
      'highway=pedestrian',
      'highway=residential area=yes',
      'highway=residential motor_vehicle=no',
      'highway=residential access=no',
      'highway=track',
      'highway=track tracktype=grade4',
      'highway=service access=agricultural',
      'route=ferry',
      'highway=residential smoothness=impassable',
    ]) {
      expect(road(text), text).to.equal(null);
    }
  });

  it('follows the most specific permission', () => {
    expect(road('highway=residential access=no motor_vehicle=yes')).to.include({ restricted: false });
    expect(road('highway=residential access=yes vehicle=no')).to.equal(null);
    expect(road('highway=residential vehicle=no motorcar=permissive')).to.not.equal(null);
    expect(road('highway=pedestrian motor_vehicle=destination')).to.include({ restricted: true });
  });

  it('does not drive through what is for some only, but gets there', () => {
    for (const text of [
      'highway=residential motor_vehicle=destination',
      'highway=service access=private',
      'highway=service service=driveway',
      'highway=track tracktype=grade1',
    ]) {
      expect(road(text)?.restricted, text).to.equal(true);
    }
    expect(road('highway=service')?.restricted).to.equal(false);
  });

  it('drives one way where that is so', () => {
    const ways = (text: string) => [road(text)?.forward !== null, road(text)?.backward !== null];
    expect(ways('highway=residential')).to.deep.equal([true, true]);
    expect(ways('highway=residential oneway=yes')).to.deep.equal([true, false]);
    expect(ways('highway=residential oneway=-1')).to.deep.equal([false, true]);
    expect(ways('highway=residential junction=roundabout')).to.deep.equal([true, false]);
    expect(ways('highway=motorway')).to.deep.equal([true, false]);
    expect(ways('highway=motorway oneway=no')).to.deep.equal([true, true]);
    expect(ways('highway=residential oneway=yes oneway:motor_vehicle=no')).to.deep.equal([true, true]);
    expect(road('highway=residential oneway=reversible')).to.equal(null);
  });

  it('is slower than allowed, and no faster than the road lets it', () => {
    const speed = (text: string): number => Math.round(road(text)?.forward ?? 0);
    expect(speed('highway=primary maxspeed=50')).to.equal(43); // 0.86 of 50
    expect(speed('highway=residential maxspeed=30')).to.equal(27); // 0.9 of 30
    expect(speed('highway=primary maxspeed=100')).to.equal(82); // the most on such a road
    expect(speed('highway=primary maxspeed=70')).to.equal(64); // 0.92 of 70
    expect(speed('highway=motorway maxspeed=none')).to.equal(115);
    expect(speed('highway=residential')).to.equal(27);
    expect(speed('highway=living_street')).to.equal(8);
    expect(speed('highway=tertiary source:maxspeed=DE:urban')).to.equal(43);
    expect(speed('highway=tertiary source:maxspeed=DE:rural')).to.equal(66);
    expect(speed('highway=secondary surface=cobblestone')).to.equal(30);
    expect(speed('highway=secondary surface=asphalt')).to.equal(58);
    expect(speed('highway=unclassified maxspeed=100 lanes=1')).to.equal(40);
    expect(speed('highway=unclassified maxspeed=100 width=3,5')).to.equal(40);
    expect(speed('highway=service service=parking_aisle')).to.equal(10);
    expect(Math.round(road('highway=primary maxspeed=50 maxspeed:backward=30')?.backward ?? 0)).to.equal(27);
  });

  it('reads signs as they are written', () => {
    const written: [string | undefined, number | null][] = [
      ['50', 50],
      ['20 mph', 32.18],
      ['none', 130],
      ['walk', 7],
      ['DE:zone30', 30],
      ['DE:living_street', 7],
      ['50;30', 30],
      ['50|none', 50],
      ['signals', null],
      ['0', null],
      ['', null],
      [undefined, null],
    ];
    for (const [text, limit] of written) expect(limitOf(text), String(text)).to.equal(limit);
  });

  it('stops at barriers that are closed, and passes those that are none for a car', () => {
    const barrier = (text: string) => obstacleOf(tags(text));
    for (const text of ['barrier=bollard', 'barrier=gate access=no', 'barrier=block', 'barrier=lift_gate locked=yes']) {
      expect(barrier(text)?.closed, text).to.equal(true);
    }
    for (const text of ['barrier=kerb', 'barrier=cattle_grid', 'barrier=entrance', 'highway=crossing']) {
      expect(barrier(text), text).to.equal(null);
    }
    expect(barrier('barrier=gate')).to.deep.equal({ closed: false, time: 150, penalty: 1_800 });
    expect(barrier('barrier=gate access=yes')).to.deep.equal({ closed: false, time: 150, penalty: 0 });
    expect(barrier('barrier=bollard motor_vehicle=yes')?.closed).to.equal(false);
    expect(barrier('highway=traffic_signals')).to.deep.equal({ closed: false, time: 90, penalty: 0 });
    expect(barrier('railway=level_crossing')?.time).to.equal(60);
  });

  it('takes time to turn: more to the left, less in a bend, none in a roundabout', () => {
    const residential = 12;
    const bend = { roads: 3, from: residential, to: residential, major: residential, isRoundabout: false };
    const right = turnTime({ ...bend, degrees: 90 });
    const left = turnTime({ ...bend, degrees: -90 });
    expect(right).to.equal(25);
    expect(left).to.equal(45);
    expect(turnTime({ ...bend, degrees: 10 })).to.equal(0);
    expect(turnTime({ ...bend, degrees: 90, roads: 2 })).to.equal(0);
    expect(turnTime({ ...bend, degrees: 90, isRoundabout: true })).to.equal(0);
    expect(turnTime({ ...bend, degrees: 90, to: 4, major: 4 }), 'gives way').to.equal(right + 30);
  });
});
