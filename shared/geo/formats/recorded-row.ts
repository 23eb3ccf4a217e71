import type { FeatureRow } from '../features/feature-sink.ts';

/**
 * Keeps properties as values that JSON can say, for features that are rejected: integers beyond 53 bits as text, bytes in
 * Base64.
 */
export class RecordedRow implements FeatureRow {
  readonly properties: Record<string, unknown> = {};
  readonly #names: readonly string[];

  /** @param names of the fields by their numbers */
  constructor(names: readonly string[]) {
    this.#names = names;
  }

  text(field: number, value: string): void {
    this.#set(field, value);
  }

  textBytes(field: number, bytes: Uint8Array, start: number, end: number): void {
    this.#set(field, Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8'));
  }

  lexical(field: number, value: string): void {
    this.#set(field, value);
  }

  lexicalBytes(field: number, bytes: Uint8Array, start: number, end: number): void {
    this.textBytes(field, bytes, start, end);
  }

  boolean(field: number, value: boolean): void {
    this.#set(field, value);
  }

  integer(field: number, value: number): void {
    this.#set(field, value);
  }

  bigInteger(field: number, value: bigint): void {
    this.#set(field, value.toString());
  }

  double(field: number, value: number): void {
    this.#set(field, Number.isFinite(value) ? value : String(value));
  }

  date(field: number, value: string): void {
    this.#set(field, value);
  }

  dateTime(field: number, value: string): void {
    this.#set(field, value);
  }

  json(field: number, value: string): void {
    this.#set(field, value);
  }

  binary(field: number, value: Uint8Array): void {
    this.#set(field, Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64'));
  }

  #set(field: number, value: unknown): void {
    const name = this.#names[field];
    // A property of any name, `__proto__` too.
    if (name !== undefined)
      Object.defineProperty(this.properties, name, { value, enumerable: true, configurable: true });
  }
}
