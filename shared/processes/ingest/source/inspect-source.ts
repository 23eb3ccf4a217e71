import { withField } from '../../../errors/with-field.ts';
import type {
  FeatureFormat,
  FeatureSource,
  InspectOptions,
  InspectedLayer,
  ReadOptions,
} from '../../../geo/features/feature-format.ts';
import type { WorkContext } from '../../../jobs/process.ts';
import { fileNameOf } from '../../dataset-id.ts';
import { mostBlocks } from '../versions/base-version.ts';
import { computableCrs, declaredCrs, type LayerCrs } from '../crs.ts';
import { layersMissing, layerWithoutCrs, sourceWithoutLayers, tooManyLayers } from '../errors.ts';
import { openLocated, type LocatedSource } from './file-location.ts';
import { readerOf } from '../formats.ts';
import type { IngestInputs } from '../inputs.ts';
import { MAX_LAYERS } from '../limits.ts';
import { locateSources, unpackInto } from './locate-sources.ts';

const SOURCE_FIELD = '/inputs/source';

export interface FoundLayer {
  located: LocatedSource;
  layer: InspectedLayer;
  crs?: LayerCrs;
}

export interface InspectedSource {
  etag: string;
  /** Those that are to be read, in the order of the source. */
  layers: FoundLayer[];
  notes: string[];
}

/**
 * Opens a source, unpacks what is packed, and finds the layers that are to be read.
 * @throws LonghaulError with a `field`: as `Sources.open`, `locateSources`, `FeatureFormat.inspect`; `layer-missing`,
 *   `too-many-layers`, `source-without-layers`, `crs-missing`, `crs-unknown` (final)
 */
export async function inspectSource(
  context: Pick<WorkContext, 'sources' | 'files' | 'signal'>,
  inputs: IngestInputs,
  blockBytes: number,
): Promise<InspectedSource> {
  const url = new URL(inputs.source);
  const { etag, layers: all, notes } = await findLayers(context, url, inputs, blockBytes);
  const layers = chooseLayers(all, inputs.layers, notes);
  if (layers.length > MAX_LAYERS) throw tooManyLayers(layers.length, MAX_LAYERS);
  return { etag, notes, layers: layers.map((found) => ({ ...found, ...crsOf(found.layer, inputs) })) };
}

async function findLayers(
  { sources, files, signal }: Pick<WorkContext, 'sources' | 'files' | 'signal'>,
  url: URL,
  inputs: IngestInputs,
  blockBytes: number,
): Promise<InspectedSource> {
  try {
    const source = await sources.open(url, { signal });
    const unpack = unpackInto(files, source);
    const { sources: located, notes } = await locateSources({ files, signal }, source, fileNameOf(url), unpack);
    const layers: FoundLayer[] = [];
    for (const each of located) {
      const reader = await readerOf(each.format);
      const read = readOptions(inputs, each);
      const opened = await openLocated(source, files, each, signal);
      const bytes = Math.max(blockBytes, Math.ceil(opened.file.size / mostBlocks(inputs)));
      const found = await inspectFile(reader, opened, { blockBytes: bytes, name: each.name, read, signal });
      layers.push(...found.layers.map((layer) => ({ located: each, layer })));
      notes.push(...found.notes);
    }
    return { etag: source.etag, layers, notes };
  } catch (error) {
    throw withField(error, SOURCE_FIELD);
  }
}

/** The layers of one file of the source; of one without layers, why it is left out. @throws as `FeatureFormat.inspect` */
export async function inspectFile(
  reader: FeatureFormat,
  opened: FeatureSource,
  options: Omit<InspectOptions, 'note'>,
): Promise<{ layers: InspectedLayer[]; notes: string[] }> {
  const notes: string[] = [];
  const layers = await reader.inspect(opened, { ...options, note: (sentence) => notes.push(sentence) });
  const isWithout = layers.length === 0 && options.isFront !== true;
  return { layers, notes: isWithout ? [`${options.name} has no features, and is left out.`, ...notes] : notes };
}

/** What the caller says of the source goes before what was seen of it. */
export function readOptions({ encoding, csv }: IngestInputs, located: LocatedSource): ReadOptions {
  const known = encoding ?? located.encoding;
  return { ...(known === undefined ? {} : { encoding: known }), ...(csv === undefined ? {} : { csv }) };
}

/** @param notes of the source as a whole: they tell why it has no layer */
export function chooseLayers(
  all: readonly FoundLayer[],
  names: IngestInputs['layers'],
  notes: readonly string[],
): FoundLayer[] {
  if (all.length === 0) throw sourceWithoutLayers(notes);
  if (names === undefined) return [...all];
  const missing = names.filter((name) => !all.some(({ layer }) => layer.name === name));
  const there = all.map(({ layer }) => layer.name);
  if (missing.length > 0) throw layersMissing(missing, there);
  return all.filter(({ layer }) => names.includes(layer.name));
}

export function crsOf(layer: InspectedLayer, { sourceCrs }: IngestInputs): { crs?: LayerCrs } {
  if (layer.hasGeometries === false) return {};
  const declared = sourceCrs === undefined ? layer.crs : declaredCrs(sourceCrs);
  if (declared === undefined) throw layerWithoutCrs(layer.name);
  try {
    computableCrs(declared);
  } catch (error) {
    throw withField(error, '/inputs/sourceCrs');
  }
  return { crs: { declared, by: sourceCrs === undefined ? 'source' : 'caller' } };
}
