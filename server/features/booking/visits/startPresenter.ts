import type { Directory } from '../../../domain/booking/office.ts';
import { timeSpan } from '../../../web/format.ts';
import type { Locale } from '../../../web/locale.ts';
import { presentLeaf } from '../presenter.ts';
import { presentCard, type CardView, type LinkView } from './cards.ts';
import { drawTour, type TourDrawing } from './drawing.ts';
import type { NextVisits } from './findVisits.ts';
import { placeLink } from './placeLink.ts';

/** Chips of places on the start page. */
const MOST_CHIPS = 9;

export interface StartView {
  /** What can be typed; null: nothing is visited soon. */
  example: { place: string; postcode: string } | null;
  chips: LinkView[];
  cards: CardView[];
  drawing: TourDrawing | null;
}

export function presentStart(directory: Directory, next: NextVisits, locale: Locale): StartView {
  const example = next.venues.find(({ locality, city }) => locality !== city) ?? next.venues[0];
  const [soonest] = next.visits;
  return {
    example: example === undefined ? null : { place: example.locality, postcode: example.postcode },
    chips: next.venues
      .slice(0, MOST_CHIPS)
      .map((venue) => ({ text: venue.locality, href: placeLink(directory, venue, locale) })),
    cards: next.visits.map((visit) => presentCard(visit, null, { locale, along: {} })),
    drawing: drawTour(
      next.venues.slice(0, MOST_CHIPS).map(({ locality, at }) => ({ name: locality, at })),
      soonest === undefined
        ? null
        : {
            name: soonest.venue.locality,
            line: `${presentLeaf(soonest.stop.date, locale).weekday}, ${timeSpan(soonest.stop.fromMinute, soonest.stop.toMinute, locale)}`,
          },
    ),
  };
}
