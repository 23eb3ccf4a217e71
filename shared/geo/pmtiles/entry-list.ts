/** Entries of a directory (PMTiles version 3, "Entries") as columns: 24 bytes each. */
export class EntryList {
  readonly tileIds: Float64Array;
  /** From the start of the tile data; of a leaf directory, from the start of the leaf directories. */
  readonly offsets: Float64Array;
  /** In bytes. */
  readonly lengths: Uint32Array;
  /** Tiles with this content, one id after the other; 0 points to a leaf directory. */
  readonly runLengths: Uint32Array;
  length = 0;

  /** @param capacity most entries that it can hold */
  constructor(capacity: number) {
    this.tileIds = new Float64Array(capacity);
    this.offsets = new Float64Array(capacity);
    this.lengths = new Uint32Array(capacity);
    this.runLengths = new Uint32Array(capacity);
  }

  get isFull(): boolean {
    return this.length === this.tileIds.length;
  }

  append(tileId: number, offset: number, length: number, runLength: number): void {
    this.tileIds[this.length] = tileId;
    this.offsets[this.length] = offset;
    this.lengths[this.length] = length;
    this.runLengths[this.length] = runLength;
    this.length++;
  }

  appendAll(other: EntryList): void {
    for (let index = 0; index < other.length; index++) {
      this.append(other.tileIds[index]!, other.offsets[index]!, other.lengths[index]!, other.runLengths[index]!);
    }
  }

  /** Lengthens the last run by one tile when `tileId` continues it with the same content. */
  extendLast(tileId: number, offset: number): boolean {
    const last = this.length - 1;
    if (last < 0 || this.offsets[last] !== offset) return false;
    if (this.tileIds[last]! + this.runLengths[last]! !== tileId) return false;
    this.runLengths[last]!++;
    return true;
  }
}
