import type { ColumnChunk, SchemaElement } from 'hyparquet';
import { unconvertMinMax } from 'hyparquet-writer/src/unconvert.js';

/**
 * Brings the least and the greatest text of a column chunk to what the footer will tell of them, in bytes of their own. Until
 * the footer is written they would be views that keep all texts of their row group, and so in the end all texts of the file.
 */
export function settleBounds({ meta_data: data }: ColumnChunk, element: SchemaElement): void {
  const statistics = data?.statistics;
  if (statistics === undefined) return;
  if (statistics.min_value instanceof Uint8Array) {
    const bound = unconvertMinMax(statistics.min_value, element, false)!;
    if (bound !== statistics.min_value) statistics.is_min_value_exact = false;
    statistics.min_value = new Uint8Array(bound);
  }
  if (statistics.max_value instanceof Uint8Array) {
    const bound = unconvertMinMax(statistics.max_value, element, true)!;
    if (bound !== statistics.max_value) statistics.is_max_value_exact = false;
    statistics.max_value = new Uint8Array(bound);
  }
}
