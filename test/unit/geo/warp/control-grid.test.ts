import { describe, expect, it } from 'vitest';
import { buildControlGrid, CELL_VALUES, type ControlGrid } from '../../../../shared/geo/warp/control-grid.ts';
import type { SourceProjection } from '../../../../shared/geo/warp/source-projection.ts';

const PLACEMENT = { left: 0, top: 0, step: 1 };
const REGION = { column: 3, row: 5, width: 130, height: 70 };

/** Target pixels (x right, y down) → source pixels. */
function projection(u: (x: number, y: number) => number, v: (x: number, y: number) => number): SourceProjection {
  return (x, y, result) => {
    result.u = u(x, -y);
    result.v = v(x, -y);
  };
}

/** How often each pixel of the region is covered, and the largest error of the interpolation at its centre. */
function examine(grid: ControlGrid, u: (x: number, y: number) => number) {
  const covered = new Map<string, number>();
  let worst = 0;
  for (let at = 0; at < grid.cells.length; at += CELL_VALUES) {
    const [column, row, width, height, u00, , u10, , u01, , u11] = grid.cells.slice(at, at + CELL_VALUES);
    for (let y = 0; y < height!; y++) {
      for (let x = 0; x < width!; x++) {
        const key = `${column! + x}/${row! + y}`;
        covered.set(key, (covered.get(key) ?? 0) + 1);
        const [s, t] = [(x + 0.5) / width!, (y + 0.5) / height!];
        const interpolated = (u00! * (1 - s) + u10! * s) * (1 - t) + (u01! * (1 - s) + u11! * s) * t;
        worst = Math.max(worst, Math.abs(interpolated - u(column! + x + 0.5, row! + y + 0.5)));
      }
    }
  }
  return { pixels: covered.size, once: [...covered.values()].every((count) => count === 1), worst };
}

describe('buildControlGrid', () => {
  it('needs one cell for each 64 pixels of a linear projection', async () => {
    const grid = await buildControlGrid(
      projection(
        (x) => 2 * x + 1,
        (_x, y) => y,
      ),
      PLACEMENT,
      REGION,
    );
    expect(grid.cells.length / CELL_VALUES).toBe(3 * 2);
    const { pixels, once, worst } = examine(grid, (x) => 2 * x + 1);
    expect({ pixels, once }).toEqual({ pixels: 130 * 70, once: true });
    expect(worst).toBeLessThan(1e-12);
    expect(grid).toMatchObject({ minU: 7, maxU: 267, minV: 5, maxV: 75, complete: true });
  });

  it.each([
    ['bends', (x: number, y: number) => (x * x) / 900 + y],
    ['is odd around the middle of a cell', (x: number) => ((x - 35) / 12) ** 3],
    ['jumps', (x: number) => (x < 50.2 ? x : x + 1000)],
  ])('divides cells until they agree with a projection that %s', async (_what, u) => {
    const grid = await buildControlGrid(
      projection(u, (_x, y) => y),
      PLACEMENT,
      REGION,
    );
    const { pixels, once, worst } = examine(grid, u);
    expect({ pixels, once }).toEqual({ pixels: 130 * 70, once: true });
    expect(worst).toBeLessThan(1 / 512);
  });

  it('leaves out pixels that have no place in the source', async () => {
    const grid = await buildControlGrid(
      projection(
        (x) => (x < 40 ? NaN : x),
        (_x, y) => y,
      ),
      PLACEMENT,
      REGION,
    );
    expect(grid.complete).toBe(false);
    expect(examine(grid, (x) => x)).toMatchObject({ pixels: (133 - 40) * 70, once: true });
  });

  it('notices an abort while it projects pixel by pixel', async () => {
    const abort = new AbortController();
    setImmediate(() => abort.abort(new Error('cancelled')));
    const rough = projection(
      (x, y) => Math.sin(x * 7919 + y * 104729) * 1000,
      (_x, y) => y,
    );
    const region = { column: 0, row: 0, width: 512, height: 512 };
    await expect(buildControlGrid(rough, PLACEMENT, region, abort.signal)).rejects.toThrow('cancelled');
  });
});
