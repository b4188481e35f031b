import type { AddressHit } from '../../domain/addresses/address.ts';
import { translator, type Locale } from '../../web/locale.ts';

export interface AddressSuggestions {
  suggestions: {
    id: string;
    label: string;
    detail: string;
    value: string;
    /** What public/js/suggest.js puts into the fields of a form. */
    fill: Readonly<Record<'street' | 'postcode' | 'place' | 'city' | 'lat' | 'lon', string>>;
    /** Said when it was chosen. */
    filled: string;
  }[];
  /** For screen readers: how many there are. */
  status: string;
}

/** What a field for an address offers while somebody is typing. */
export function presentAddresses(hits: readonly AddressHit[], locale: Locale): AddressSuggestions {
  const t = translator(locale);
  return {
    suggestions: hits.map((hit) => ({
      id: hit.id,
      label: hit.name,
      detail: hit.approximate ? t('places.nearby', { detail: hit.detail }) : hit.detail,
      value: [hit.name, hit.detail].filter((part) => part !== '').join(', '),
      fill: {
        street: hit.street === null ? '' : hit.name,
        postcode: hit.postcode ?? '',
        place: hit.place ?? hit.municipality ?? '',
        city: hit.municipality ?? hit.place ?? '',
        lat: degrees(hit.lat),
        lon: degrees(hit.lon),
      },
      filled: t('places.filled', { address: hit.name }),
    })),
    status: hits.length === 0 ? '' : t('places.suggestions.some', { count: hits.length }),
  };
}

/** "50,84922": as the forms have it; five decimals are a metre. */
function degrees(value: number): string {
  return value.toFixed(5).replace('.', ',');
}
