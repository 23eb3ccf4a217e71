import type { FeatureRow, FeatureSink } from '../../shared/geo/features/feature-sink.ts';
import { Geometry } from '../../shared/geo/features/geometry.ts';

/** Counts what a reader gives, and keeps nothing: what is measured with it is the reader. */
export class CountingSink implements FeatureSink {
  readonly geometry = new Geometry();
  features = 0;
  rejects = 0;
  notes = 0;
  vertices = 0;
  values = 0;
  readonly #fields = new Map<string, number>();
  readonly row: FeatureRow = {
    text: () => this.#count(),
    textBytes: () => this.#count(),
    lexical: () => this.#count(),
    lexicalBytes: () => this.#count(),
    boolean: () => this.#count(),
    integer: () => this.#count(),
    bigInteger: () => this.#count(),
    double: () => this.#count(),
    date: () => this.#count(),
    dateTime: () => this.#count(),
    json: () => this.#count(),
    binary: () => this.#count(),
  };

  field(name: string): number {
    let field = this.#fields.get(name);
    if (field === undefined) this.#fields.set(name, (field = this.#fields.size));
    return field;
  }

  add(): void {
    this.features++;
    this.vertices += this.geometry.vertices;
  }

  reject(): void {
    this.rejects++;
  }

  note(): void {
    this.notes++;
  }

  #count(): void {
    this.values++;
  }
}
