/** Bits of each axis: two of them are exact in a double. */
const AXIS_BITS = 26;
const CELLS = 2 ** AXIS_BITS;
/** Each step of the table takes two bits of either axis. */
const STEP_BITS = 2;

/** Key of a feature without an extent: behind every other. */
export const LAST_HILBERT_KEY = CELLS * CELLS;

/** Rectangle that keys are spread over; what lies outside gets the key of its border. */
export interface KeyDomain {
  minX: number;
  minY: number;
  maxX: number;
  maxY: number;
}

/** Longitudes and latitudes in degrees. */
export const DEGREES_DOMAIN: KeyDomain = { minX: -180, minY: -90, maxX: 180, maxY: 90 };

/**
 * Digits of the curve for each orientation (bit 0: axes swapped, bit 1: both mirrored) and two bits of x and of y:
 * the next orientation in bits 4–5, the digits in bits 0–3.
 */
const TABLE = buildTable();

/** Gives places their position along a Hilbert curve (the one of PMTiles, with y upwards), from 0 to 2^52 − 1. */
export class HilbertKeys {
  readonly #domain: KeyDomain;
  readonly #scaleX: number;
  readonly #scaleY: number;

  constructor(domain: KeyDomain) {
    this.#domain = domain;
    this.#scaleX = CELLS / (domain.maxX - domain.minX);
    this.#scaleY = CELLS / (domain.maxY - domain.minY);
  }

  keyAt(x: number, y: number): number {
    const column = toCell((x - this.#domain.minX) * this.#scaleX);
    const row = toCell((y - this.#domain.minY) * this.#scaleY);
    let orientation = 0;
    let high = 0;
    let low = 0;
    for (let shift = AXIS_BITS - STEP_BITS; shift >= 0; shift -= STEP_BITS) {
      const entry = TABLE[(orientation << 4) | (((column >> shift) & 3) << 2) | ((row >> shift) & 3)]!;
      // The first six steps make the upper 24 bits, the other seven the lower 28.
      if (shift >= AXIS_BITS / 2 + 1) high = (high << 4) | (entry & 15);
      else low = (low << 4) | (entry & 15);
      orientation = entry >> 4;
    }
    return high * 2 ** 28 + low;
  }
}

function toCell(position: number): number {
  if (!(position > 0)) return 0;
  return position < CELLS ? Math.floor(position) : CELLS - 1;
}

function buildTable(): Uint8Array {
  const table = new Uint8Array(4 * 16);
  for (let index = 0; index < table.length; index++) {
    let swap = (index >> 4) & 1;
    let flip = index >> 5;
    let digits = 0;
    for (const bit of [1, 0]) {
      const x = (((index >> 2) >> bit) & 1) ^ flip;
      const y = ((index >> bit) & 1) ^ flip;
      const along = swap ? y : x;
      const across = swap ? x : y;
      digits = digits * 4 + ((3 * along) ^ across);
      if (across === 0) {
        flip ^= along;
        swap ^= 1;
      }
    }
    table[index] = (swap << 4) | (flip << 5) | digits;
  }
  return table;
}
