import type { Column, ColumnType, Schema } from './column.ts';
import { columnNames } from './column-names.ts';
import type { DeclaredField, DeclaredType } from './feature-format.ts';
import { FEATURE_ID } from './feature-sink.ts';
import type { FieldStatistics } from './field-statistics.ts';
import type { MergedBlocks, MergedField } from './merge-summaries.ts';
import { PROPERTY_TAGS as TAGS, TAG_NUMBERS, type PropertyTag } from './property-tags.ts';

const MAX_INT32 = 2 ** 31 - 1;
const MIN_INT32 = -(2 ** 31);

/** What the values of a field are, whether they were typed or are taken for it. */
type Kind = 'boolean' | 'integer' | 'double' | 'date' | 'date-time' | 'json' | 'binary' | 'text';

const KINDS: readonly (readonly [Kind, readonly PropertyTag[]])[] = [
  ['boolean', [TAGS.boolean, TAGS.lexicalBoolean]],
  ['integer', [TAGS.int32, TAGS.int64, TAGS.lexicalInteger]],
  ['double', [TAGS.double, TAGS.lexicalDouble]],
  ['date', [TAGS.date, TAGS.lexicalDate]],
  ['date-time', [TAGS.dateTime, TAGS.lexicalDateTime]],
  ['json', [TAGS.json]],
  ['binary', [TAGS.binary]],
  ['text', [TAGS.text, TAGS.lexicalText]],
];

interface Decision {
  type: ColumnType;
  reason?: string;
}

/**
 * Gives each field the narrowest type that holds every value of it exactly, and a name that every output can have.
 *
 * Integers and doubles together are doubles, unless an integer would lose digits; any other mixture is text, as are dates
 * with and without an offset. A field of which there is no value has the type that is declared, or is text.
 */
export function decideSchema(merged: MergedBlocks, declared: readonly DeclaredField[] = []): Schema {
  const names = columnNames(merged.fields.map(({ name }) => name));
  const declaredByName = new Map(declared.map((field) => [field.name, field]));
  return {
    columns: merged.fields.map((field, index) =>
      decideColumn(field, names[index]!, declaredByName.get(field.name), merged.features),
    ),
  };
}

function decideColumn(
  { name: source, statistics }: MergedField,
  { name, reasons }: { name: string; reasons: string[] },
  declared: DeclaredField | undefined,
  features: number,
): Column {
  const { type, reason } = decideType(statistics, declared?.type);
  const values = statistics.counts.reduce((sum, count) => sum + count, 0);
  return {
    name,
    source: source === FEATURE_ID ? '' : source,
    isFeatureId: source === FEATURE_ID,
    ...(declared?.title === undefined ? {} : { title: declared.title }),
    type,
    nullable: values < features,
    isUnsafe: type === 'int64' && statistics.unsafeIntegers > 0,
    ...(type === 'date-time'
      ? { dateTimes: { zoned: statistics.zoned > 0, fractionDigits: statistics.fractionDigits } }
      : {}),
    reasons: reason === undefined ? reasons : [...reasons, reason],
  };
}

function decideType(statistics: FieldStatistics, declared: DeclaredType | undefined): Decision {
  const kinds = KINDS.filter(([, tags]) => tags.some((tag) => statistics.counts[tag]! > 0)).map(([kind]) => kind);
  const [kind, other] = kinds;
  if (kind === undefined) return withoutValues(declared);
  const isLexical = hasLexical(statistics);
  if (other === undefined) return decideKind(kind, statistics, isLexical);
  if (kinds.length === 2 && kind === 'integer' && other === 'double') {
    if (statistics.unsafeIntegers === 0) return { type: 'double', reason: 'It has integers and other numbers.' };
    return { type: 'text', reason: 'It has integers that a double does not hold, and other numbers.' };
  }
  const isPlainText = isLexical && kinds.includes('text') && !hasTyped(statistics);
  return isPlainText
    ? { type: 'text' }
    : { type: 'text', reason: `It has values of several types: ${kinds.join(', ')}.` };
}

function decideKind(kind: Kind, statistics: FieldStatistics, isLexical: boolean): Decision {
  const decision = (type: ColumnType): Decision =>
    isLexical && kind !== 'text' ? { type, reason: `Each of its values can be taken for this type.` } : { type };
  if (kind === 'integer') {
    return decision(statistics.integerMin >= MIN_INT32 && statistics.integerMax <= MAX_INT32 ? 'int32' : 'int64');
  }
  if (kind === 'date-time') {
    const times = statistics.counts[TAGS.dateTime]! + statistics.counts[TAGS.lexicalDateTime]!;
    if (statistics.zoned > 0 && statistics.zoned < times) {
      return { type: 'text', reason: 'Only some of its dates and times say their offset to UTC.' };
    }
  }
  return decision(kind);
}

function withoutValues(declared: DeclaredType | undefined): Decision {
  if (declared === undefined) return { type: 'text', reason: 'It has no value.' };
  return { type: declared === 'integer' ? 'int32' : declared };
}

function hasLexical({ counts }: FieldStatistics): boolean {
  for (let tag: number = TAGS.lexicalText; tag < TAG_NUMBERS; tag++) if (counts[tag]! > 0) return true;
  return false;
}

function hasTyped({ counts }: FieldStatistics): boolean {
  for (let tag: number = TAGS.boolean; tag < TAGS.lexicalText; tag++) if (counts[tag]! > 0) return true;
  return false;
}
