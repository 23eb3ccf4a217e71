import type { BlockCutter } from '../xml/block-cutter.ts';
import type { Container } from '../xml/container.ts';
import { countElements } from '../xml/count-elements.ts';
import type { NameTable } from '../xml/name-table.ts';
import type { OffsetOf } from '../xml/scan-source.ts';
import { GPX_LAYERS } from './gpx-names.ts';
import { GpxOutline } from './gpx-outline.ts';

/** Goes over a GPX file before it is read, and counts the features of each layer. */
export class GpxInspection extends GpxOutline {
  readonly #names: NameTable;
  readonly #offsetOf: OffsetOf;
  readonly #blocks: BlockCutter;

  constructor(names: NameTable, offsetOf: OffsetOf, blocks: BlockCutter) {
    super();
    this.#names = names;
    this.#offsetOf = offsetOf;
    this.#blocks = blocks;
  }

  record(name: string, bytes: Buffer, start: number, end: number, containers: readonly Container[]): void {
    this.#blocks.record(this.#offsetOf(start), this.#offsetOf(end), containers);
    for (const layer of GPX_LAYERS) {
      if (layer.record !== name) continue;
      const features = layer.point === undefined ? 1 : countElements(bytes, start, end, this.#names, layer.point);
      if (features > 0) this.#blocks.count(layer.name, features);
    }
  }
}
