import type { Coordinates } from '../../domain/geo.ts';

/*
 * Lines of ways as text: differences to the point before, in steps of 0.00001 degrees, each as characters of five bits.
 * Source: Google, "Encoded Polyline Algorithm Format"; OSRM's `geometries=polyline` is the same.
 */

const STEPS = 1e5;
const FIRST_CHARACTER = 63;
const MORE = 32;

/** Loses what lies behind the fifth decimal, about a metre. */
export function encodePolyline(points: readonly Coordinates[]): string {
  let text = '';
  let before = { lat: 0, lon: 0 };
  for (const { lat, lon } of points) {
    const here = { lat: Math.round(lat * STEPS), lon: Math.round(lon * STEPS) };
    text += encoded(here.lat - before.lat) + encoded(here.lon - before.lon);
    before = here;
  }
  return text;
}

/** Null for a text that is no line: one that ends too early, holds other characters or leaves the globe. */
export function decodePolyline(text: string): Coordinates[] | null {
  const steps = decoded(text);
  if (steps === null || steps.length % 2 !== 0) return null;

  const points: Coordinates[] = [];
  let [lat, lon] = [0, 0];
  for (let i = 0; i < steps.length; i += 2) {
    lat += steps[i] as number;
    lon += steps[i + 1] as number;
    if (Math.abs(lat) > 90 * STEPS || Math.abs(lon) > 180 * STEPS) return null;
    points.push({ lat: lat / STEPS, lon: lon / STEPS });
  }
  return points;
}

/** Zigzag: the sign in the last bit. Below 2^31 always, as differences stay below 360 degrees. */
function encoded(step: number): string {
  let rest = step < 0 ? -2 * step - 1 : 2 * step;
  let text = '';
  while (rest >= MORE) {
    text += String.fromCharCode(FIRST_CHARACTER + MORE + (rest & (MORE - 1)));
    rest >>>= 5;
  }
  return text + String.fromCharCode(FIRST_CHARACTER + rest);
}

function decoded(text: string): number[] | null {
  const steps: number[] = [];
  let value = 0;
  let shift = 0;
  for (let i = 0; i < text.length; i++) {
    const bits = text.charCodeAt(i) - FIRST_CHARACTER;
    if (bits < 0 || bits >= 2 * MORE || shift > 25) return null;
    value += (bits & (MORE - 1)) * 2 ** shift;
    shift += 5;
    if (bits < MORE) {
      steps.push(value % 2 === 0 ? value / 2 : -(value + 1) / 2);
      value = 0;
      shift = 0;
    }
  }
  return shift === 0 ? steps : null;
}
