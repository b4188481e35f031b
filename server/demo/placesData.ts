import type { PlaceKind } from '../domain/places/placeIndex.ts';

/*
 * Places within 20 km of Meerane for the demonstration. Facts (names, coordinates, postcodes, population), no texts.
 *
 * Sources and licences, by the code in `source`:
 * - destatis: Statistisches Bundesamt, Gemeindeverzeichnis (AuszugGV, 31.12.2019), Datenlizenz Deutschland
 *   Namensnennung 2.0 (dl-de/by-2-0): towns and municipalities with population and their postcode of administration.
 * - geonames-postal: GeoNames postal codes DE (as published by zauberware), CC BY 4.0: centres of postal places.
 * - geonames-cities: GeoNames cities1000, CC BY 4.0. Its population for Pfaffroda (3187) belongs to another Pfaffroda
 *   in the Erzgebirge, so it is left empty here.
 * - wikipedia: German Wikipedia, CC BY-SA: coordinates and population of villages, single facts. Oberschindmaas is exact
 *   to the minute of arc only.
 * - hov: Digitales Historisches Ortsverzeichnis von Sachsen (hov.isgv.de), single facts; population of Gesau: German
 *   Wikipedia, 2011.
 * - opencaching: opencaching.de OC76A3 (starting point at the windmill; the middle of Tettau is not verified).
 * - db-stations: npm package db-stations, ISC.
 *
 * Changed against the sources: qualifiers in brackets and the doubled "Mülsen" are removed from names; stations are
 * called "Bahnhof X". A postal place with the name and postcode of a place already listed is the same place and is
 * merged into it (Sankt Egidien, Lichtenstein/Sachsen, Linda bei Weida, and the doubled Wulm and Ortmannsdorf).
 */

/** One place of the demonstration data. `postcode` is the main one only: a town such as Zwickau has several. */
export interface DemoPlace {
  readonly name: string;
  /** The municipality it belongs to; null where the sources do not say. */
  readonly municipality: string | null;
  readonly kind: PlaceKind;
  /** Five digits; kept as text because of the leading zero. */
  readonly postcode: string;
  /** Degrees, WGS 84. */
  readonly lat: number;
  /** Degrees, WGS 84. */
  readonly lon: number;
  /** Inhabitants; null where unknown. */
  readonly population: number | null;
  readonly source:
    'destatis' | 'geonames-postal' | 'geonames-cities' | 'wikipedia' | 'hov' | 'opencaching' | 'db-stations';
}

