import type { Geometry } from './geometry.ts';

/** Field that takes the identifier of a feature where its format has one beside the properties; no file has this name. */
export const FEATURE_ID = '\u0000id';

/** Where a feature stands in its source. */
export interface FeaturePlace {
  /** Byte of the source, or of the layer's file, that it begins at. */
  offset: number;
  /** Number within its layer, counted from 0, where the format knows it; otherwise it is the number within its block. */
  number?: number;
}

/** Why a feature was put aside, or what was noted of one that was not. */
export interface FeatureProblem {
  /** Stable, kebab-case, such as `geometry-ring-open`. */
  code: string;
  /** One sentence. */
  reason: string;
}

/**
 * The properties of one feature, written one after the other. A field that is not written is null. Texts that are given as
 * bytes are UTF-8, checked by whoever gives them; they are copied, and never become strings on the way.
 */
export interface FeatureRow {
  text(field: number, value: string): void;
  textBytes(field: number, bytes: Uint8Array, start: number, end: number): void;
  /**
   * A value of a format that has no types (CSV, KML): kept as it stands, and taken for a number, a boolean, a date or a
   * time if every value of its field can be.
   */
  lexical(field: number, value: string): void;
  lexicalBytes(field: number, bytes: Uint8Array, start: number, end: number): void;
  boolean(field: number, value: boolean): void;
  /** A safe integer. */
  integer(field: number, value: number): void;
  /** An integer of at most 64 bits, exactly. */
  bigInteger(field: number, value: bigint): void;
  double(field: number, value: number): void;
  /** ISO 8601 date such as `2026-11-26`. */
  date(field: number, value: string): void;
  /** ISO 8601 date and time, with its offset where the source has one. */
  dateTime(field: number, value: string): void;
  /** JSON text of an object or array. */
  json(field: number, value: string): void;
  binary(field: number, value: Uint8Array): void;
}

/** What readers hand features to, one at a time: they fill `geometry` and `row`, then `add`. */
export interface FeatureSink {
  /** To be filled anew for each feature, beginning with `begin`. */
  readonly geometry: Geometry;
  /** Empty at first and after each `add` and `reject`. */
  readonly row: FeatureRow;
  /** Number of a field by its name in the source; a name that is new gets the next number. */
  field(name: string): number;
  /** Takes the feature as it stands in `geometry` and `row`; a geometry of type `none` is null. */
  add(place: FeaturePlace): void;
  /** Puts a feature aside that cannot be read; what `geometry` and `row` hold of it is dropped. */
  reject(place: FeaturePlace, problem: FeatureProblem, source: RejectedSource): void;
  /** Counts something that was mended or left out on the way, by code. */
  note(problem: FeatureProblem): void;
}

/** A rejected feature as it stood in the source: text for text formats, what could be read of it for others. */
export type RejectedSource = { text: string } | { bytes: Uint8Array } | { properties: Record<string, unknown> };
