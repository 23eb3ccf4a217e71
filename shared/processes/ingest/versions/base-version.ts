import { withField } from '../../../errors/with-field.ts';
import type { InspectedLayer } from '../../../geo/features/feature-format.ts';
import type { PublishedDataset } from '../../../jobs/datasets.ts';
import type { DatasetFile, WorkContext } from '../../../jobs/process.ts';
import type { LayerCrs } from '../crs.ts';
import { datasetWithoutFeatures } from '../errors.ts';
import { openLocated, type LocatedSource } from '../source/file-location.ts';
import { readerOf } from '../formats.ts';
import { OUTPUT_FORMATS, type IngestInputs } from '../inputs.ts';
import { MOST_BLOCKS } from '../limits.ts';
import { locateSources, unpackInto } from '../source/locate-sources.ts';
import { OUTPUTS } from '../publish/output-formats.ts';

const MODE_FIELD = '/inputs/mode';

/** The published version that a job builds upon, as it was found when the job was planned. JSON, kept with the plan. */
export interface BaseVersion {
  /** Job that published it: the version of the dataset. */
  jobId: string;
  file: { url: string; bytes: number };
  located: LocatedSource;
  layer: InspectedLayer;
  crs?: LayerCrs;
}

/** Whether the features of the published version stay in the new one. */
export const buildsUpon = ({ mode }: Pick<IngestInputs, 'mode'>): boolean => mode === 'append' || mode === 'upsert';

/** Blocks that the published version takes, at the beginning of all. */
export const publishedBlocks = ({ base }: { base?: BaseVersion }): number => base?.layer.blocks ?? 0;

/** Blocks that a file is cut into at most: where a job builds upon a version, source and version have half of them each. */
export const mostBlocks = (inputs: Pick<IngestInputs, 'mode'>): number =>
  buildsUpon(inputs) ? MOST_BLOCKS / 2 : MOST_BLOCKS;

/**
 * Finds the published version of a dataset, and cuts it into blocks; undefined when there is none.
 * @throws LonghaulError with the field `/inputs/mode`: `dataset-without-features` (final); as `Datasets`, `locateSources`,
 *   `FeatureFormat.inspect`
 */
export async function findBase(
  context: WorkContext,
  dataset: string,
  blockBytes: number,
): Promise<BaseVersion | undefined> {
  const published = await context.datasets.current(dataset);
  if (published === undefined) return undefined;
  const file = bestFile(published);
  try {
    const { located, layer } = await inspect(context, dataset, file, blockBytes);
    const { crs: declared } = layer;
    return {
      jobId: published.jobId,
      file: { url: file.url.href, bytes: file.bytes },
      located,
      layer,
      ...(declared === undefined ? {} : { crs: { declared, by: 'source' } }),
    };
  } catch (error) {
    throw withField(error, MODE_FIELD);
  }
}

async function inspect(
  { datasets, files, signal }: WorkContext,
  name: string,
  file: DatasetFile,
  blockBytes: number,
): Promise<Pick<BaseVersion, 'located' | 'layer'>> {
  const reader = datasets.open(file);
  const [located] = (await locateSources({ files, signal }, reader, name, unpackInto(files, reader))).sources;
  if (located === undefined) throw datasetWithoutFeatures(name, [file.mediaType]);
  const format = await readerOf(located.format);
  const opened = await openLocated(reader, files, located, signal);
  const most = MOST_BLOCKS / 2;
  const bytes = Math.max(blockBytes, Math.ceil(opened.file.size / most));
  const [layer] = await format.inspect(opened, { blockBytes: bytes, name, signal });
  if (layer === undefined) throw datasetWithoutFeatures(name, [file.mediaType]);
  return { located, layer };
}

/** The file that tells most of its features exactly: FlatGeobuf, then GeoParquet, then GeoJSON. */
function bestFile({ id, alternates, ...file }: PublishedDataset): DatasetFile {
  const files = [file, ...alternates];
  for (const format of OUTPUT_FORMATS) {
    const found = files.find(({ mediaType }) => mediaType === OUTPUTS[format].mediaType);
    if (found !== undefined) return found;
  }
  throw datasetWithoutFeatures(
    id,
    files.map(({ mediaType }) => mediaType),
  );
}
