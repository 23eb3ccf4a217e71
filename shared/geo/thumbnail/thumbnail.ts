import { encodeIndexedPng, type Rgba } from '../encode/encode-indexed-png.ts';
import type { FeatureObserver } from '../features/feature-writer.ts';
import { GEOMETRY_TYPES as TYPES } from '../features/geometry.ts';
import type { Extent } from '../features/geometry-statistics.ts';
import type { StoredFeature } from '../features/stored-feature.ts';
import type { StoredGeometry } from '../features/stored-geometry.ts';
import { GeometryPen, MAX_DOT, type Nib } from './geometry-pen.ts';
import { AREA, EDGE } from './sample-grid.ts';
import { SAMPLES, thumbnailFrame, type ThumbnailFrame } from './thumbnail-frame.ts';

export const PNG_MEDIA_TYPE = 'image/png';

/** A blue that is seen on white and on black. */
const COLOUR = [31, 119, 180] as const;
const AREA_ALPHA = 140;
const EDGE_ALPHA = 255;
const SAMPLES_OF_A_PIXEL = SAMPLES * SAMPLES;

/** Colours of pixels, and which of them has a pixel with samples of that sum. */
const PALETTE: Rgba[] = [];
const COLOUR_OF_SUM = new Uint8Array(SAMPLES_OF_A_PIXEL * EDGE + 1);
for (let edges = 0; edges <= SAMPLES_OF_A_PIXEL; edges++) {
  for (let areas = 0; areas + edges <= SAMPLES_OF_A_PIXEL; areas++) {
    const alpha = Math.round((areas * AREA_ALPHA + edges * EDGE_ALPHA) / SAMPLES_OF_A_PIXEL);
    COLOUR_OF_SUM[areas * AREA + edges * EDGE] = PALETTE.push([...COLOUR, alpha]) - 1;
  }
}

/** Up to so many features are few, or some; beyond they are many. */
const FEW = 1_000;
const SOME = 20_000;

/**
 * What may be spent on drawing, in vertices and samples that are looked at. Many features earn it one after the other, so that
 * it is spent everywhere; each vertex earns some more, in proportion to what it takes to write it. When it is spent, parts of
 * features are drawn as dots until there is enough again: drawing stays a small share of writing.
 */
const CREDIT = 500_000;
const FIRST_CREDIT_OF_MANY = CREDIT / 64;
const VERTICES_FOR_CREDIT = 32;

/** What spans fewer samples is a dot; a polygon that spans fewer of these is as good as its extent. */
const DOT_SAMPLES = 1;
const RECTANGLE_SAMPLES = 3;

export interface ThumbnailOptions {
  /** Of all features. */
  extent: Extent;
  /** How many there are. */
  features: number;
  /** Whether coordinates are longitude and latitude. */
  geographic: boolean;
}

/**
 * Draws features on a small transparent image while they are written: points as dots, lines, and polygons filled and with
 * their edges. Holds about a megabyte, whatever comes. The same features in the same order give the same image.
 */
export class Thumbnail implements FeatureObserver {
  readonly #frame: ThumbnailFrame;
  readonly #pen: GeometryPen;
  readonly #isFew: boolean;
  readonly #earned: number;
  #credit: number;

  constructor({ extent, features, geographic }: ThumbnailOptions) {
    this.#frame = thumbnailFrame(extent, geographic);
    this.#pen = new GeometryPen(this.#frame, nibFor(features));
    this.#isFew = features <= FEW;
    this.#earned = CREDIT / features;
    this.#credit = features <= SOME ? CREDIT : FIRST_CREDIT_OF_MANY;
  }

