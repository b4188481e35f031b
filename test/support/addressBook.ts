import type { AddressBook, KnownPlace, KnownStreet } from '../../server/domain/addresses/address.ts';

/*
 * A small land of real names: Meerane with Seiferitz, Schönberg with Köthel and Tettau, Glauchau with Gesau. Which street
 * lies where and which numbers it has is invented.
 */

type Of = readonly [municipality: string, place: string | null, postcode: string, lat: number, lon: number];

const MEERANE: Of = ['Meerane', null, '08393', 50.849, 12.464];
const SEIFERITZ: Of = ['Meerane', 'Seiferitz', '08393', 50.838, 12.497];
const SCHOENBERG: Of = ['Schönberg', null, '08393', 50.876, 12.49];
const KOETHEL: Of = ['Schönberg', 'Köthel', '08393', 50.87, 12.517];
const TETTAU: Of = ['Schönberg', 'Tettau', '08393', 50.858, 12.547];
const GLAUCHAU: Of = ['Glauchau', null, '08371', 50.82, 12.544];
const GESAU: Of = ['Glauchau', 'Gesau', '08371', 50.832, 12.52];
const WALDENBURG: Of = ['Waldenburg', null, '08396', 50.876, 12.6];

let shift = 0;

function street(name: string, of: Of, ...numbers: string[]): KnownStreet {
  const [municipality, place, postcode, lat, lon] = of;
  shift += 1;
  const at = { lat: lat + shift * 1e-4, lon };
  return {
    name,
    place,
    municipality,
    ags: null,
    postcode,
    ...at,
    houses: numbers.map((number, i) => ({ number, postcode: null, lat: at.lat, lon: lon + (i + 1) * 1e-4 })),
  };
}

function place(name: string, kind: KnownPlace['kind'], of: Of, population: number): KnownPlace {
  const [municipality, , postcode, lat, lon] = of;
  return { name, kind, municipality, ags: null, postcode, population, lat, lon };
}

export const SMALL_BOOK: AddressBook = {
  places: [
    place('Glauchau', 'town', GLAUCHAU, 22_000),
    place('Meerane', 'town', MEERANE, 14_000),
    place('Waldenburg', 'town', WALDENBURG, 4_000),
    place('Schönberg', 'village', SCHOENBERG, 900),
    place('Seiferitz', 'village', SEIFERITZ, 300),
    place('Köthel', 'village', KOETHEL, 200),
    place('Tettau', 'village', TETTAU, 250),
    place('Gesau', 'suburb', GESAU, 1_500),
  ],
  streets: [
    street('Poststraße', MEERANE, '1', '2', '3', '4', '5', '6', '7', '8', '10', '10 a', '12', '14'),
    street('Hauptstraße', SEIFERITZ, '1', '2', '3', '5', '7', '9', '11', '20'),
    street('Hauptstraße', GESAU, '1', '2', '4', '6'),
    street('Hauptstraße', WALDENBURG, '1', '3', '5', '10', '10 e', '12'),
    street('Dorfstraße', KOETHEL, '1', '2', '3', '4'),
    street('Dorfstraße', TETTAU, '1', '2', '3', '25'),
    street('Dorfstraße', SCHOENBERG, '1', '2', '3', '8'),
    street('Karl-Marx-Straße', GLAUCHAU, '1', '3', '5', '7'),
    street('Karl-Schiefer-Straße', MEERANE, '1', '3'),
    street('Äußere Crimmitschauer Straße', MEERANE, '2', '4', '6', '8', '10', '12', '66'),
    street('Crimmitschauer Straße', GLAUCHAU, '1', '2', '3'),
    street('Zwickauer Straße', MEERANE, '1', '5', '9', '94'),
    street('Straße des 17. Juni', GLAUCHAU, '1', '3', '17', '19'),
    street('Platz des 20. Juli', WALDENBURG, '1', '2'),
    street('Theaterplatz', MEERANE, '1', '2', '3'),
    street('Marktplatz', MEERANE, '1', '2'),
    street('Markt', GLAUCHAU, '1', '5', '12'),
    street('Dr.-Külz-Straße', MEERANE, '2', '4'),
    street('August-Bebel-Straße', MEERANE, '10', '12', '40–46', '49'),
    street('Schönberger Straße', MEERANE, '1', '2', '7'),
    street('Meeraner Straße', GLAUCHAU, '1', '2', '3'),
    street('Gartenstraße', GLAUCHAU, '1', '2', '3', '4'),
    street('Schloßstraße', GLAUCHAU, '2', '4', '6'),
    street('Am Bürgergarten', MEERANE, '1', '2', '3'),
    street('An der Muhle', KOETHEL, '1'),
    street('St. Georgen-Weg', GLAUCHAU, '5', '6'),
    street('Friedrich-Engels-Straße', MEERANE, '1', '2'),
    street('Talstraße', GLAUCHAU),
    street('Pestalozzistraße', GLAUCHAU, '1', '1 a', '1 b', '2'),
    street('Lindenallee', WALDENBURG, '4', '8'),
  ],
};
