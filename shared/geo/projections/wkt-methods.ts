/** How a projection method of well-known text is said to PROJ. */
export interface WktMethod {
  /** Name of the method for PROJ. */
  proj: string;
  /** PROJ words by parameter, named by lower-case letters and digits alone. */
  parameters: Readonly<Record<string, string>>;
  /** Parameters that must be zero, if they are there. */
  zeros?: readonly string[];
  /** Which of several forms this is: see `projection-from-wkt.ts`. */
  form?: 'polar' | 'polar-north' | 'polar-south' | 'one-parallel' | 'web-mercator' | 'no-offset';
}

const OFFSETS = {
  falseeasting: 'x_0',
  falsenorthing: 'y_0',
  eastingatfalseorigin: 'x_0',
  northingatfalseorigin: 'y_0',
  eastingatprojectioncentre: 'x_0',
  northingatprojectioncentre: 'y_0',
};
const MERIDIAN = {
  centralmeridian: 'lon_0',
  longitudeofnaturalorigin: 'lon_0',
  longitudeoffalseorigin: 'lon_0',
  longitudeofcenter: 'lon_0',
  longitudeoforigin: 'lon_0',
};
const LATITUDE = {
  latitudeoforigin: 'lat_0',
  latitudeofnaturalorigin: 'lat_0',
  latitudeoffalseorigin: 'lat_0',
  latitudeofcenter: 'lat_0',
};
const SCALE = { scalefactor: 'k_0', scalefactoratnaturalorigin: 'k_0', scalefactoratprojectioncentre: 'k_0' };
const PARALLELS = {
  standardparallel1: 'lat_1',
  standardparallel2: 'lat_2',
  latitudeof1ststandardparallel: 'lat_1',
  latitudeof2ndstandardparallel: 'lat_2',
};
const TRUE_SCALE = {
  standardparallel1: 'lat_ts',
  latitudeof1ststandardparallel: 'lat_ts',
  latitudeofstandardparallel: 'lat_ts',
};

const transverseMercator: WktMethod = {
  proj: 'tmerc',
  parameters: { ...OFFSETS, ...MERIDIAN, ...LATITUDE, ...SCALE },
};
const mercator: WktMethod = {
  proj: 'merc',
  parameters: { ...OFFSETS, ...MERIDIAN, ...SCALE, ...TRUE_SCALE },
  zeros: ['latitudeoforigin', 'latitudeofnaturalorigin'],
};
const webMercator: WktMethod = {
  proj: 'merc',
  parameters: {},
  form: 'web-mercator',
  zeros: [
    ...['falseeasting', 'falsenorthing', 'centralmeridian', 'standardparallel1', 'auxiliaryspheretype'],
    ...['latitudeofnaturalorigin', 'longitudeofnaturalorigin'],
  ],
};
const conformalConic: WktMethod = {
  proj: 'lcc',
  parameters: { ...OFFSETS, ...MERIDIAN, ...LATITUDE, ...SCALE, ...PARALLELS },
  form: 'one-parallel',
};
const albers: WktMethod = { proj: 'aea', parameters: { ...OFFSETS, ...MERIDIAN, ...LATITUDE, ...PARALLELS } };
const centred = (proj: string): WktMethod => ({ proj, parameters: { ...OFFSETS, ...MERIDIAN, ...LATITUDE } });
const polar = (form: 'polar' | 'polar-north' | 'polar-south'): WktMethod => ({
  proj: 'stere',
  parameters: { ...OFFSETS, ...MERIDIAN, ...LATITUDE, ...SCALE, ...TRUE_SCALE },
  form,
});
const obliqueStereographic: WktMethod = {
  proj: 'sterea',
  parameters: { ...OFFSETS, ...MERIDIAN, ...LATITUDE, ...SCALE },
};
const cylindrical = (proj: string): WktMethod => ({
  proj,
  parameters: { ...OFFSETS, ...MERIDIAN, ...TRUE_SCALE },
  zeros: ['latitudeoforigin', 'latitudeofnaturalorigin'],
});
const world = (proj: string): WktMethod => ({ proj, parameters: { ...OFFSETS, ...MERIDIAN } });
const obliqueMercator: WktMethod = {
  proj: 'omerc',
  parameters: {
    ...OFFSETS,
    ...SCALE,
    latitudeofcenter: 'lat_0',
    latitudeofprojectioncentre: 'lat_0',
    longitudeofcenter: 'lonc',
    longitudeofprojectioncentre: 'lonc',
    azimuth: 'alpha',
    azimuthatprojectioncentre: 'alpha',
    rectifiedgridangle: 'gamma',
    anglefromrectifiedtoskewgrid: 'gamma',
    scalefactoratprojectioncentre: 'k_0',
  },
};

/**
 * Methods by their name in WKT 1, of Esri and in WKT 2, in lower-case letters and digits alone. proj4 agrees with PROJ in
 * them; others, such as Miller's, it computes on another sphere.
 */
export const WKT_METHODS: Readonly<Record<string, WktMethod>> = {
  transversemercator: transverseMercator,
  gausskruger: transverseMercator,
  mercator,
  mercator1sp: mercator,
  mercator2sp: mercator,
  mercatorvarianta: mercator,
  mercatorvariantb: mercator,
  mercatorauxiliarysphere: webMercator,
  popularvisualisationpseudomercator: webMercator,
  lambertconformalconic: conformalConic,
  lambertconformalconic1sp: conformalConic,
  lambertconformalconic2sp: conformalConic,
  lambertconicconformal1sp: conformalConic,
  lambertconicconformal2sp: conformalConic,
  albers,
  albersequalarea: albers,
  albersconicequalarea: albers,
  lambertazimuthalequalarea: centred('laea'),
  azimuthalequidistant: centred('aeqd'),
  cassini: centred('cass'),
  cassinisoldner: centred('cass'),
  polyconic: centred('poly'),
  americanpolyconic: centred('poly'),
  polarstereographic: polar('polar'),
  polarstereographicvarianta: polar('polar'),
  polarstereographicvariantb: polar('polar'),
  stereographicnorthpole: polar('polar-north'),
  stereographicsouthpole: polar('polar-south'),
  obliquestereographic: obliqueStereographic,
  doublestereographic: obliqueStereographic,
  hotineobliquemercatorazimuthcenter: obliqueMercator,
  hotineobliquemercatorvariantb: obliqueMercator,
  rectifiedskeworthomorphiccenter: obliqueMercator,
  hotineobliquemercator: { ...obliqueMercator, form: 'no-offset' },
  hotineobliquemercatorvarianta: { ...obliqueMercator, form: 'no-offset' },
  hotineobliquemercatorazimuthnaturalorigin: { ...obliqueMercator, form: 'no-offset' },
  rectifiedskeworthomorphicnaturalorigin: { ...obliqueMercator, form: 'no-offset' },
  equirectangular: cylindrical('eqc'),
  equidistantcylindrical: cylindrical('eqc'),
  platecarree: world('eqc'),
  cylindricalequalarea: cylindrical('cea'),
  lambertcylindricalequalarea: cylindrical('cea'),
  equidistantconic: { proj: 'eqdc', parameters: { ...OFFSETS, ...MERIDIAN, ...LATITUDE, ...PARALLELS } },
  sinusoidal: world('sinu'),
  mollweide: world('moll'),
  robinson: world('robin'),
  equalearth: world('eqearth'),
};
