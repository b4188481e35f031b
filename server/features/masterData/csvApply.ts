import { changesBetween } from '../../domain/audit.ts';
import { Refusal } from '../../domain/refusal.ts';
import { translator } from '../../web/locale.ts';
import type { ServiceWrite, VenueWrite } from './csvPlan.ts';
import type { CsvUnit } from './csvPorts.ts';
import { slugOf } from './listFields.ts';
import { pictureOfService } from './serviceFields.ts';
import type { Change } from './servicePorts.ts';
import { venueSlug } from './venueFields.ts';
import { venuePicture } from './venuePresenter.ts';

type Writes =
  { subject: 'venues'; writes: readonly VenueWrite[] } | { subject: 'services'; writes: readonly ServiceWrite[] };

/** Writes everything that a file changes. @throws Refusal ({ kind: 'stale' }) when somebody was faster */
export async function applyPlan(unit: CsvUnit, plan: Writes, change: Change): Promise<void> {
  if (plan.subject === 'venues') await applyVenues(unit, plan.writes, change);
  else await applyServices(unit, plan.writes, change);
}

async function applyVenues(unit: CsvUnit, writes: readonly VenueWrite[], change: Change): Promise<void> {
  const names = new Map((await unit.municipalities('all')).map(({ id, name }) => [id, name]));
  for (const { existing, values } of writes) {
    const { municipality, values: venue } = values;
    const before = existing === null ? {} : venuePicture(existing, names.get(existing.municipalityId) ?? '');
    const saving = {
      ...change,
      municipalityId: municipality.id,
      label: `${venue.locality}, ${venue.name}`,
      changes: changesBetween(before, venuePicture(venue, municipality.name)),
    };
    if (existing === null) await unit.insertVenue(municipality.id, venue, venueSlug(venue), saving);
    else await unit.updateVenue(existing, municipality.id, venue, saving);
  }
  const places = [...new Set(writes.map(({ values }) => values.municipality.id))];
  await unit.record(change, {
    municipalityId: places.length === 1 ? (places[0] ?? null) : null,
    subject: 'venue',
    subjectId: null,
    label: `CSV-Datei, ${writes.length} Standorte`,
    action: 'imported',
    changes: [],
  });
}

async function applyServices(unit: CsvUnit, writes: readonly ServiceWrite[], change: Change): Promise<void> {
  const told = { ...change, picture: pictureOfService(translator('de')) };
  for (const { existing, values } of writes) {
    const outcome =
      existing === null
        ? await unit.insertService(values, slugOf(values.texts.de?.name ?? '', 60), told)
        : await unit.updateService(existing.id, existing.version, values, told);
    if (outcome.kind !== 'saved') {
      throw new Refusal({ kind: 'stale' });
    }
  }
  await unit.record(change, {
    municipalityId: null,
    subject: 'service',
    subjectId: null,
    label: `CSV-Datei, ${writes.length} Leistungen`,
    action: 'imported',
    changes: [],
  });
}
