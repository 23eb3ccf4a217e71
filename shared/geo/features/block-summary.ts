import { z } from 'zod';
import { DistinctSketch } from './distinct-sketch.ts';
import { featureBlockCorrupt } from './errors.ts';
import { FieldStatistics } from './field-statistics.ts';
import { GeometryStatistics } from './geometry-statistics.ts';
import { MAX_FIELDS, MAX_NOTE_CODES } from './limits.ts';
import { TAG_NUMBERS } from './property-tags.ts';
import type { TextPrefix } from './text-prefix.ts';

/** Something that was mended or left out on the way, and how often. */
export interface Note {
  code: string;
  /** What it was the first time. */
  reason: string;
  count: number;
}

/** What a block says of its features, beside them. */
export interface BlockSummary {
  /** Features that it holds. */
  features: number;
  rejected: number;
  fields: { name: string; statistics: FieldStatistics }[];
  geometry: GeometryStatistics;
  notes: Note[];
}

const count = z.number().int().nonnegative();
const finite = z.number();
const extent = z.tuple([finite, finite, finite, finite]);
const prefix = z.base64().max(64);
const integer = z.string().regex(/^-?\d{1,20}$/);

const storedField = z.strictObject({
  name: z.string().max(65_536),
  counts: z.array(count).length(TAG_NUMBERS),
  integers: z.strictObject({ min: integer, max: integer, unsafe: count }).optional(),
  doubles: z.strictObject({ min: finite, max: finite }).optional(),
  nonFinite: count,
  texts: z.strictObject({ min: prefix, max: prefix }).optional(),
  trues: count,
  times: z.strictObject({ zoned: count, digits: count.max(9), min: finite, max: finite }).optional(),
  distinct: z.string().max(2048),
});

const storedSummary = z.strictObject({
  features: count,
  rejected: count,
  fields: z.array(storedField).max(MAX_FIELDS),
  geometry: z.strictObject({
    types: z.array(count).length(8),
    typesWithZ: z.array(count).length(8),
    withM: count,
    empty: count,
    extent: extent.optional(),
    zRange: z.tuple([finite, finite]).optional(),
  }),
  notes: z
    .array(z.strictObject({ code: z.string().max(256), reason: z.string().max(4096), count }))
    .max(MAX_NOTE_CODES + 1),
});
type StoredSummary = z.infer<typeof storedSummary>;
type StoredField = z.infer<typeof storedField>;

/** The summary as UTF-8 JSON. */
export function encodeSummary(summary: BlockSummary): Uint8Array {
  const { features, rejected, geometry, notes } = summary;
  const stored: StoredSummary = {
    features,
    rejected,
    fields: summary.fields.map(({ name, statistics }) => storeField(name, statistics)),
    geometry: {
      types: [...geometry.types],
      typesWithZ: [...geometry.typesWithZ],
      withM: geometry.withM,
      empty: geometry.empty,
      ...(geometry.hasExtent ? { extent: geometry.extent } : {}),
      ...(geometry.zMin <= geometry.zMax ? { zRange: [geometry.zMin, geometry.zMax] } : {}),
    },
    notes,
  };
  return Buffer.from(JSON.stringify(stored));
}

/** @throws LonghaulError `feature-block-corrupt` (final) */
export function decodeSummary(bytes: Uint8Array): BlockSummary {
  const stored = parse(bytes);
  const geometry = new GeometryStatistics();
  geometry.types.set(stored.geometry.types);
  geometry.typesWithZ.set(stored.geometry.typesWithZ);
  geometry.withM = stored.geometry.withM;
  geometry.empty = stored.geometry.empty;
  if (stored.geometry.extent !== undefined) geometry.spanExtent(...stored.geometry.extent);
  if (stored.geometry.zRange !== undefined) [geometry.zMin, geometry.zMax] = stored.geometry.zRange;
  return { ...stored, geometry, fields: stored.fields.map(loadField) };
}

function parse(bytes: Uint8Array): StoredSummary {
  try {
    return storedSummary.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  } catch (error) {
    throw featureBlockCorrupt('its summary is not valid', error);
  }
}

function storeField(name: string, statistics: FieldStatistics): StoredField {
  const { integerMin, integerMax, unsafeIntegers, doubleMin, doubleMax, textMin, textMax } = statistics;
  const { zoned, fractionDigits, secondsMin, secondsMax } = statistics;
  return {
    name,
    counts: [...statistics.counts],
    ...(integerMin <= integerMax
      ? { integers: { min: String(integerMin), max: String(integerMax), unsafe: unsafeIntegers } }
      : {}),
    ...(doubleMin <= doubleMax ? { doubles: { min: doubleMin, max: doubleMax } } : {}),
    nonFinite: statistics.nonFinite,
    ...(textMin.length < 0 ? {} : { texts: { min: base64(textMin), max: base64(textMax) } }),
    trues: statistics.trues,
    ...(secondsMin <= secondsMax ? { times: { zoned, digits: fractionDigits, min: secondsMin, max: secondsMax } } : {}),
    distinct: statistics.sketch.toBase64(),
  };
}

function loadField(stored: StoredField): BlockSummary['fields'][number] {
  const sketch = DistinctSketch.fromBase64(stored.distinct);
  if (sketch === undefined) throw featureBlockCorrupt(`the sketch of the field «${stored.name}» is not valid`);
  const statistics = new FieldStatistics(sketch);
  statistics.counts.set(stored.counts);
  if (stored.integers !== undefined) {
    statistics.integerMin = toInteger(stored.integers.min);
    statistics.integerMax = toInteger(stored.integers.max);
    statistics.unsafeIntegers = stored.integers.unsafe;
  }
  if (stored.doubles !== undefined) {
    statistics.doubleMin = stored.doubles.min;
    statistics.doubleMax = stored.doubles.max;
  }
  statistics.nonFinite = stored.nonFinite;
  if (stored.texts !== undefined) {
    load(statistics.textMin, stored.texts.min);
    load(statistics.textMax, stored.texts.max);
  }
  statistics.trues = stored.trues;
  if (stored.times !== undefined) {
    statistics.zoned = stored.times.zoned;
    statistics.fractionDigits = stored.times.digits;
    statistics.secondsMin = stored.times.min;
    statistics.secondsMax = stored.times.max;
  }
  return { name: stored.name, statistics };
}

function toInteger(text: string): number | bigint {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text);
}

function base64({ bytes, length }: TextPrefix): string {
  return Buffer.from(bytes.subarray(0, length)).toString('base64');
}

function load(prefix: TextPrefix, text: string): void {
  const bytes = Buffer.from(text, 'base64');
  prefix.set(bytes, 0, bytes.length);
}
