import type { FeatureRow, FeatureSink } from '../../../shared/geo/features/feature-sink.ts';
import { Geometry } from '../../../shared/geo/features/geometry.ts';

/** Counts features, their vertices and values, and keeps none. */
export class CountingSink implements FeatureSink {
  readonly geometry = new Geometry();
  features = 0;
  rejected = 0;
  vertices = 0;
  values = 0;
  readonly #fields = new Map<string, number>();
  readonly #count = (): void => {
    this.values++;
  };
  readonly row: FeatureRow = {
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
    const known = this.#fields.get(name) ?? this.#fields.size;
    this.#fields.set(name, known);
    return known;
  }

  add(): void {
    this.features++;
    this.vertices += this.geometry.vertices;
  }

  reject(): void {
    this.rejected++;
  }

  note(): void {}
}
