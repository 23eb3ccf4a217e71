/** Bound of the relative rounding error of the determinant (Shewchuk, 1997, 2.4: 3ε + 16ε²). */
const ERROR_BOUND = 3.3306690738754716e-16;

/** Bits by which the smallest number of a double has to be shifted to be whole. */
const MANTISSA_BITS = 52;

/**
 * On which side of the line a → b the point p lies: the sign of (b − a) × (p − a), exact where no product is below 1e-300. It
 * is computed in whole numbers of any length where rounding leaves it open.
 * @returns a positive number when p lies on the left, a negative one, or 0 when it lies on the line
 */
export function orient(ax: number, ay: number, bx: number, by: number, px: number, py: number): number {
  const left = (ax - px) * (by - py);
  const right = (ay - py) * (bx - px);
  const determinant = left - right;
  if (Math.abs(determinant) >= ERROR_BOUND * (Math.abs(left) + Math.abs(right)) && Number.isFinite(determinant)) {
    return determinant;
  }
  return exactly([ax, ay, bx, by, px, py]);
}

function exactly(values: number[]): number {
  const scale = Math.max(0, ...values.map(fractionBits));
  const [ax, ay, bx, by, px, py] = values.map((value) => scaled(value, scale)) as [
    bigint,
    bigint,
    bigint,
    bigint,
    bigint,
    bigint,
  ];
  const determinant = (ax - px) * (by - py) - (ay - py) * (bx - px);
  return determinant > 0n ? 1 : determinant < 0n ? -1 : 0;
}

/** Binary digits behind the point, at most. */
function fractionBits(value: number): number {
  return value === 0 ? 0 : MANTISSA_BITS - exponentOf(value);
}

/** Power of two of the first digit, or less: subnormal numbers have no more digits than the smallest normal one. */
function exponentOf(value: number): number {
  view.setFloat64(0, value);
  return Math.max((view.getUint16(0) >> 4) & 0x7ff, 1) - 1023;
}

function scaled(value: number, bits: number): bigint {
  // Two steps: no power of two that a double has reaches from the smallest number to a whole one.
  const fraction = fractionBits(value);
  const whole = BigInt(value * 2 ** Math.min(fraction, 1000) * 2 ** Math.max(fraction - 1000, 0));
  return fraction >= 0 ? whole << BigInt(bits - fraction) : BigInt(value) << BigInt(bits);
}

const view = new DataView(new ArrayBuffer(8));
