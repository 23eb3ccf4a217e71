import type {
  FeaturePlace,
  FeatureProblem,
  FeatureSink,
  RejectedSource,
} from '../../shared/geo/features/feature-sink.ts';
import { GEOMETRY_NAMES, GEOMETRY_TYPES, Geometry } from '../../shared/geo/features/geometry.ts';

/** A property with the way in which it was given, such as `{ lexical: '12' }`. */
export type GivenValue = Record<string, unknown>;

/** A feature as a reader gave it, with a geometry in the form of RFC 7946. */
export interface CollectedFeature {
  geometry: unknown;
  properties: Record<string, GivenValue>;
  place: FeaturePlace;
}

/** Keeps what a reader gives as plain objects that a test can compare. */
export class CollectingSink implements FeatureSink {
  readonly geometry = new Geometry();
  readonly features: CollectedFeature[] = [];
  readonly rejects: { place: FeaturePlace; problem: FeatureProblem; source: RejectedSource }[] = [];
  readonly notes: FeatureProblem[] = [];
  readonly names: string[] = [];
  #properties: Record<string, GivenValue> = {};
  readonly row = {
    text: (field: number, value: string) => this.#set(field, { text: value }),
    textBytes: (field: number, bytes: Uint8Array, start: number, end: number) =>
      this.#set(field, { text: decode(bytes, start, end) }),
    lexical: (field: number, value: string) => this.#set(field, { lexical: value }),
    lexicalBytes: (field: number, bytes: Uint8Array, start: number, end: number) =>
      this.#set(field, { lexical: decode(bytes, start, end) }),
    boolean: (field: number, value: boolean) => this.#set(field, { boolean: value }),
    integer: (field: number, value: number) => this.#set(field, { integer: value }),
    bigInteger: (field: number, value: bigint) => this.#set(field, { bigInteger: value }),
    double: (field: number, value: number) => this.#set(field, { double: value }),
    date: (field: number, value: string) => this.#set(field, { date: value }),
    dateTime: (field: number, value: string) => this.#set(field, { dateTime: value }),
    json: (field: number, value: string) => this.#set(field, { json: JSON.parse(value) as unknown }),
    binary: (field: number, value: Uint8Array) => this.#set(field, { binary: Uint8Array.from(value) }),
  };

  field(name: string): number {
    const known = this.names.indexOf(name);
    return known >= 0 ? known : this.names.push(name) - 1;
  }

  add(place: FeaturePlace): void {
    this.features.push({ geometry: plainGeometry(this.geometry), properties: this.#properties, place: { ...place } });
    this.#clear();
  }

  reject(place: FeaturePlace, problem: FeatureProblem, source: RejectedSource): void {
    this.rejects.push({ place: { ...place }, problem, source });
    this.#clear();
  }

  note(problem: FeatureProblem): void {
    this.notes.push(problem);
  }

  #clear(): void {
    this.#properties = {};
    this.geometry.begin(GEOMETRY_TYPES.none);
  }

  #set(field: number, value: GivenValue): void {
    const name = this.names[field];
    if (name === undefined) throw new RangeError(`there is no field ${field}`);
    if (Object.hasOwn(this.#properties, name)) throw new RangeError(`the field ${name} was written twice`);
    Object.defineProperty(this.#properties, name, { value, enumerable: true });
  }
}

/** A geometry as an object of RFC 7946; null when it has none. Positions are [x, y], [x, y, z] or [x, y, z, m]. */
export function plainGeometry(geometry: Geometry): unknown {
  const { type } = geometry;
  const name = GEOMETRY_NAMES[type];
  const lines = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => {
      const start = from + index === 0 ? 0 : geometry.lineEnds[from + index - 1]!;
      return positions(geometry, start, geometry.lineEnds[from + index]!);
    });
  const polygons = () =>
    Array.from({ length: geometry.polygons }, (_, index) =>
      lines(index === 0 ? 0 : geometry.polygonEnds[index - 1]!, geometry.polygonEnds[index]!),
    );
  switch (type) {
    case GEOMETRY_TYPES.none:
      return null;
    case GEOMETRY_TYPES.point:
      return { type: name, coordinates: positions(geometry, 0, geometry.vertices)[0] ?? [] };
    case GEOMETRY_TYPES.multiPoint:
      return { type: name, coordinates: positions(geometry, 0, geometry.vertices) };
    case GEOMETRY_TYPES.lineString:
      return { type: name, coordinates: lines(0, geometry.lines)[0] ?? [] };
    case GEOMETRY_TYPES.multiLineString:
      return { type: name, coordinates: lines(0, geometry.lines) };
    case GEOMETRY_TYPES.polygon:
      return { type: name, coordinates: polygons()[0] ?? [] };
    case GEOMETRY_TYPES.multiPolygon:
      return { type: name, coordinates: polygons() };
    case GEOMETRY_TYPES.geometryCollection:
      return { type: name, geometries: geometry.members.slice(0, geometry.memberCount).map(plainGeometry) };
  }
}

function positions({ xy, z, m, hasZ, hasM }: Geometry, start: number, end: number): number[][] {
  return Array.from({ length: end - start }, (_, index) => {
    const vertex = start + index;
    const position = [xy[2 * vertex]!, xy[2 * vertex + 1]!];
    if (hasZ || hasM) position.push(hasZ ? z[vertex]! : NaN);
    if (hasM) position.push(m[vertex]!);
    return position;
  });
}

const decode = (bytes: Uint8Array, start: number, end: number): string =>
  new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(start, end));
