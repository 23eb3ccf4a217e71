import type { FeatureFormat } from '../../features/feature-format.ts';
import { inspectShapefile } from './inspect-shapefile.ts';
import { readShapefileBlock } from './read-block.ts';
import type { ShapefileDetail } from './shapefile-detail.ts';

/**
 * Esri shapefile: .shp as the file, .shx, .dbf, .prj and .cpg as its companions. All types of shapes are read, multipatches
 * as MultiPolygons.
 */
export const shapefile: FeatureFormat<ShapefileDetail> = {
  id: 'shapefile',
  title: 'Esri Shapefile',
  readsFront: true,
  inspect: async (source, options) => [await inspectShapefile(source, options)],
  readBlock: (source, { detail }, block, sink, signal) => readShapefileBlock(source, detail, block, sink, signal),
};