/** All demonstration places, nearest to Meerane first. */
// prettier-ignore
export const DEMO_PLACES: readonly DemoPlace[] = [
  { name: 'Meerane', municipality: 'Meerane', kind: 'town', postcode: '08393', lat: 50.84922, lon: 12.46398, population: 14001, source: 'destatis' },
  { name: 'Bahnhof Meerane', municipality: null, kind: 'station', postcode: '08393', lat: 50.85062, lon: 12.45758, population: null, source: 'db-stations' },
  { name: 'Seiferitz', municipality: 'Meerane', kind: 'village', postcode: '08393', lat: 50.83791, lon: 12.46981, population: null, source: 'wikipedia' },
  { name: 'Crotenlaide', municipality: 'Meerane', kind: 'village', postcode: '08393', lat: 50.86574, lon: 12.455, population: null, source: 'wikipedia' },
  { name: 'Schönberg', municipality: 'Schönberg', kind: 'municipality', postcode: '08393', lat: 50.8672, lon: 12.49154, population: 899, source: 'destatis' },
  { name: 'Ponitz', municipality: 'Ponitz', kind: 'municipality', postcode: '04639', lat: 50.8562, lon: 12.42338, population: 1522, source: 'destatis' },
  { name: 'Waldsachsen', municipality: 'Meerane', kind: 'village', postcode: '08393', lat: 50.83611, lon: 12.43083, population: null, source: 'wikipedia' },
  { name: 'Köthel', municipality: 'Schönberg', kind: 'village', postcode: '08393', lat: 50.87652, lon: 12.47788, population: null, source: 'wikipedia' },
  { name: 'Dittrich', municipality: 'Meerane', kind: 'village', postcode: '08393', lat: 50.8525, lon: 12.50833, population: 60, source: 'wikipedia' },
  { name: 'Bahnhof Ponitz', municipality: null, kind: 'station', postcode: '04639', lat: 50.85778, lon: 12.41666, population: null, source: 'db-stations' },
  { name: 'Pfaffroda', municipality: 'Schönberg', kind: 'village', postcode: '08393', lat: 50.86134, lon: 12.51497, population: null, source: 'geonames-cities' },
  { name: 'Dennheritz', municipality: 'Dennheritz', kind: 'municipality', postcode: '08393', lat: 50.8155, lon: 12.4609, population: 1295, source: 'destatis' },
  { name: 'Gesau', municipality: 'Glauchau', kind: 'village', postcode: '08371', lat: 50.83306, lon: 12.51583, population: 1489, source: 'hov' },
  { name: 'Oberschindmaas', municipality: 'Dennheritz', kind: 'village', postcode: '08393', lat: 50.8167, lon: 12.4833, population: null, source: 'wikipedia' },
  { name: 'Bahnhof Glauchau-Schönbörnchen', municipality: null, kind: 'station', postcode: '08371', lat: 50.82106, lon: 12.50067, population: null, source: 'db-stations' },
  { name: 'Tettau', municipality: 'Schönberg', kind: 'village', postcode: '08393', lat: 50.88438, lon: 12.50018, population: null, source: 'opencaching' },
  { name: 'Gößnitz', municipality: 'Gößnitz', kind: 'town', postcode: '04639', lat: 50.88845, lon: 12.43384, population: 3386, source: 'destatis' },
  { name: 'Frankenhausen', municipality: 'Crimmitschau', kind: 'village', postcode: '08451', lat: 50.84361, lon: 12.39583, population: null, source: 'hov' },
  { name: 'Bahnhof Gößnitz', municipality: null, kind: 'station', postcode: '04639', lat: 50.8932, lon: 12.4293, population: null, source: 'db-stations' },
  { name: 'Harthau', municipality: 'Crimmitschau', kind: 'village', postcode: '08451', lat: 50.80528, lon: 12.42611, population: null, source: 'hov' },
  { name: 'Lauenhain', municipality: 'Crimmitschau', kind: 'village', postcode: '08451', lat: 50.80408, lon: 12.42362, population: 633, source: 'wikipedia' },
  { name: 'Bahnhof Crimmitschau', municipality: null, kind: 'station', postcode: '08451', lat: 50.81507, lon: 12.39299, population: null, source: 'db-stations' },
  { name: 'Harthau', municipality: 'Oberwiera', kind: 'village', postcode: '08396', lat: 50.8977, lon: 12.5202, population: 45, source: 'hov' },
  { name: 'Bahnhof Glauchau', municipality: null, kind: 'station', postcode: '08371', lat: 50.82852, lon: 12.54865, population: null, source: 'db-stations' },
  { name: 'Glauchau', municipality: 'Glauchau', kind: 'town', postcode: '08371', lat: 50.81786, lon: 12.54235, population: 22233, source: 'destatis' },
  { name: 'Oberwiera', municipality: 'Oberwiera', kind: 'municipality', postcode: '08396', lat: 50.89208, lon: 12.53676, population: 1020, source: 'destatis' },
  { name: 'Crimmitschau', municipality: 'Crimmitschau', kind: 'town', postcode: '08451', lat: 50.81245, lon: 12.38692, population: 18350, source: 'destatis' },
  { name: 'Remse', municipality: 'Remse', kind: 'municipality', postcode: '08373', lat: 50.85456, lon: 12.56781, population: 1625, source: 'destatis' },
  { name: 'Heyersdorf', municipality: 'Heyersdorf', kind: 'municipality', postcode: '04626', lat: 50.84825, lon: 12.3549, population: 120, source: 'destatis' },
  { name: 'Bahnhof Mosel', municipality: null, kind: 'station', postcode: '08058', lat: 50.7836, lon: 12.4814, population: null, source: 'db-stations' },
  { name: 'Wulm', municipality: 'Mülsen', kind: 'place', postcode: '08132', lat: 50.7788, lon: 12.5015, population: null, source: 'geonames-postal' },
  { name: 'Neukirchen/Pleiße', municipality: 'Neukirchen/Pleiße', kind: 'municipality', postcode: '08459', lat: 50.79154, lon: 12.38168, population: 3872, source: 'destatis' },
  { name: 'Niederlungwitz', municipality: 'Glauchau', kind: 'village', postcode: '08371', lat: 50.81583, lon: 12.5775, population: 2409, source: 'wikipedia' },
  { name: 'Schmölln', municipality: 'Schmölln', kind: 'town', postcode: '04626', lat: 50.89528, lon: 12.35403, population: 13724, source: 'destatis' },
  { name: 'Bahnhof Schmölln', municipality: null, kind: 'station', postcode: '04626', lat: 50.89832, lon: 12.3549, population: null, source: 'db-stations' },
  { name: 'Saara', municipality: null, kind: 'place', postcode: '04603', lat: 50.9328, lon: 12.421, population: null, source: 'geonames-postal' },
  { name: 'Niedermülsen', municipality: 'Mülsen', kind: 'place', postcode: '08132', lat: 50.7785, lon: 12.5344, population: null, source: 'geonames-postal' },
  { name: 'Bertelsdorf', municipality: 'Mülsen', kind: 'place', postcode: '08132', lat: 50.771, lon: 12.5103, population: null, source: 'geonames-postal' },
  { name: 'Bahnhof Oberrothenbach', municipality: null, kind: 'station', postcode: '08058', lat: 50.76388, lon: 12.47578, population: null, source: 'db-stations' },
  { name: 'Bahnhof Schweinsburg-Culten', municipality: null, kind: 'station', postcode: '08459', lat: 50.78714, lon: 12.36959, population: null, source: 'db-stations' },
  { name: 'Bahnhof Lehndorf', municipality: null, kind: 'station', postcode: '04603', lat: 50.93783, lon: 12.42581, population: null, source: 'db-stations' },
  { name: 'Waldenburg', municipality: 'Waldenburg', kind: 'town', postcode: '08396', lat: 50.87453, lon: 12.60286, population: 4058, source: 'destatis' },
  { name: 'Thonhausen', municipality: 'Thonhausen', kind: 'municipality', postcode: '04626', lat: 50.83161, lon: 12.32386, population: 525, source: 'destatis' },
  { name: 'Ziegelheim', municipality: null, kind: 'place', postcode: '04618', lat: 50.9333, lon: 12.55, population: null, source: 'geonames-postal' },
  { name: 'Thurm', municipality: 'Mülsen', kind: 'place', postcode: '08132', lat: 50.7683, lon: 12.5482, population: null, source: 'geonames-postal' },
  { name: 'Göpfersdorf', municipality: 'Göpfersdorf', kind: 'municipality', postcode: '04618', lat: 50.91297, lon: 12.5959, population: 224, source: 'destatis' },
  { name: 'Langenhessen', municipality: null, kind: 'place', postcode: '08439', lat: 50.7625, lon: 12.3714, population: null, source: 'geonames-postal' },
  { name: 'Altkirchen', municipality: null, kind: 'place', postcode: '04626', lat: 50.9333, lon: 12.35, population: null, source: 'geonames-postal' },
  { name: 'Callenberg', municipality: 'Callenberg', kind: 'municipality', postcode: '09337', lat: 50.84507, lon: 12.63757, population: 4928, source: 'destatis' },
  { name: 'Vollmershain', municipality: 'Vollmershain', kind: 'municipality', postcode: '04626', lat: 50.85278, lon: 12.28843, population: 311, source: 'destatis' },
  { name: 'Stangendorf', municipality: 'Mülsen', kind: 'place', postcode: '08132', lat: 50.7613, lon: 12.5658, population: null, source: 'geonames-postal' },
  { name: 'Jonaswalde', municipality: 'Jonaswalde', kind: 'municipality', postcode: '04626', lat: 50.83887, lon: 12.28621, population: 305, source: 'destatis' },
  { name: 'Drogen', municipality: null, kind: 'place', postcode: '04626', lat: 50.9167, lon: 12.3167, population: null, source: 'geonames-postal' },
  { name: 'Nöbdenitz', municipality: null, kind: 'place', postcode: '04626', lat: 50.8667, lon: 12.2833, population: null, source: 'geonames-postal' },
  { name: 'Bahnhof Zwickau-Pölbitz', municipality: null, kind: 'station', postcode: '08058', lat: 50.73721, lon: 12.47966, population: null, source: 'db-stations' },
  { name: 'Frohnsdorf', municipality: null, kind: 'place', postcode: '04618', lat: 50.9425, lon: 12.5787, population: null, source: 'geonames-postal' },
  { name: 'Bahnhof St. Egidien', municipality: null, kind: 'station', postcode: '09356', lat: 50.78957, lon: 12.62256, population: null, source: 'db-stations' },
  { name: 'Bahnhof Nöbdenitz', municipality: null, kind: 'station', postcode: '04626', lat: 50.87891, lon: 12.28066, population: null, source: 'db-stations' },
  { name: 'St. Egidien', municipality: 'St. Egidien', kind: 'municipality', postcode: '09356', lat: 50.7854, lon: 12.62049, population: 3268, source: 'destatis' },
  { name: 'Heukewalde', municipality: 'Heukewalde', kind: 'municipality', postcode: '04626', lat: 50.83738, lon: 12.26951, population: 187, source: 'destatis' },
  { name: 'Mülsen Sankt Micheln', municipality: 'Mülsen', kind: 'place', postcode: '08132', lat: 50.7499, lon: 12.5742, population: null, source: 'geonames-postal' },
  { name: 'Bahnhof Werdau Nord', municipality: null, kind: 'station', postcode: '08412', lat: 50.74368, lon: 12.37152, population: null, source: 'db-stations' },
  { name: 'Nobitz', municipality: 'Nobitz', kind: 'municipality', postcode: '04603', lat: 50.97727, lon: 12.48554, population: 7256, source: 'destatis' },
  { name: 'Werdau', municipality: 'Werdau', kind: 'town', postcode: '08412', lat: 50.73604, lon: 12.37867, population: 20623, source: 'destatis' },
  { name: 'Jückelberg', municipality: null, kind: 'place', postcode: '04618', lat: 50.927, lon: 12.6288, population: null, source: 'geonames-postal' },
  { name: 'Göhren', municipality: 'Göhren', kind: 'municipality', postcode: '04603', lat: 50.96715, lon: 12.36623, population: 413, source: 'destatis' },
  { name: 'Langenbernsdorf', municipality: 'Langenbernsdorf', kind: 'municipality', postcode: '08428', lat: 50.75492, lon: 12.32456, population: 3597, source: 'destatis' },
  { name: 'Löbichau', municipality: 'Löbichau', kind: 'municipality', postcode: '04626', lat: 50.89469, lon: 12.26731, population: 973, source: 'destatis' },
  { name: 'Wildenbörten', municipality: null, kind: 'place', postcode: '04626', lat: 50.9167, lon: 12.2833, population: null, source: 'geonames-postal' },
  { name: 'Göllnitz', municipality: 'Göllnitz', kind: 'municipality', postcode: '04626', lat: 50.94765, lon: 12.3198, population: 320, source: 'destatis' },
  { name: 'Posterstein', municipality: 'Posterstein', kind: 'municipality', postcode: '04626', lat: 50.86399, lon: 12.25348, population: 467, source: 'destatis' },
  { name: 'Langenleuba-Niederhain', municipality: 'Langenleuba-Niederhain', kind: 'municipality', postcode: '04618', lat: 50.9601, lon: 12.58923, population: 1746, source: 'destatis' },
  { name: 'Zwickau', municipality: 'Zwickau', kind: 'town', postcode: '08056', lat: 50.71856, lon: 12.49564, population: 88690, source: 'destatis' },
  { name: 'Altenburg', municipality: 'Altenburg', kind: 'town', postcode: '04600', lat: 50.98719, lon: 12.43725, population: 31633, source: 'destatis' },
  { name: 'Hauptbahnhof Zwickau', municipality: null, kind: 'station', postcode: '08056', lat: 50.71467, lon: 12.47472, population: null, source: 'db-stations' },
  { name: 'Bahnhof Lichtenstein', municipality: null, kind: 'station', postcode: '09350', lat: 50.75768, lon: 12.62641, population: null, source: 'db-stations' },
  { name: 'Bahnhof Werdau', municipality: null, kind: 'station', postcode: '08412', lat: 50.72664, lon: 12.36728, population: null, source: 'db-stations' },
  { name: 'Mülsen', municipality: 'Mülsen', kind: 'municipality', postcode: '08132', lat: 50.73145, lon: 12.58126, population: 11057, source: 'destatis' },
  { name: 'Lichtenstein/Sa.', municipality: 'Lichtenstein/Sa.', kind: 'town', postcode: '09350', lat: 50.7563, lon: 12.63084, population: 11177, source: 'destatis' },
  { name: 'Mülsen Sankt Jacob', municipality: 'Mülsen', kind: 'place', postcode: '08132', lat: 50.7317, lon: 12.5839, population: null, source: 'geonames-postal' },
  { name: 'Steinpleis', municipality: null, kind: 'place', postcode: '08432', lat: 50.7142, lon: 12.3999, population: null, source: 'geonames-postal' },
  { name: 'Leubnitz', municipality: null, kind: 'place', postcode: '08412', lat: 50.7231, lon: 12.3566, population: null, source: 'geonames-postal' },
  { name: 'Bahnhof Altenburg', municipality: null, kind: 'station', postcode: '04600', lat: 50.99665, lon: 12.44402, population: null, source: 'db-stations' },
  { name: 'Mehna', municipality: 'Mehna', kind: 'municipality', postcode: '04626', lat: 50.96682, lon: 12.31679, population: 271, source: 'destatis' },
  { name: 'Tegkwitz', municipality: null, kind: 'place', postcode: '04617', lat: 50.9801, lon: 12.3416, population: null, source: 'geonames-postal' },
  { name: 'Bahnhof Steinpleis', municipality: null, kind: 'station', postcode: '08412', lat: 50.70898, lon: 12.39407, population: null, source: 'db-stations' },
  { name: 'Bernsdorf', municipality: 'Bernsdorf', kind: 'municipality', postcode: '09337', lat: 50.76868, lon: 12.66391, population: 2208, source: 'destatis' },
  { name: 'Paitzdorf', municipality: 'Paitzdorf', kind: 'municipality', postcode: '07580', lat: 50.84586, lon: 12.22258, population: 422, source: 'destatis' },
  { name: 'Lödla', municipality: 'Lödla', kind: 'municipality', postcode: '04617', lat: 50.99611, lon: 12.38632, population: 706, source: 'destatis' },
  { name: 'Bahnhof Lichtentanne', municipality: null, kind: 'station', postcode: '08115', lat: 50.69935, lon: 12.41966, population: null, source: 'db-stations' },
  { name: 'Dobitschen', municipality: 'Dobitschen', kind: 'municipality', postcode: '04626', lat: 50.95643, lon: 12.28009, population: 439, source: 'destatis' },
  { name: 'Rückersdorf', municipality: 'Rückersdorf', kind: 'municipality', postcode: '07580', lat: 50.82134, lon: 12.22065, population: 730, source: 'destatis' },
  { name: 'Monstab', municipality: 'Monstab', kind: 'municipality', postcode: '04617', lat: 50.99233, lon: 12.35241, population: 395, source: 'destatis' },
  { name: 'Lumpzig', municipality: null, kind: 'place', postcode: '04626', lat: 50.95, lon: 12.2667, population: null, source: 'geonames-postal' },
  { name: 'Reichstädt', municipality: 'Reichstädt', kind: 'municipality', postcode: '07580', lat: 50.91844, lon: 12.23424, population: 332, source: 'destatis' },
  { name: 'Lichtentanne', municipality: 'Lichtentanne', kind: 'municipality', postcode: '08115', lat: 50.6927, lon: 12.42702, population: 6329, source: 'destatis' },
  { name: 'Braunichswalde', municipality: 'Braunichswalde', kind: 'municipality', postcode: '07580', lat: 50.79993, lon: 12.22277, population: 607, source: 'destatis' },
  { name: 'Seelingstädt', municipality: 'Seelingstädt', kind: 'municipality', postcode: '07580', lat: 50.77242, lon: 12.24067, population: 1278, source: 'destatis' },
  { name: 'Mülsen Sankt Niclas', municipality: 'Mülsen', kind: 'place', postcode: '08132', lat: 50.7175, lon: 12.6052, population: null, source: 'geonames-postal' },
  { name: 'Bahnhof Hohenstein-Ernstthal', municipality: null, kind: 'station', postcode: '09337', lat: 50.79855, lon: 12.70656, population: null, source: 'db-stations' },
  { name: 'Bahnhof Rödlitz-Hohndorf', municipality: null, kind: 'station', postcode: '09350', lat: 50.74225, lon: 12.65403, population: null, source: 'db-stations' },
  { name: 'Fraureuth', municipality: 'Fraureuth', kind: 'municipality', postcode: '08427', lat: 50.70347, lon: 12.35572, population: 5105, source: 'destatis' },
  { name: 'Reinsdorf', municipality: 'Reinsdorf', kind: 'municipality', postcode: '08141', lat: 50.69965, lon: 12.55731, population: 7398, source: 'destatis' },
  { name: 'Starkenberg', municipality: 'Starkenberg', kind: 'municipality', postcode: '04617', lat: 50.98314, lon: 12.30889, population: 1888, source: 'destatis' },
  { name: 'Windischleuba', municipality: 'Windischleuba', kind: 'municipality', postcode: '04603', lat: 51.01644, lon: 12.46845, population: 1911, source: 'destatis' },
  { name: 'Hohenstein-Ernstthal', municipality: 'Hohenstein-Ernstthal', kind: 'town', postcode: '09337', lat: 50.80088, lon: 12.71315, population: 14527, source: 'destatis' },
  { name: 'Hohndorf', municipality: 'Hohndorf', kind: 'municipality', postcode: '09394', lat: 50.74687, lon: 12.66988, population: 3486, source: 'destatis' },
  { name: 'Niederfrohna', municipality: 'Niederfrohna', kind: 'municipality', postcode: '09243', lat: 50.89795, lon: 12.72022, population: 2236, source: 'destatis' },
  { name: 'Großröda', municipality: null, kind: 'place', postcode: '04617', lat: 50.9957, lon: 12.3188, population: null, source: 'geonames-postal' },
  { name: 'Marienau', municipality: 'Mülsen', kind: 'place', postcode: '08132', lat: 50.7212, lon: 12.6419, population: null, source: 'geonames-postal' },
  { name: 'Penig', municipality: 'Penig', kind: 'town', postcode: '09322', lat: 50.93348, lon: 12.70602, population: 8715, source: 'destatis' },
  { name: 'Bahnhof Stenn', municipality: null, kind: 'station', postcode: '08115', lat: 50.67876, lon: 12.44163, population: null, source: 'db-stations' },
  { name: 'Oberlungwitz', municipality: 'Oberlungwitz', kind: 'town', postcode: '09353', lat: 50.78697, lon: 12.72208, population: 5864, source: 'destatis' },
  { name: 'Großenstein', municipality: 'Großenstein', kind: 'municipality', postcode: '07580', lat: 50.90202, lon: 12.19678, population: 1201, source: 'destatis' },
  { name: 'Ronneburg', municipality: 'Ronneburg', kind: 'town', postcode: '07580', lat: 50.86346, lon: 12.18479, population: 5011, source: 'destatis' },
  { name: 'Naundorf', municipality: null, kind: 'place', postcode: '04617', lat: 50.9776, lon: 12.2668, population: null, source: 'geonames-postal' },
  { name: 'Rositz', municipality: 'Rositz', kind: 'municipality', postcode: '04617', lat: 51.01867, lon: 12.36784, population: 2760, source: 'destatis' },
  { name: 'Ortmannsdorf', municipality: 'Mülsen', kind: 'place', postcode: '08132', lat: 50.7107, lon: 12.6332, population: null, source: 'geonames-postal' },
  { name: 'Bahnhof Ronneburg', municipality: null, kind: 'station', postcode: '07580', lat: 50.85956, lon: 12.18172, population: null, source: 'db-stations' },
  { name: 'Linda b. Weida', municipality: 'Linda b. Weida', kind: 'municipality', postcode: '07580', lat: 50.80648, lon: 12.1901, population: 443, source: 'destatis' },
  { name: 'Neuschönburg', municipality: 'Mülsen', kind: 'place', postcode: '08132', lat: 50.7089, lon: 12.6372, population: null, source: 'geonames-postal' },
  { name: 'Gersdorf', municipality: 'Gersdorf', kind: 'municipality', postcode: '09355', lat: 50.7578, lon: 12.70763, population: 3938, source: 'destatis' },
  { name: 'Gerstenberg', municipality: 'Gerstenberg', kind: 'municipality', postcode: '04617', lat: 51.03218, lon: 12.43862, population: 493, source: 'destatis' },
  { name: 'Wilkau-Haßlau', municipality: 'Wilkau-Haßlau', kind: 'town', postcode: '08112', lat: 50.67364, lon: 12.51555, population: 9656, source: 'destatis' },
  { name: 'Gauern', municipality: 'Gauern', kind: 'municipality', postcode: '07580', lat: 50.79032, lon: 12.19301, population: 114, source: 'destatis' },
];
