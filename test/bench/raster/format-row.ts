import type { PinnedRun } from '../peers/run-pinned.ts';

/** What one program did. */
export interface BenchRow extends Pick<PinnedRun, 'seconds' | 'cpuSeconds' | 'peakBytes'> {
  name: string;
  /** Tiles that were written. */
  tiles: number;
  /** Bytes of the tiles. */
  bytes: number;
  /** Range reads of the source for each tile, where they are counted. */
  readsPerTile?: number;
}

export function formatRow(row: BenchRow): string {
  const columns = [
    row.name.padEnd(15),
    `${row.tiles} tiles`,
    `${row.seconds.toFixed(1)} s (${row.cpuSeconds.toFixed(1)} s of processor time)`,
    `${(row.tiles / row.seconds).toFixed(1)} tiles/s`,
    `${(row.bytes / 1e6).toFixed(1)} MB`,
    `peak ${(row.peakBytes / 1e6).toFixed(0)} MB`,
  ];
  if (row.readsPerTile !== undefined) columns.push(`${row.readsPerTile.toFixed(3)} range reads a tile`);
  return columns.join('  ');
}