  add({ geometry, minX, minY, maxX, maxY }: StoredFeature): void {
    if (geometry === undefined || !(minX <= maxX)) return;
    const { scaleX, scaleY } = this.#frame;
    const { type, vertices } = geometry;
    const isArea = type === TYPES.polygon || type === TYPES.multiPolygon;
    const span = Math.max((maxX - minX) * scaleX, (minY - maxY) * scaleY);
    if (span < DOT_SAMPLES) {
      this.#pen.dot(minX, minY, isArea ? AREA : EDGE);
    } else if (isArea && span < RECTANGLE_SAMPLES) {
      this.#pen.rectangle(minX, minY, maxX, maxY);
    } else {
      this.#credit = Math.min(CREDIT, this.#credit + this.#earned + vertices / VERTICES_FOR_CREDIT);
      // Of many polygons that lie on each other the later ones would change nothing that is seen.
      if (isArea && this.#credit > 0 && !this.#isFew && this.#pen.isCovered(minX, minY, maxX, maxY)) return;
      this.#draw(geometry);
    }
  }

  /** The image as PNG. */
  encode(): Uint8Array {
    const { width, height } = this.#frame;
    const { samples, columns } = this.#pen.grid;
    const indices = new Uint8Array(width * height);
    for (let row = 0, index = 0; row < height; row++) {
      let upper = row * SAMPLES * columns;
      for (let column = 0; column < width; column++, index++, upper += SAMPLES) {
        const lower = upper + columns;
        const sum = samples[upper]! + samples[upper + 1]! + samples[lower]! + samples[lower + 1]!;
        indices[index] = COLOUR_OF_SUM[sum]!;
      }
    }
    return encodeIndexedPng({ width, height, indices, palette: PALETTE });
  }

  #draw(geometry: StoredGeometry): void {
    const { type, vertices, lines, lineEnds, polygons, polygonEnds, members } = geometry;
    if (vertices === 0 && type !== TYPES.geometryCollection) return;
    const pen = this.#pen;
    const { uint32 } = geometry.views;
    switch (type) {
      case TYPES.none:
        return;
      case TYPES.point:
      case TYPES.multiPoint:
        if (this.#mayDraw(geometry, 0, EDGE)) this.#credit -= pen.points(geometry);
        return;
      case TYPES.lineString:
        if (this.#mayDraw(geometry, 0, EDGE)) this.#credit -= pen.line(geometry, 0, vertices);
        return;
      case TYPES.multiLineString:
        for (let line = 0, start = 0; line < lines; line++) {
          const end = uint32[lineEnds + line]!;
          if (this.#mayDraw(geometry, start, EDGE)) this.#credit -= pen.line(geometry, start, end);
          start = end;
        }
        return;
      case TYPES.polygon:
        if (this.#mayDraw(geometry, 0, AREA)) this.#credit -= pen.polygon(geometry, 0, lines);
        return;
      case TYPES.multiPolygon:
        for (let polygon = 0, start = 0; polygon < polygons; polygon++) {
          const end = uint32[polygonEnds + polygon]!;
          const first = start === 0 ? 0 : uint32[lineEnds + start - 1]!;
          if (this.#mayDraw(geometry, first, AREA)) this.#credit -= pen.polygon(geometry, start, end);
          start = end;
        }
        return;
      case TYPES.geometryCollection: {
        let member: StoredGeometry | undefined;
        for (let index = 0; index < members; index++) this.#draw((member = geometry.member(member)));
      }
    }
  }

  /** Whether a part may be drawn; otherwise its first vertex becomes a dot. */
  #mayDraw({ views: { float64 }, xy, vertices }: StoredGeometry, first: number, value: number): boolean {
    if (this.#credit > 0) return true;
    if (first < vertices) this.#pen.dot(float64[xy + 2 * first]!, float64[xy + 2 * first + 1]!, value);
    return false;
  }
}

/** The fewer features there are, the larger are dots and the wider are lines: a single point is to be seen. */
function nibFor(features: number): Nib {
  if (features <= FEW) return { dot: MAX_DOT, line: 2 };
  return features <= SOME ? { dot: 3, line: 2 } : { dot: 1, line: 1 };
}
