import { z } from 'zod';

const MAX_URL_LENGTH = 2048;
const MAX_NAME_LENGTH = 256;
/** Columns of a key. */
const MAX_KEY_COLUMNS = 8;
/** Layers that can be named. */
const MAX_LAYER_NAMES = 50;

const SOURCE_SCHEMES: ReadonlySet<string> = new Set(['s3:', 'https:', 'file:']);

export const OUTPUT_FORMATS = ['flatgeobuf', 'geoparquet', 'geojson-seq'] as const;
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

const crs = z.string().regex(/^(EPSG:\d{4,6}|OGC:CRS84)$/, 'must be EPSG:<code> or OGC:CRS84');
const columnName = z.string().min(1).max(MAX_NAME_LENGTH);

const csvOptions = z.strictObject({
  delimiter: z
    .string()
    .length(1)
    .exactOptional()
    .meta({ title: 'Delimiter', description: 'One character; found out by default.' }),
  header: z
    .boolean()
    .exactOptional()
    .meta({ title: 'Header', description: 'Whether the first line has the names of the columns; true by default.' }),
  x: columnName
    .exactOptional()
    .meta({ title: 'Column of x', description: 'Column of longitudes or eastings; found by its name by default.' }),
  y: columnName
    .exactOptional()
    .meta({ title: 'Column of y', description: 'Column of latitudes or northings; found by its name by default.' }),
  geometry: columnName
    .exactOptional()
    .meta({ title: 'Column of geometries', description: 'Column of WKT, WKB in hexadecimal digits, or GeoJSON.' }),
});

/** How many features may be left out while the rest is still published: whichever bound is met is enough. */
const toleratedRejects = z.strictObject({
  count: z
    .int()
    .min(0)
    .exactOptional()
    .meta({ title: 'Count', description: 'Features of a layer that may be left out.' }),
  percentage: z
    .number()
    .min(0)
    .max(100)
    .exactOptional()
    .meta({ title: 'Percentage', description: "Percentage of a layer's features that may be left out." }),
});

/** What a caller may ask of an ingestion. */
const inputs = z.strictObject({
  source: z
    .string()
    .max(MAX_URL_LENGTH)
    .refine(isSourceUrl, { error: 'must be an s3:, https: or file: URL' })
    .meta({
      title: 'Source',
      description:
        'URL (s3:, https:, file:) of a GeoJSON, GeoJSONSeq, CSV, KML, KMZ, GPX, GML, GeoPackage, zipped Shapefile, ' +
        'FlatGeobuf or GeoParquet file, or upload:<id>; it may be gzipped or zipped. What it is, its content says.',
    }),
  dataset: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be 1 to 63 of a-z, 0-9 and -, and not begin with -')
    .exactOptional()
    .meta({
      title: 'Dataset',
      description:
        'Id of the dataset; by default made from the file name. Of a source with several layers it is what the ids of ' +
        'their datasets begin with.',
    }),
  layers: z
    .array(z.string().min(1).max(MAX_NAME_LENGTH))
    .min(1)
    .max(MAX_LAYER_NAMES)
    .exactOptional()
    .meta({ title: 'Layers', description: 'Names of the layers to read; by default all.' }),
  outputs: z
    .array(z.enum(OUTPUT_FORMATS))
    .min(1)
    .max(OUTPUT_FORMATS.length)
    .refine((formats) => new Set(formats).size === formats.length, { error: 'must name each format once' })
    .default(['flatgeobuf'])
    .meta({ title: 'Outputs', description: 'Formats of the published files; the first is what a dataset leads to.' }),
  sourceCrs: crs
    .exactOptional()
    .meta({ title: 'Source CRS', description: 'CRS of the source, in place of what it says or does not say.' }),
  targetCrs: crs
    .default('OGC:CRS84')
    .meta({ title: 'Target CRS', description: 'CRS of the published files; longitude and latitude by default.' }),
  mode: z
    .enum(['create', 'replace', 'append', 'upsert'])
    .default('replace')
    .meta({
      title: 'Mode',
      description:
        'create: the dataset must be new. replace: its pointer moves in one step. append: the features come to those that ' +
        'are published. upsert: they take the place of those with the same key.',
    }),
  key: z
    .array(columnName)
    .min(1)
    .max(MAX_KEY_COLUMNS)
    .refine((names) => new Set(names).size === names.length, { error: 'must name each column once' })
    .exactOptional()
    .meta({
      title: 'Key',
      description:
        'Of the mode upsert: names of the columns of the source that tell features apart. `id` is also the identifier that a ' +
        'format gives a feature beside its properties.',
    }),
  toleratedRejects: toleratedRejects.default({ percentage: 5 }).meta({
    title: 'Tolerated rejects',
    description: 'How many features may be left out while the rest is published.',
  }),
  repair: z.boolean().default(false).meta({
    title: 'Repair',
    description: 'Whether polygons that cross themselves are repaired; they are reported anyway.',
  }),
  encoding: z
    .string()
    .max(MAX_NAME_LENGTH)
    .exactOptional()
    .meta({ title: 'Encoding', description: 'IANA name of the encoding of texts, where the file does not say.' }),
  dryRun: z.boolean().default(false).meta({
    title: 'Dry run',
    description: 'Plan and unpack, read the beginning of each layer, say what the job would do, and publish nothing.',
  }),
  csv: csvOptions.exactOptional().meta({ title: 'CSV', description: 'How a CSV file is to be read.' }),
});

/** The same, where those that go together do. */
export const ingestInputs = inputs.superRefine(keyGoesWithUpsert);

export type IngestInputs = z.output<typeof ingestInputs>;

function isSourceUrl(text: string): boolean {
  return URL.canParse(text) && SOURCE_SCHEMES.has(new URL(text).protocol);
}

function keyGoesWithUpsert({ mode, key }: { mode: string; key?: string[] }, context: z.RefinementCtx): void {
  if ((mode === 'upsert') === (key !== undefined)) return;
  const message =
    key === undefined ? 'is required with the mode upsert' : `goes with the mode upsert, not with ${mode}`;
  context.addIssue({ code: 'custom', path: ['key'], message, input: key });
}
