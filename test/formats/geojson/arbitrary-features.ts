import fc from 'fast-check';
import { number, type JsonNode } from './json-text.ts';

/** Decimals as files have them, and any double. */
const coordinate = fc
  .oneof(
    fc.double({ min: -180, max: 180, noNaN: true }).map((value) => Number(value.toFixed(7))),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
  )
  .map(number);
const position = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(coordinate, coordinate) },
  { weight: 1, arbitrary: fc.tuple(coordinate, coordinate, coordinate) },
);
const line = fc.array(position, { minLength: 2, maxLength: 6 });
const ring = fc.array(position, { minLength: 4, maxLength: 8 });
const polygon = fc.array(ring, { minLength: 1, maxLength: 3 });

const COORDINATES: Record<string, fc.Arbitrary<JsonNode>> = {
  Point: position,
  MultiPoint: fc.array(position, { maxLength: 4 }),
  LineString: line,
  MultiLineString: fc.array(line, { maxLength: 3 }),
  Polygon: polygon,
  MultiPolygon: fc.array(polygon, { maxLength: 3 }),
};

const simple: fc.Arbitrary<JsonNode> = fc.constantFrom(...Object.keys(COORDINATES)).chain((type) =>
  shuffled(
    COORDINATES[type]!.map((coordinates) => [
      ['type', type],
      ['coordinates', coordinates],
    ]),
  ),
);

const collection: fc.Arbitrary<JsonNode> = shuffled(
  fc
    .array(
      fc.oneof(
        simple,
        shuffled(
          fc.constant([
            ['type', 'GeometryCollection'],
            ['geometries', []],
          ] satisfies [string, JsonNode][]),
        ),
      ),
      { maxLength: 3 },
    )
    .map((geometries) => [
      ['type', 'GeometryCollection'],
      ['geometries', geometries],
    ]),
);

export const geometryNodes = fc.oneof({ weight: 6, arbitrary: simple }, { weight: 1, arbitrary: collection });

const text = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.constantFrom('a"b', '}{', '\\', '\n', '\u0000'),
);
/**
 * Names that the oracle reads rightly. V8 13.6 (Node 24) takes a name of one escaped character, such as "\n", for a single
 * backslash once it has parsed an object with the same names before it and that one.
 */
const anyName = text.filter((name) => name !== '\\');
/** Integers beyond 64 bits are text: as a double such a value is written with an exponent. */
const double = fc
  .double({ noNaN: true, noDefaultInfinity: true })
  .map((value): JsonNode => (Number.isInteger(value) ? { number: value.toExponential() } : number(value)));
const scalar: fc.Arbitrary<JsonNode> = fc.oneof(
  text,
  fc.oneof(fc.integer(), fc.maxSafeInteger()).map(number),
  double,
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => ({ number: String(value) })),
  fc.boolean(),
  fc.constant(null),
);
const nested: fc.Arbitrary<JsonNode> = fc.oneof(
  fc.array(scalar, { maxLength: 3 }),
  fc.array(fc.tuple(anyName, scalar), { maxLength: 3 }).map((members) => ({ members })),
);

/** Names of properties: usual ones that come back, and odd ones; in some features the same twice. */
const name = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('id', 'name', 'area', 'type', 'features', 'geometry') },
  { weight: 1, arbitrary: fc.constantFrom('__proto__', 'constructor', 'toString', '', 'é', 'a"b') },
  { weight: 1, arbitrary: anyName },
);
const properties: fc.Arbitrary<JsonNode> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .array(fc.tuple(name, fc.oneof({ weight: 4, arbitrary: scalar }, nested)), { maxLength: 5 })
      .map((members) => ({ members })),
  },
  { weight: 1, arbitrary: fc.constant(null) },
);

/** Features with their members in any order, some of them twice, and some that GeoJSON does not know. */
export const featureNodes: fc.Arbitrary<JsonNode> = shuffled(
  fc
    .record({
      properties,
      geometry: fc.oneof({ weight: 6, arbitrary: geometryNodes }, { weight: 1, arbitrary: fc.constant(null) }),
      id: fc.option(fc.oneof(text, fc.integer().map(number)), { nil: undefined }),
      more: fc.array(
        fc.oneof(
          fc.tuple(fc.constantFrom('bbox', 'title', 'features'), nested),
          fc.tuple(fc.constant('properties'), properties),
        ),
        { maxLength: 2 },
      ),
    })
    .map(({ properties, geometry, id, more }): [string, JsonNode][] => [
      ['type', 'Feature'],
      ['properties', properties],
      ['geometry', geometry],
      ...(id === undefined ? [] : [['id', id] satisfies [string, JsonNode]]),
      ...more,
    ]),
);

/** An object with these members in any order. */
export function shuffled(members: fc.Arbitrary<[string, JsonNode][]>): fc.Arbitrary<JsonNode> {
  return members
    .chain((list) => fc.shuffledSubarray(list, { minLength: list.length }))
    .map((list) => ({ members: list }));
}
