/**
 * On which side of the directed line a → b the point p lies: the sign of (b − a) × (p − a), exact for whole numbers
 * below 2^52: their differences are exact, and rounding keeps the order of the two products. Only products that are
 * equal after rounding are compared in big integers.
 * @returns a positive number, a negative number, or 0 when p lies on the line
 */
export function orientation(ax: number, ay: number, bx: number, by: number, px: number, py: number): number {
  const left = (bx - ax) * (py - ay);
  const right = (by - ay) * (px - ax);
  if (left !== right) return left - right;
  if (left === 0) return 0;
  const exact = BigInt(bx - ax) * BigInt(py - ay) - BigInt(by - ay) * BigInt(px - ax);
  return exact > 0n ? 1 : exact < 0n ? -1 : 0;
}

/**
 * As `orientation`, but never 0: p is thought to lie a hair to the right (x + δ), and a far smaller hair below (y + η)
 * ("simulation of simplicity", Edelsbrunner and Mücke, 1990). a and b differ.
 */
export function sideOf(ax: number, ay: number, bx: number, by: number, px: number, py: number): 1 | -1 {
  const sign = orientation(ax, ay, bx, by, px, py) || ay - by || bx - ax;
  return sign > 0 ? 1 : -1;
}
