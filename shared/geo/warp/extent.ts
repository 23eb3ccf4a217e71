import type { Bounds } from '../tiles/web-mercator-quad.ts';

/** A rectangle of the world's square that a raster covers a part of. */
export interface Extent {
  /** Metres of EPSG:3857, within the world's square. */
  readonly bounds: Bounds;
  /**
   * Added to the source's x (in units of its CRS) after projecting: whole turns, for a raster whose longitudes
   * count beyond ±180°, such as one from 0° to 360°.
   */
  readonly sourceShift: number;
}
