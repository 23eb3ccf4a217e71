/** Half-open ranges of columns and rows. */
export interface IndexBox {
  startColumn: number;
  endColumn: number;
  startRow: number;
  endRow: number;
}

/** Number of cells in at least one of some boxes: slab by slab of columns in which the same boxes lie. */
export function unionSize(boxes: readonly IndexBox[]): number {
  const columns = [...new Set(boxes.flatMap((box) => [box.startColumn, box.endColumn]))].sort((a, b) => a - b);
  const byRow = boxes.toSorted((a, b) => a.startRow - b.startRow);
  let size = 0;
  for (const [index, start] of columns.slice(0, -1).entries()) {
    let rows = 0;
    let reached = 0;
    for (const box of byRow) {
      if (box.startColumn > start || box.endColumn <= start || box.endRow <= reached) continue;
      rows += box.endRow - Math.max(reached, box.startRow);
      reached = box.endRow;
    }
    size += rows * (columns[index + 1]! - start);
  }
  return size;
}
