import { FeatureBlockWriter } from '../../../geo/features/feature-block-writer.ts';
import type { BlockSource } from '../../../geo/features/open-feature-block.ts';
import { withField } from '../../../errors/with-field.ts';
import type { Estimate, ProcessContext } from '../../../jobs/process.ts';
import type { LayerCrs } from '../crs.ts';
import { describeLayer, type DescribedLayer, type DescribeOptions } from './describe-layer.ts';
import { tooManyLayers } from '../errors.ts';
import { blocksOf, expectedDryRun, expectedWork, type FileWork } from './expected-work.ts';
import { MAX_LIST_BYTES } from './front-limits.ts';
import type { IngestInputs } from '../inputs.ts';
import { chooseLayers, crsOf } from '../source/inspect-source.ts';
import { keyDomain } from '../key-domain.ts';
import { MAX_LAYERS } from '../limits.ts';
import { lookAtLayer } from './look-at-layer.ts';
import { blocksOfLayer, lookAtSource, type SeenFile, type SeenLayer, type SeenSource } from './look-at-source.ts';
import { idsOf, refuseOutputs } from '../plan.ts';
import { withinBytes } from './within-bytes.ts';

/** What an estimate and a dry run tell besides numbers. */
export interface IngestEstimateDetail extends Record<string, unknown> {
  source: { bytes: number; unpackedBytes: number };
  layers: DescribedLayer[];
  /** Files of features of whose layers nothing, or not all, is known. */
  unseen: { name: string; format: string; bytes: number; reason: string }[];
  /** Of the source as a whole, one sentence each. */
  notes: string[];
}

/**
 * What a job would do, and its first features: by the headers of the source and the beginnings of its layers, read inside the
 * API function.
 * @throws LonghaulError as `planIngest`, as far as what it throws can be seen from there
 */
export async function estimateIngest(
  context: Pick<ProcessContext, 'sources' | 'signal'>,
  inputs: IngestInputs,
): Promise<Estimate & { detail: IngestEstimateDetail }> {
  refuseOutputs(inputs);
  const seen = await lookAtSource(context, inputs);
  const { layers, notes } = layersToRead(seen, inputs);
  const names = layers.map(({ layer }) => layer.name);
  const ids = idsOf(inputs, names);
  const options = { inputs, layers: layers.length, signal: context.signal };
  const described: DescribedLayer[] = [];
  try {
    for (const [index, layer] of layers.entries()) described.push(await describe(layer, ids[index]!, options));
  } catch (error) {
    throw withField(error, '/inputs/source');
  }
  const told = withinBytes([...seen.notes, ...notes], MAX_LIST_BYTES);
  const work = workOf(seen, layers);
  return {
    ...(inputs.dryRun ? expectedDryRun(work, layers.length) : expectedWork(work, inputs.outputs)),
    detail: {
      source: { bytes: seen.bytes, unpackedBytes: seen.files.reduce((sum, { bytes }) => sum + bytes, 0) },
      layers: described,
      unseen: unseenFiles(seen),
      notes: told.kept,
    },
  };
}

type LayerToRead = SeenLayer & { file: SeenFile };

/** Layers are chosen as the plan does; what may be in a part that was not seen is not refused. */
function layersToRead(
  { files, notes: ofSource }: SeenSource,
  { layers: names }: Pick<IngestInputs, 'layers'>,
): { layers: LayerToRead[]; notes: string[] } {
  const all = files.flatMap((file) => file.layers.map((layer) => ({ ...layer, file })));
  if (files.length > 0 && files.every(isAllSeen)) chooseLayers(all, names, ofSource);
  const chosen = names === undefined ? all : all.filter(({ layer }) => names.includes(layer.name));
  if (chosen.length > MAX_LAYERS) throw tooManyLayers(chosen.length, MAX_LAYERS);
  const missing = (names ?? []).filter((name) => !all.some(({ layer }) => layer.name === name));
  const notes = missing.map(
    (name) => `The layer ${JSON.stringify(name)} is not in the part of the source that was seen.`,
  );
  return { layers: chosen, notes };
}

/** Whether no further layer can be in a file: all of it was seen, or its format has one layer. */
function isAllSeen({ layers, unseen, located: { format } }: SeenFile): boolean {
  return unseen === undefined || (layers.length === 1 && format !== 'gml' && format !== 'gpx');
}

async function describe(
  { file, ...seen }: LayerToRead,
  dataset: string,
  { layers, inputs, signal }: DescribeOptions,
): Promise<DescribedLayer> {
  const { located, opened, isFront } = seen;
  const { format } = located;
  const blocks = blocksOfLayer(seen, file.bytes);
  const layer = { ...seen.layer, blocks };
  const found = crsOfSeen(seen, inputs);
  const notes = [...(isFront ? [file.unseen!] : []), ...(found === undefined ? [CRS_UNSEEN] : [])];
  const crs = found ?? {};
  const block =
    found === undefined
      ? new FeatureBlockWriter(keyDomain(inputs.targetCrs)).finish()
      : await lookAtLayer(opened, { format, layer, ...crs }, inputs, signal);
  return describeLayer({ dataset, format, layer, notes, ...crs }, blockSource(block), { inputs, layers, signal });
}

const CRS_UNSEEN = 'Its CRS is not named in the part of the file that was looked at.';

/** Features of GML may name their CRS in any place: what is not named in the first of them may be in others. */
function crsOfSeen({ layer, isFront, located }: SeenLayer, inputs: IngestInputs): { crs?: LayerCrs } | undefined {
  const mayFollow = isFront && located.format === 'gml' && layer.crs === undefined && inputs.sourceCrs === undefined;
  return mayFollow ? undefined : crsOf(layer, inputs);
}

function unseenFiles({ files }: SeenSource): IngestEstimateDetail['unseen'] {
  const unseen = files.flatMap((file) => {
    const { located, bytes, unseen: reason } = file;
    if (reason === undefined || isAllSeen(file)) return [];
    return [{ name: located.name, format: located.format, bytes, reason }];
  });
  return withinBytes(unseen, MAX_LIST_BYTES).kept;
}

/** What is to be done with the files that have a layer to read, or may have one. */
function workOf({ bytes: sourceBytes, files }: SeenSource, layers: readonly LayerToRead[]): FileWork[] {
  // Of an archive that was not looked into there is nothing but its size.
  if (files.length === 0) {
    return [{ format: 'geojson', bytes: sourceBytes, isPacked: true, blocks: blocksOf(sourceBytes) }];
  }
  return files.flatMap((file): FileWork[] => {
    const { located, bytes, isPacked } = file;
    const own = layers.filter((layer) => layer.file === file);
    if (own.length === 0 && isAllSeen(file)) return [];
    const blocks =
      own.length === 0 ? blocksOf(bytes) : own.reduce((sum, layer) => sum + blocksOfLayer(layer, bytes), 0);
    return [{ format: located.format, bytes, isPacked, blocks }];
  });
}

function blockSource(bytes: Uint8Array): BlockSource {
  // A copy, since what is read is the reader's own.
  const read = async (offset: number, length: number) => new Uint8Array(bytes.subarray(offset, offset + length));
  return { size: bytes.length, read };
}
