import type { AddressSearch } from '../../domain/addresses/address.ts';
import type { Render } from '../../web/render.ts';
import type { ClerkAdmin } from './clerkPorts.ts';
import type { CsvImports } from './csvPorts.ts';
import type {
  Clock,
  ClosingRows,
  DepotRows,
  Holidays,
  KitRows,
  MapSettings,
  MunicipalityRows,
  OfficeRows,
  VenueRows,
  Zone,
} from './ports.ts';
import type { ServiceAdmin } from './servicePorts.ts';

/** What the pages of the master data are built from. */
export interface MasterDataDeps {
  render: Render;
  clock: Clock;
  zone: Zone;
  holidays: Holidays;
  map: MapSettings;
  /** Answers nothing where no extract of OpenStreetMap was imported. */
  addresses: AddressSearch;
  office: OfficeRows;
  municipalities: MunicipalityRows;
  venues: VenueRows;
  depots: DepotRows;
  kits: KitRows;
  closingDays: ClosingRows;
  services: ServiceAdmin;
  clerks: ClerkAdmin;
  csv: CsvImports;
}
