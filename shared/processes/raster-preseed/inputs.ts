import { z } from 'zod';

/** Datasets of one job. */
export const MAX_DATASETS = 50;

/** The deepest zoom of a tile (see `geo/tiles/web-mercator-quad.ts`). */
const MAX_ZOOM = 24;

/** Highest number of a band that may be asked for; TIFF has 16 bits for it. */
const MAX_BAND = 65_535;

const MAX_URL_LENGTH = 2048;

const SOURCE_SCHEMES: ReadonlySet<string> = new Set(['s3:', 'https:', 'file:']);

const zoom = z.int().min(0).max(MAX_ZOOM);

const valueRange = z
  .array(z.number())
  .length(2)
  .refine(([min, max]) => min !== max, {
    error: 'the two values must differ',
  });

const dataset = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be 1 to 63 of a-z, 0-9 and -, and not begin with -')
    .exactOptional()
    .meta({ title: 'Name', description: 'Unique within the job; by default made from the file name.' }),
  source: z.string().max(MAX_URL_LENGTH).refine(isSourceUrl, { error: 'must be an s3:, https: or file: URL' }).meta({
    title: 'Source',
    description: 'URL (s3:, https:, file:) of a GeoTIFF, best a cloud-optimised one, or upload:<uploadID>.',
  }),
  bands: z
    .array(z.int().min(1).max(MAX_BAND))
    .min(1)
    .max(3)
    .refine((bands) => bands.length !== 2, { error: 'must name one band or three' })
    .exactOptional()
    .meta({
      title: 'Bands',
      description:
        'One band (grey) or three (red, green, blue), counted from 1; by default the first three or the one.',
    }),
  rescale: z
    .union([valueRange, z.array(valueRange).min(1).max(3)])
    .exactOptional()
    .meta({
      title: 'Value range',
      description:
        'The values shown as 0 and 255: one [min, max] for all bands or one for each. By default 8 bits are shown as ' +
        'they are, all else between its 2nd and 98th percentile, estimated from the coarsest overview.',
    }),
  nodata: z
    .number()
    .exactOptional()
    .meta({ title: 'No data', description: 'Value that stands for no data, in place of what the file says.' }),
});

const polygon = z.strictObject({
  type: z.literal('Polygon'),
  coordinates: z.array(z.array(z.array(z.number()))),
});
const multiPolygon = z.strictObject({
  type: z.literal('MultiPolygon'),
  coordinates: z.array(z.array(z.array(z.array(z.number())))),
});

/** What a caller may ask of a raster preseed. Zooms that are left out follow from each source. */
export const rasterPreseedInputs = z.strictObject({
  datasets: z
    .array(dataset)
    .min(1)
    .max(MAX_DATASETS)
    .meta({ title: 'Datasets', description: `1 to ${MAX_DATASETS} rasters; each becomes a tileset of its own.` }),
  minzoom: zoom.exactOptional().meta({
    title: 'Lowest zoom',
    description: 'By default the zoom at which the source fits into about one tile, or the lowest that it is fit for.',
  }),
  maxzoom: zoom
    .exactOptional()
    .meta({ title: 'Highest zoom', description: "By default the one nearest to the source's own resolution." }),
  tileMatrixSet: z
    .literal('WebMercatorQuad')
    .default('WebMercatorQuad')
    .meta({ title: 'Tile matrix set', description: 'OGC tile matrix set of the tiles.' }),
  tileSize: z
    .union([z.literal(256), z.literal(512)])
    .default(256)
    .meta({ title: 'Tile size', description: 'Pixels along each side of a tile.' }),
  format: z
    .enum(['png', 'webp', 'jpeg'])
    .default('png')
    .meta({ title: 'Format', description: 'Format of the tiles; jpeg shows white where the source has nothing.' }),
  quality: z
    .int()
    .min(1)
    .max(100)
    .default(80)
    .meta({ title: 'Quality', description: 'Quality of webp and jpeg; png keeps every value.' }),
  resampling: z
    .enum(['bilinear', 'nearest'])
    .default('bilinear')
    .meta({ title: 'Resampling', description: 'How a pixel is made from those of the source: nearest for classes.' }),
  bbox: z.array(z.number()).length(4).exactOptional().meta({
    title: 'Bounding box',
    description: '[west, south, east, north] in degrees; west > east crosses the antimeridian.',
  }),
  area: z
    .discriminatedUnion('type', [polygon, multiPolygon])
    .exactOptional()
    .meta({ title: 'Area', description: 'GeoJSON Polygon or MultiPolygon: only tiles that touch it are made.' }),
  toleratedFailurePercentage: z.number().min(0).max(100).default(5).meta({
    title: 'Tolerated failures',
    description: "Percentage of a dataset's tiles that may fail while the rest is still published.",
  }),
});

export type RasterPreseedInputs = z.output<typeof rasterPreseedInputs>;

function isSourceUrl(text: string): boolean {
  return URL.canParse(text) && SOURCE_SCHEMES.has(new URL(text).protocol);
}
