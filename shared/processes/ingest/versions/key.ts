import type { Column } from '../../../geo/features/column.ts';
import type { FeatureBlockWriter } from '../../../geo/features/feature-block-writer.ts';
import type { InspectedLayer } from '../../../geo/features/feature-format.ts';
import type { KeyPart } from '../../../geo/features/feature-key.ts';
import { FEATURE_ID, type FeatureProblem, type FeatureSink } from '../../../geo/features/feature-sink.ts';
import { keyColumnMissing } from '../errors.ts';
import type { SourceFormat } from '../formats.ts';

/** What names the identifier that features have beside their properties, where they have no property of this name. */
const IDENTIFIER = 'id';

/** Formats whose layers declare every column that there is. */
const DECLARING: ReadonlySet<SourceFormat> = new Set(['csv', 'geopackage', 'shapefile', 'flatgeobuf', 'geoparquet']);

const NO_KEY: FeatureProblem = {
  code: 'key-missing',
  reason: 'A column of the key has no value: it cannot be told which feature this one takes the place of.',
};

/** Fields of a source that hold one part of a key: the first of them that has a value counts. */
const fieldsOf = (name: string): readonly string[] => (name === IDENTIFIER ? [name, FEATURE_ID] : [name]);

/**
 * Refuses a key of columns that the layer cannot have. In formats without a schema any feature may have them.
 * @throws LonghaulError `key-column-missing` (final)
 */
export function checkKey(key: readonly string[], format: SourceFormat, { name, fields }: InspectedLayer): void {
  if (!DECLARING.has(format) || fields === undefined) return;
  const there = fields.map((field) => field.name);
  for (const [index, column] of key.entries()) {
    if (!there.includes(column)) throw keyColumnMissing(column, name, there, index);
  }
}

/** Rejects each feature that lacks a part of the key, and hands the others on. */
export function requiringKey(sink: FeatureSink, writer: FeatureBlockWriter, key: readonly string[]): FeatureSink {
  const parts = key.map((name) => ({ names: fieldsOf(name), fields: [] as number[] }));
  const { row } = writer;
  return {
    geometry: sink.geometry,
    row: sink.row,
    field(name) {
      const number = sink.field(name);
      for (const { names, fields } of parts) {
        if (names.includes(name) && !fields.includes(number)) fields.push(number);
      }
      return number;
    },
    add(place) {
      // What is too large for a row is rejected as that: its last values are not there.
      if (row.isTooLarge || parts.every(({ fields }) => fields.some((field) => row.has(field)))) sink.add(place);
      else sink.reject(place, NO_KEY, { properties: writer.properties });
    },
    reject: (place, problem, source) => sink.reject(place, problem, source),
    note: (problem) => sink.note(problem),
  };
}

/**
 * The columns that a key is read from.
 * @param fields of the source, by name
 * @param columns of the merged field by the number of the source's
 */
export function keyParts(
  key: readonly string[],
  fields: readonly { name: string }[],
  columns: readonly number[],
  schema: readonly Column[],
): KeyPart[] {
  return key.map((name) =>
    fieldsOf(name).flatMap((fieldName) => {
      const column = columns[fields.findIndex((field) => field.name === fieldName)];
      return column === undefined ? [] : [{ column, type: schema[column]!.type }];
    }),
  );
}
