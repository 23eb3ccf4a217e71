import { FEATURE_ID } from '../../features/feature-sink.ts';
import { FeatureDefect } from '../text/feature-defect.ts';
import { MAX_FIELDS, MAX_NAME_BYTES } from '../text/limits.ts';
import type { JsonScanner } from './json-scanner.ts';
import { standsAt } from './stands-at.ts';

/** A name that features of a block have. */
export interface Key {
  readonly name: string;
  /** UTF-8. */
  readonly bytes: Buffer;
  /** Number of the sink's field; −1 until a feature that has it is added. */
  field: number;
  /** The feature that had it last, and the place among the properties of that. */
  feature: number;
  slot: number;
}

/**
 * The names that occurred in a block, in the order in which they did first. Features mostly have the same ones in the same
 * order: the one behind that which was found last is compared first, and no string is made.
 */
export class KeyTable {
  /** The identifier of a feature, which stands beside its properties. */
  readonly id: Key = createKey(FEATURE_ID);
  readonly #keys: Key[] = [];
  readonly #byName = new Map<string, number>();
  #next = 0;

  /** To be called before the names of each feature. */
  rewind(): void {
    this.#next = 0;
  }

  /**
   * The key that the scanner read last.
   * @throws FeatureDefect for a name that is too long, or one too many
   */
  find(scanner: JsonScanner): Key {
    const { bytes, keyStart, keyEnd } = scanner;
    const expected = this.#keys[this.#next];
    if (expected !== undefined && !scanner.keyEscaped && standsAt(bytes, keyStart, keyEnd, expected.bytes)) {
      this.#next += 1;
      return expected;
    }
    if (keyEnd - keyStart > MAX_NAME_BYTES) throw nameTooLong();
    return this.#named(scanner.keyName());
  }

  #named(name: string): Key {
    if (name === this.id.name) return this.id;
    const index = this.#byName.get(name) ?? this.#add(name);
    this.#next = index + 1;
    return this.#keys[index]!;
  }

  #add(name: string): number {
    if (this.#keys.length === MAX_FIELDS) {
      throw new FeatureDefect(
        'feature-too-many-names',
        `The features have more than ${MAX_FIELDS} names of properties.`,
      );
    }
    const index = this.#keys.push(createKey(name)) - 1;
    this.#byName.set(name, index);
    return index;
  }
}

function createKey(name: string): Key {
  return { name, bytes: Buffer.from(name), field: -1, feature: -1, slot: -1 };
}

function nameTooLong(): FeatureDefect {
  return new FeatureDefect('feature-name-too-long', `The name of a property is longer than ${MAX_NAME_BYTES} bytes.`);
}
