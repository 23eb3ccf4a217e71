import { z } from 'zod';
import { formatBytes, formatNumberOf, formatSeconds } from './text.ts';

const rangeSchema = z.object({ low: z.number(), high: z.number() });

/** What a job would do, as the API tells it, and a dry run. */
export const estimateSchema = z.looseObject({
  units: z.number(),
  chunks: z.number(),
  bytes: rangeSchema,
  seconds: rangeSchema,
  dollars: rangeSchema,
  /** Whether the caller may have that much: the API knows. */
  withinLimits: z.boolean().optional(),
  detail: z.record(z.string(), z.unknown()).optional(),
});

export type ShownEstimate = z.output<typeof estimateSchema>;

/** Characters of a value in one line; what is longer is cut, or has lines of its own. */
const LINE_LENGTH = 160;

/** An estimate for people: its numbers, then the process's own account of them. */
export function estimateText(estimate: ShownEstimate): string {
  const { units, chunks, bytes, seconds, dollars, withinLimits, detail = {} } = estimate;
  return [
    `${formatNumberOf(units, 'unit')} in ${formatNumberOf(chunks, 'chunk')}`,
    `${formatBytes(bytes.low)} to ${formatBytes(bytes.high)}`,
    `${formatSeconds(seconds.low)} to ${formatSeconds(seconds.high)}`,
    `$${dollars.low} to $${dollars.high}`,
    ...(withinLimits === undefined
      ? []
      : [withinLimits ? 'within your limits' : 'above your limits: it would be refused']),
    ...memberLines(detail, ''),
  ].join('\n');
}

/** The process's own account alone. */
export const detailText = (detail: Readonly<Record<string, unknown>>): string => memberLines(detail, '').join('\n');

/** The members of an object, a line for each that is short, else lines of its own; what is empty is left out. */
function memberLines(value: object, indent: string): string[] {
  return Object.entries(value).flatMap(([name, member]: [string, unknown]) => {
    if (isEmpty(member)) return [];
    const short = shortText(member);
    return short === undefined
      ? [`${indent}${name}:`, ...itemLines(member as object, `${indent}  `)]
      : [`${indent}${name}: ${short}`];
  });
}

function itemLines(value: object, indent: string): string[] {
  if (isFeatures(value)) return value.features.map((feature) => `${indent}${cut(JSON.stringify(feature))}`);
  if (!Array.isArray(value)) return memberLines(value, indent);
  return (value as unknown[]).flatMap((item) => {
    const short = shortText(item);
    if (short !== undefined) return [`${indent}- ${short}`];
    const [first = '', ...others] = itemLines(item as object, `${indent}  `);
    return [`${indent}- ${first.trimStart()}`, ...others];
  });
}

/** A value that fits into a line, without the quotes of JSON where it is a text. */
function shortText(value: unknown): string | undefined {
  if (typeof value === 'string') return cut(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (isFeatures(value) || (Array.isArray(value) && value.some((item) => typeof item === 'object'))) return undefined;
  const text = Object.entries(value).some(([, member]) => typeof member === 'object' && !isEmpty(member))
    ? undefined
    : flatText(value);
  return text === undefined || text.length > LINE_LENGTH ? undefined : text;
}

function flatText(value: object): string {
  if (Array.isArray(value)) return value.join(', ');
  const members = Object.entries(value).filter(([, member]) => !isEmpty(member));
  return members.map(([name, member]) => `${name} ${String(member)}`).join(', ');
}

const cut = (text: string): string => (text.length > LINE_LENGTH ? `${text.slice(0, LINE_LENGTH)}…` : text);

const isEmpty = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0;

function isFeatures(value: object): value is { features: unknown[] } {
  return 'type' in value && value.type === 'FeatureCollection' && 'features' in value && Array.isArray(value.features);
}
