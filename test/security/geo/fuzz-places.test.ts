import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { crsFromEpsg } from '../../../shared/geo/projections/crs-from-epsg.ts';
import { EPSG_TABLE } from '../../../shared/geo/projections/epsg-table.ts';
import { transformer } from '../../../shared/geo/projections/transformer.ts';
import { areaBounds, MAX_AREA_VERTICES, type Area } from '../../../shared/geo/tiles/area.ts';
import { areaFromBbox } from '../../../shared/geo/tiles/area-from-bbox.ts';
import { areaFromGeoJson, type GeoJsonArea } from '../../../shared/geo/tiles/area-from-geo-json.ts';
import { HALF_WORLD } from '../../../shared/geo/tiles/web-mercator-quad.ts';
import { requestedDatasets } from '../../../shared/processes/raster-preseed/requested-datasets.ts';
import rasterPreseed from '../../../shared/processes/raster-preseed/process.ts';
import { fuzz, printCorpora, reading } from '../corpus/fuzz.ts';
import { hostileValues } from '../corpus/json.ts';

const SQUARE = [
  [10, 40],
  [11, 40],
  [11, 41],
  [10, 41],
  [10, 40],
];
const AREAS = [
  { type: 'Polygon', coordinates: [SQUARE] },
  { type: 'Polygon', coordinates: [SQUARE.map(([x = 0, y = 0]) => [x + 169.5, y])] },
  {
    type: 'Polygon',
    coordinates: [
      [
        [-180, -90],
        [180, -90],
        [180, -60],
        [-180, -60],
        [-180, -90],
      ],
    ],
  },
  { type: 'MultiPolygon', coordinates: [[SQUARE], [SQUARE.map(([x = 0, y = 0]) => [-x, -y])]] },
];

const source = 's3://scenes/My%20Scene.tif';
const REQUESTS = [
  { datasets: [{ source }, { source, id: 'a' }], minzoom: 0, maxzoom: 3, bbox: [10, 40, 11, 41] },
  {
    datasets: [
      {
        source,
        bands: [1, 2, 3],
        rescale: [
          [0, 1],
          [0, 2],
          [0, 3],
        ],
        nodata: 0,
      },
    ],
    area: AREAS[0],
  },
  { datasets: [{ source: 'https://data.example/%ff%2e%2e/.tif?a=b#c' }], format: 'jpeg', quality: 1, tileSize: 512 },
];

/** Numbers at the edges of degrees, of doubles, and of nothing. */
const edge = fc.oneof(
  fc.constantFrom(0, -0, 180, -180, 90, -90, 85.0511287798066, 360, 540, -540, 1e308, Number.MIN_VALUE, NaN, Infinity),
  fc.double({ min: -200, max: 200 }),
  fc.double(),
);

const codes = Array.from(EPSG_TABLE.matchAll(/^(\d+)\t/gm), ([, code]) => Number(code));

describe('a place', () => {
  printCorpora('places');

  fuzz('of an area is an area within the world, or refused', hostileValues(AREAS), async (geometry) => {
    const area = await reading(() => areaFromGeoJson(geometry as GeoJsonArea, '/inputs/area'));
    if ('read' in area) isWithinTheWorld(area.read);
    else expect(area.refused).toMatchObject({ code: expect.stringMatching(/^area-/) as string });
  });

  fuzz('of a bbox is an area within the world, or refused', fc.tuple(edge, edge, edge, edge), async (bbox) => {
    const area = await reading(() => areaFromBbox(...bbox, '/inputs/bbox'));
    if ('read' in area) isWithinTheWorld(area.read);
    else expect(area.refused.field).toBe('/inputs/bbox');
  });

  fuzz(
    'of any EPSG code is known or refused',
    fc.oneof(edge, fc.nat(100_000), fc.constantFrom(...codes)),
    async (code) => {
      const crs = await reading(() => crsFromEpsg(code));
      if ('read' in crs) expect(crs.read.epsg).toBe(code);
      else expect(crs.refused.code).toBe('crs-unknown');
    },
  );

  const someCodes = codes.filter((_, index) => index % 40 === 0);
  fuzz(
    'in any reference system has both coordinates or none',
    fc.record({ code: fc.constantFrom(...someCodes), x: edge, y: edge, inverse: fc.boolean() }),
    ({ code, x, y, inverse }) => {
      const crs = crsFromEpsg(code);
      const [tx, ty] = (inverse ? transformer('EPSG:4326', crs) : transformer(crs, 'EPSG:3857'))(x, y);
      expect(Number.isFinite(tx)).toBe(Number.isFinite(ty));
    },
  );

  fuzz(
    'in a request for tiles is refused by the schema, or a request that can be named',
    hostileValues(REQUESTS),
    async (request) => {
      const parsed = rasterPreseed.inputs.safeParse(request);
      if (!parsed.success) return;
      const datasets = await reading(() => requestedDatasets(parsed.data));
      if ('refused' in datasets) return;
      for (const { id } of datasets.read) expect(id).toMatch(/^[a-z0-9][a-z0-9-]{0,62}$/);
      expect(new Set(datasets.read.map(({ id }) => id)).size).toBe(parsed.data.datasets.length);
    },
  );
});

function isWithinTheWorld(area: Area): void {
  const vertices = area.polygons.flat(2).length;
  expect(vertices > 0 && vertices <= 4 * MAX_AREA_VERTICES).toBe(true);
  for (const edge of areaBounds(area)) expect(Math.abs(edge)).toBeLessThanOrEqual(HALF_WORLD);
}
