import { isIn } from '../../../domain/access.ts';
import type { Appointment } from '../../../domain/booking/appointment.ts';
import type { Directory } from '../../../domain/booking/office.ts';
import type { Agent } from '../../../domain/hotline/desk.ts';
import type { DeskUnit } from './ports.ts';

/** The same unit for one agent: visits in municipalities whose calls the agent does not take are not offered. */
export function unitFor(agent: Agent, directory: Directory, unit: DeskUnit): DeskUnit {
  return {
    ...unit,
    publishedStop: async (stopId) => {
      const stop = await unit.publishedStop(stopId);
      const venue = stop === undefined ? undefined : directory.venues.get(stop.venueId);
      return venue !== undefined && isIn(agent.scope, venue.municipalityId) ? stop : undefined;
    },
  };
}

/** An appointment of a municipality whose calls the agent takes. */
export interface Found {
  appointment: Appointment;
  municipalityId: number;
}

/** @returns undefined also where the agent takes no calls: that does not exist for this agent */
export async function find(
  unit: DeskUnit,
  agent: Agent,
  appointment: Appointment | undefined,
): Promise<Found | undefined> {
  if (appointment === undefined) return undefined;
  const municipalityId = await unit.municipalityOfStop(appointment.stopId);
  return municipalityId === undefined || !isIn(agent.scope, municipalityId)
    ? undefined
    : { appointment, municipalityId };
}

export async function findBySecret(unit: DeskUnit, agent: Agent, secret: string): Promise<Found | undefined> {
  return find(unit, agent, await unit.bySecret(secret));
}
