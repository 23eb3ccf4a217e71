import type { BufferViews } from './encode-geometry.ts';
import type { StoredGeometry } from './stored-geometry.ts';

/**
 * A feature as it lies in a block, for writers: valid until the next one is asked for. Properties follow each other from
 * `properties` to `propertiesEnd`, each a field number of the block in 2 bytes, a tag and a value.
 */
export interface StoredFeature extends BufferViews {
  readonly view: DataView;
  /** Number in its source. */
  readonly number: number;
  /** Undefined for a feature without geometry. */
  readonly geometry: StoredGeometry | undefined;
  /** Extent; `minX > maxX` when there is no vertex. */
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
  readonly properties: number;
  readonly propertiesEnd: number;
  /** Number of the column by the number of the field in its block. */
  readonly columns: Uint16Array;
}
