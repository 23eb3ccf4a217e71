import type { FeaturePlace, FeatureProblem, RejectedSource } from './feature-sink.ts';
import { MAX_REJECT_BYTES } from './limits.ts';

/** Characters of an escaped text that a JSON string is made of, at most, for each byte or unit of it. */
const MAX_ESCAPED = 6;
/** Levels of properties that are told; deeper ones are cut off. */
const MAX_DEPTH = 8;
const MAX_REASON = 1000;

/**
 * One line of the file of rejects: number, byte offset, code, reason and the feature: text as it stood, bytes in base64, or the
 * properties that could be read. What is longer than `MAX_REJECT_BYTES` is cut, with `"truncated": true`.
 */
export function rejectLine(
  place: FeaturePlace,
  number: number,
  problem: FeatureProblem,
  source: RejectedSource,
): string {
  const { feature, truncated, encoding } = tellFeature(source);
  const line = {
    number,
    byteOffset: place.offset,
    code: problem.code,
    reason: problem.reason.slice(0, MAX_REASON),
    feature,
    ...(encoding === undefined ? {} : { encoding }),
    ...(truncated ? { truncated } : {}),
  };
  return `${JSON.stringify(line)}\n`;
}

interface Told {
  feature: unknown;
  truncated: boolean;
  encoding?: 'base64';
}

function tellFeature(source: RejectedSource): Told {
  if ('text' in source) {
    const limit = MAX_REJECT_BYTES / MAX_ESCAPED;
    return { feature: source.text.slice(0, limit), truncated: source.text.length > limit };
  }
  if ('bytes' in source) {
    const limit = (MAX_REJECT_BYTES * 3) / 4;
    const feature = Buffer.from(source.bytes.subarray(0, limit)).toString('base64');
    return { feature, truncated: source.bytes.length > limit, encoding: 'base64' };
  }
  const teller = new ValueTeller(MAX_REJECT_BYTES / MAX_ESCAPED);
  return { feature: teller.tell(source.properties, 0), truncated: teller.truncated };
}

/** Copies values into what JSON can say, up to a number of characters and a depth. */
class ValueTeller {
  truncated = false;
  #left: number;

  constructor(characters: number) {
    this.#left = characters;
  }

  tell(value: unknown, depth: number): unknown {
    if (typeof value === 'string') return this.#text(value);
    if (typeof value === 'bigint') return this.#text(value.toString());
    if (value instanceof Uint8Array) return this.#text(Buffer.from(value.subarray(0, this.#left)).toString('base64'));
    this.#left -= 24;
    if (typeof value !== 'object' || value === null) return value;
    if (depth >= MAX_DEPTH || this.#left <= 0) {
      this.truncated = true;
      return null;
    }
    return Array.isArray(value) ? this.#list(value, depth) : this.#members(value, depth);
  }

  #list(values: readonly unknown[], depth: number): unknown[] {
    const told: unknown[] = [];
    for (const value of values) {
      if (this.#left <= 0) break;
      told.push(this.tell(value, depth + 1));
    }
    this.truncated ||= told.length < values.length;
    return told;
  }

  #members(value: object, depth: number): Record<string, unknown> {
    const told: [string, unknown][] = [];
    for (const [name, member] of Object.entries(value)) {
      if (this.#left <= 0) {
        this.truncated = true;
        break;
      }
      told.push([this.#text(name), this.tell(member, depth + 1)]);
    }
    return Object.fromEntries(told);
  }

  #text(text: string): string {
    const told = text.slice(0, Math.max(0, this.#left));
    this.truncated ||= told.length < text.length;
    this.#left -= told.length + 3;
    return told;
  }
}
