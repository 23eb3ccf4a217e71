import type { Encoding } from './code-pages.ts';
import type { DbfLayout } from './dbf-header.ts';

/** What the reader of a block must know. JSON: it is stored with the plan. */
export interface ShapefileDetail {
  shapeType: number;
  /** Whether records are found by .shx, or one after the other. */
  isIndexed: boolean;
  /** Where blocks of records begin, and behind the last one where the records end. */
  cuts: RecordCut[];
  /** First rows of the blocks that have rows alone, which no record belongs to, and the end; empty where there are none. */
  rowCuts: number[];
  table?: DbfLayout;
  /** Encoding of texts; absent where it is guessed. */
  encoding?: Encoding;
}

export interface RecordCut {
  /** Number of the record, from 0. */
  record: number;
  /** Its offset in the .shp. */
  offset: number;
}
