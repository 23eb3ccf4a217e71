import { z } from 'zod';

const MIB = 1024 * 1024;

const MAX_TEXT_CHARACTERS = 10_000;
const MAX_NUMBERS = 1_000;
const MAX_GEOMETRIES = 5;
const MAX_POSITIONS = 10_000;

/** Longest pause in seconds. */
const MAX_PAUSE_SECONDS = 600;

/** Image as base64: what fits into a request. */
const MAX_IMAGE_CHARACTERS = MIB;

const CRS84 = 'http://www.opengis.net/def/crs/OGC/1.3/CRS84';
const CRS84H = 'http://www.opengis.net/def/crs/OGC/0/CRS84h';

export const IMAGE_TYPES = ['image/png', 'image/jpeg', 'image/webp', 'image/tiff; application=geotiff'] as const;

const position = z.array(z.number()).min(2).max(3);
const line = z.array(position).min(2).max(MAX_POSITIONS);
const ring = z.array(position).min(4).max(MAX_POSITIONS);
const polygon = z.array(ring).min(1).max(MAX_POSITIONS);

/** RFC 7946, 3.1, without collections. */
const geometry = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('Point'), coordinates: position }),
  z.strictObject({ type: z.literal('MultiPoint'), coordinates: z.array(position).max(MAX_POSITIONS) }),
  z.strictObject({ type: z.literal('LineString'), coordinates: line }),
  z.strictObject({ type: z.literal('MultiLineString'), coordinates: z.array(line).max(MAX_POSITIONS) }),
  z.strictObject({ type: z.literal('Polygon'), coordinates: polygon }),
  z.strictObject({ type: z.literal('MultiPolygon'), coordinates: z.array(polygon).max(MAX_POSITIONS) }),
]);

/** OGC 18-062r2 `bbox.yaml` */
const box = z.strictObject({
  bbox: z.union([z.array(z.number()).length(4), z.array(z.number()).length(6)]),
  crs: z.enum([CRS84, CRS84H]).default(CRS84),
});

const measure = z.strictObject({
  measurement: z.number(),
  uom: z.string().min(1).max(64),
  reference: z.url({ protocol: /^https?$/ }).exactOptional(),
});

const object = z.strictObject({
  name: z.string().max(MAX_TEXT_CHARACTERS),
  count: z.int().exactOptional(),
  tags: z.array(z.string().max(64)).max(16).exactOptional(),
  nested: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).exactOptional(),
});

/** By value: base64 with its media type. By reference: a link, which is given back and not fetched. */
const image = z.union([
  z.strictObject({
    value: z.base64().max(MAX_IMAGE_CHARACTERS),
    mediaType: z.enum(IMAGE_TYPES),
    encoding: z.literal('base64').default('base64'),
  }),
  z.strictObject({
    href: z.url({ protocol: /^https?$/ }).max(2_048),
    type: z.enum(IMAGE_TYPES).exactOptional(),
    rel: z.string().max(64).exactOptional(),
    hreflang: z.string().max(64).exactOptional(),
    title: z.string().max(256).exactOptional(),
  }),
]);

/** One schema for each kind of value: what comes in as `<kind>Input` goes out as `<kind>Output`. */
export const kinds = {
  string: { title: 'Text', schema: z.string().max(MAX_TEXT_CHARACTERS) },
  number: { title: 'Number', schema: z.number() },
  integer: { title: 'Whole number', schema: z.int() },
  boolean: { title: 'Truth value', schema: z.boolean() },
  dateTime: { title: 'Date and time (RFC 3339)', schema: z.iso.datetime({ offset: true }) },
  choice: { title: 'One of three words', schema: z.enum(['small', 'medium', 'large']) },
  array: { title: 'Array of numbers', schema: z.array(z.number()).max(MAX_NUMBERS) },
  object: { title: 'Object with members of several types', schema: object },
  measure: { title: 'Measure with its unit', schema: measure },
  boundingBox: { title: 'Bounding box', schema: box },
  geometry: { title: 'GeoJSON geometries', schema: z.array(geometry).min(1).max(MAX_GEOMETRIES) },
  image: { title: 'Image by value or by reference', schema: image },
} as const;
export type Kind = keyof typeof kinds;

const describe = (kind: Kind) => ({ title: kinds[kind].title, description: `Given back as ${kind}Output.` });

export const inputs = z.strictObject({
  stringInput: kinds.string.schema.meta(describe('string')).exactOptional(),
  numberInput: kinds.number.schema.meta(describe('number')).exactOptional(),
  integerInput: kinds.integer.schema.meta(describe('integer')).exactOptional(),
  booleanInput: kinds.boolean.schema.meta(describe('boolean')).exactOptional(),
  dateTimeInput: kinds.dateTime.schema.meta(describe('dateTime')).exactOptional(),
  choiceInput: kinds.choice.schema.meta(describe('choice')).exactOptional(),
  arrayInput: kinds.array.schema.meta(describe('array')).exactOptional(),
  objectInput: kinds.object.schema.meta(describe('object')).exactOptional(),
  measureInput: kinds.measure.schema.meta(describe('measure')).exactOptional(),
  boundingBoxInput: kinds.boundingBox.schema.meta(describe('boundingBox')).exactOptional(),
  geometryInput: kinds.geometry.schema.meta({ ...describe('geometry'), maxOccurs: MAX_GEOMETRIES }).exactOptional(),
  imageInput: kinds.image.schema.meta(describe('image')).exactOptional(),
  pause: z.number().min(0).max(MAX_PAUSE_SECONDS).default(0).meta({
    title: 'Pause',
    description: 'Seconds to wait before giving the inputs back: time to poll, or to dismiss.',
  }),
});
export type EchoInputs = z.output<typeof inputs>;
