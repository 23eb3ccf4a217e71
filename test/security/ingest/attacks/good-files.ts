/** A feature that there is nothing wrong with. */
export const GOOD = '{"type":"Feature","properties":{"a":1},"geometry":{"type":"Point","coordinates":[1,2]}}';

/** A FeatureCollection of features as texts. */
export const collection = (...features: string[]): string =>
  `{"type":"FeatureCollection","features":[${features.join()}]}`;

/** With as many good features on both sides, so that what becomes of one in the middle is seen. */
export const between = (feature: string): string => collection(GOOD, feature, GOOD);

/** For attacks on one feature of three. */
export const TOLERANT = { toleratedRejects: { percentage: 50 } };

/** Longitude and latitude as Esri writes them. */
export const WGS84_PRJ =
  'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["Degree",0.0174532925199433]]';
