import type { FeatureRow, FeatureSink } from '../../features/feature-sink.ts';

/** How the text of a value is given: as its format declares it, or as it stands where there is no type. */
export type ValueKind = 'text' | 'lexical' | 'boolean' | 'integer' | 'double' | 'date-time' | 'json';

const INTEGER = /^[+-]?[0-9]{1,20}$/;
const NUMBER = /^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$/;
const DATE_TIME =
  /^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})?$/;
/** Longest text that can be a number or a time. */
const MAX_TYPED_CHARACTERS = 512;
const LARGEST_64_BITS = 2n ** 63n - 1n;

/** Writes a value by its kind; one that is not of it is written as text, and noted. */
export function writeValue(sink: FeatureSink, field: number, kind: ValueKind, value: string): void {
  const { row } = sink;
  if (kind === 'text') row.text(field, value);
  else if (kind === 'lexical') row.lexical(field, value);
  else if (kind === 'json') row.json(field, value);
  else if (value.length > MAX_TYPED_CHARACTERS || !writeTyped(row, field, kind, value)) {
    row.text(field, value);
    sink.note({
      code: 'xml-value-not-of-type',
      reason: `A value is not the ${kind} that its format asks for; it is kept as text.`,
    });
  }
}

function writeTyped(
  row: FeatureRow,
  field: number,
  kind: 'boolean' | 'integer' | 'double' | 'date-time',
  value: string,
): boolean {
  switch (kind) {
    case 'boolean':
      if (!/^(0|1|true|false)$/i.test(value)) return false;
      row.boolean(field, value === '1' || value.toLowerCase() === 'true');
      return true;
    case 'integer':
      return INTEGER.test(value) && writeInteger(row, field, value);
    case 'double': {
      const number = NUMBER.test(value) ? Number(value) : NaN;
      if (!Number.isFinite(number)) return false;
      row.double(field, number);
      return true;
    }
    case 'date-time':
      if (!DATE_TIME.test(value)) return false;
      row.dateTime(field, value);
      return true;
  }
}

function writeInteger(row: FeatureRow, field: number, value: string): boolean {
  const number = Number(value);
  if (Number.isSafeInteger(number)) {
    row.integer(field, number === 0 ? 0 : number);
    return true;
  }
  const exact = BigInt(value.replace('+', ''));
  if (exact > LARGEST_64_BITS || exact < -LARGEST_64_BITS - 1n) return false;
  row.bigInteger(field, exact);
  return true;
}
