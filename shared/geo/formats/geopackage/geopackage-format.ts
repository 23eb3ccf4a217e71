import type { FeatureFormat } from '../../features/feature-format.ts';
import { inspectLayers } from './inspect-layers.ts';
import type { GeoPackageDetail } from './layer-detail.ts';
import { readTableBlock } from './read-block.ts';

/**
 * GeoPackage 1.0 to 1.4 (OGC 12-128), read from the pages of the SQLite file: no SQL of the file is ever run, so that its
 * triggers, views, generated columns and extensions are of no effect, and no more than a few pages are in memory.
 */
export const geopackage: FeatureFormat<GeoPackageDetail> = {
  id: 'geopackage',
  title: 'GeoPackage',
  numbersByBlock: true,
  inspect: ({ file }, options) => inspectLayers(file, options),
  async readBlock({ file }, { detail }, block, sink, signal) {
    if (detail.kind === 'unread') sink.note({ code: 'geopackage-table-unread', reason: detail.reason });
    else await readTableBlock(file, detail, block, sink, signal);
  },
};
