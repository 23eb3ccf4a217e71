import type { FeatureSink } from '../../../shared/geo/features/feature-sink.ts';
import { Geometry } from '../../../shared/geo/features/geometry.ts';

/** Counts what a reader gives, and keeps nothing: the cost of the reader alone. */
export class CountingSink implements FeatureSink {
  readonly geometry = new Geometry();
  features = 0;
  rejects = 0;
  notes = 0;
  vertices = 0;
  values = 0;
  readonly #fields = new Map<string, number>();
  readonly #count = (): void => {
    this.values += 1;
  };
  readonly row = {
    text: this.#count,
    textBytes: this.#count,
    lexical: this.#count,
    lexicalBytes: this.#count,
    boolean: this.#count,
    integer: this.#count,
    bigInteger: this.#count,
    double: this.#count,
    date: this.#count,
    dateTime: this.#count,
    json: this.#count,
    binary: this.#count,
  };

  field(name: string): number {
    const known = this.#fields.get(name);
    if (known !== undefined) return known;
    this.#fields.set(name, this.#fields.size);
    return this.#fields.size - 1;
  }

  add(): void {
    this.features += 1;
    this.vertices += this.geometry.vertices;
  }

  reject(): void {
    this.rejects += 1;
  }

  note(): void {
    this.notes += 1;
  }
}
