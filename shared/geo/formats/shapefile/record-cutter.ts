import type { RecordCut } from './shapefile-detail.ts';

/** Blocks of one shapefile. */
export const MAX_BLOCKS = 65_536;

/** Cuts records into blocks of about `blockBytes`, together with their rows. */
export class RecordCutter {
  readonly #cuts: RecordCut[] = [];
  readonly #blockBytes: number;
  readonly #rowBytes: number;
  #bytes = 0;
  #records = 0;

  /** @param size bytes of the .shp and .dbf */
  constructor(blockBytes: number, size: number, rowBytes: number) {
    this.#blockBytes = Math.max(blockBytes, Math.ceil((2 * size) / MAX_BLOCKS));
    this.#rowBytes = rowBytes;
  }

  get records(): number {
    return this.#records;
  }

  /** @param bytes of the record with its header */
  add(offset: number, bytes: number): void {
    if (this.#cuts.length === 0 || this.#bytes >= this.#blockBytes) {
      this.#cuts.push({ record: this.#records, offset });
      this.#bytes = 0;
    }
    this.#bytes += bytes + this.#rowBytes;
    this.#records++;
  }

  /** @param end of the records in the file */
  finish(end: number): RecordCut[] {
    return [...this.#cuts, { record: this.#records, offset: end }];
  }
}
