import type { AddressSearch } from '../../domain/addresses/address.ts';

export interface AddressRoutesDeps {
  /** Answers nothing where no extract was imported. */
  addresses: AddressSearch;
}
