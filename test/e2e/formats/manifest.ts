import { join } from 'node:path';
import type { FormatCase, LayerCase, SourceLayer } from './cases.ts';

/** Extensions of the three files of each dataset. */
export const EXTENSIONS = ['fgb', 'parquet', 'geojsonl.gz'] as const;

/** What compare.py takes for one layer. */
export interface ManifestLayer extends Omit<LayerCase, 'source'> {
  id: string;
  source: Omit<SourceLayer, 'file' | 'member'> & { path: string };
  files: string[];
}

/** Id of the dataset that is made of a layer. */
export const datasetOf = ({ id }: FormatCase, { suffix }: LayerCase): string =>
  suffix === undefined ? id : `${id}-${suffix}`;

/** Names of the files that a job publishes. */
export const filesOf = (formatCase: FormatCase): string[] =>
  formatCase.layers.flatMap((layer) => EXTENSIONS.map((extension) => `${datasetOf(formatCase, layer)}.${extension}`));

/** What is to be compared with what. */
export function manifestOf(cases: readonly FormatCase[], sources: string, outputs: string): ManifestLayer[] {
  return cases.flatMap((formatCase) =>
    formatCase.layers.map((layer): ManifestLayer => {
      const { file, member, ...source } = layer.source;
      const id = datasetOf(formatCase, layer);
      const path = join(sources, file);
      const files = EXTENSIONS.map((extension) => opened(join(outputs, `${id}.${extension}`)));
      return {
        ...layer,
        id,
        source: { ...source, path: member === undefined ? opened(path) : `/vsizip/${path}/${member}` },
        files,
      };
    }),
  );
}

/** GDAL unpacks by the prefix of a path. */
const opened = (path: string): string => (path.endsWith('.gz') ? `/vsigzip/${path}` : path);
