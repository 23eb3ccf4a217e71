import { createHash } from 'node:crypto';
import { findCrs } from '../../geo/projections/crs-from-epsg.ts';
import type { Plan, PlannedDataset, WorkContext } from '../../jobs/process.ts';
import { datasetIdOf, fileNameOf, freeId } from '../dataset-id.ts';
import { buildsUpon, findBase, publishedBlocks } from './versions/base-version.ts';
import { declaredCrs } from './crs.ts';
import type { IngestDetail } from './detail.ts';
import { outputNeedsCrs84, targetCrsUnknown } from './errors.ts';
import type { IngestInputs } from './inputs.ts';
import { inspectSource } from './source/inspect-source.ts';
import { checkKey } from './versions/key.ts';
import { BLOCK_BYTES } from './limits.ts';

/**
 * Cuts every layer of the source into blocks; each layer becomes a dataset. Where it comes to a published version, the blocks
 * of that one are before its own.
 * @param blockBytes bytes of a block; those of a large file are larger
 */
export async function planIngest(
  context: WorkContext,
  inputs: IngestInputs,
  blockBytes = BLOCK_BYTES,
): Promise<Plan<IngestDetail>> {
  refuseOutputs(inputs);
  const { etag, layers, notes } = await inspectSource(context, inputs, blockBytes);
  const ids = idsOf(
    inputs,
    layers.map(({ layer }) => layer.name),
  );
  const datasets: PlannedDataset<IngestDetail>[] = [];
  for (const [index, { located, layer, crs }] of layers.entries()) {
    const id = ids[index]!;
    checkKey(inputs.key ?? [], located.format, layer);
    const base = buildsUpon(inputs) ? await findBase(context, id, blockBytes) : undefined;
    const detail = {
      source: inputs.source,
      etag,
      located,
      layer,
      notes,
      ...(crs === undefined ? {} : { crs }),
      ...(base === undefined ? {} : { base }),
    };
    const units = publishedBlocks(detail) + layer.blocks;
    datasets.push({ id, units, chunkUnits: 1, numbering: numberingOf(detail), detail });
  }
  // A block that cannot be read may hold any number of features: the layer is whole, or it is not published.
  return { datasets, toleratedFailurePercentage: 0 };
}

/** GeoJSON knows no other CRS (RFC 7946, 4). */
export function refuseOutputs({ outputs, targetCrs }: IngestInputs): void {
  const target = declaredCrs(targetCrs);
  if (target.kind === 'epsg' && findCrs(target.code) === undefined) throw targetCrsUnknown(targetCrs);
  const index = outputs.indexOf('geojson-seq');
  if (targetCrs !== 'OGC:CRS84' && index >= 0) {
    throw outputNeedsCrs84('geojson-seq', targetCrs, `/inputs/outputs/${index}`);
  }
}

/** The id that the caller gave, or one made from the file name; with several layers, their names behind it. */
export function idsOf(
  { dataset, source }: Pick<IngestInputs, 'dataset' | 'source'>,
  layers: readonly string[],
): string[] {
  const base = dataset ?? datasetIdOf(fileNameOf(new URL(source)));
  if (layers.length === 1) return [base];
  const taken = new Set<string>();
  return layers.map((name) => {
    const id = freeId(datasetIdOf(`${base}-${name}`), taken);
    taken.add(id);
    return id;
  });
}

/** Fingerprint of what the numbers of the blocks depend on: the content of the source and of the version before, and how they were cut. */
function numberingOf({ etag, located, layer, base }: IngestDetail): string {
  return createHash('sha256')
    .update(JSON.stringify([etag, located, layer, ...(base === undefined ? [] : [base])]))
    .digest('base64url');
}
