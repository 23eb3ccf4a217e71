import type { FeatureRow } from '../features/feature-sink.ts';

/** Characters or bytes of one value that are kept of a feature that is put aside. */
const MAX_VALUE = 4096;

/** Keeps what could be read of a feature that is put aside, in values of JSON. */
export class PropertyRow implements FeatureRow {
  readonly #nameOf: (field: number) => string;
  #properties: [name: string, value: unknown][] = [];

  /** @param nameOf name of a field by its number */
  constructor(nameOf: (field: number) => string) {
    this.#nameOf = nameOf;
  }

  /** What was written since it was asked last. */
  take(): Record<string, unknown> {
    const properties = Object.fromEntries(this.#properties);
    this.#properties = [];
    return properties;
  }

  text(field: number, value: string): void {
    this.#set(field, value.length > MAX_VALUE ? `${value.slice(0, MAX_VALUE)}…` : value);
  }

  textBytes(field: number, bytes: Uint8Array, start: number, end: number): void {
    this.text(field, Buffer.from(bytes.subarray(start, Math.min(end, start + 4 * MAX_VALUE))).toString('utf8'));
  }

  lexical(field: number, value: string): void {
    this.text(field, value);
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
    this.#set(field, String(value));
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
    this.text(field, value);
  }

  binary(field: number, value: Uint8Array): void {
    const hex = Buffer.from(value.subarray(0, MAX_VALUE)).toString('hex');
    this.#set(field, value.length > MAX_VALUE ? `${hex}…` : hex);
  }

  #set(field: number, value: unknown): void {
    this.#properties.push([this.#nameOf(field), value]);
  }
}
