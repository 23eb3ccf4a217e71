import type { FeaturePlace, FeatureSink } from '../../../geo/features/feature-sink.ts';
import type { Geometry } from '../../../geo/features/geometry.ts';
import type { PropertyRow } from '../../../geo/features/property-row.ts';
import { MAX_LOOKED_BYTES, MAX_LOOKED_FEATURES } from './front-limits.ts';

/** Ends the reading of a block: enough of its features were seen. */
export class SeenEnough extends Error {
  override readonly name = 'SeenEnough';
}

const BYTES_OF_VERTEX = 16;

/** Hands features on until there are enough of them, and then throws `SeenEnough`. */
export function lookingSink(sink: FeatureSink, row: PropertyRow): FeatureSink {
  let features = 0;
  let bytes = 0;
  const count = (): void => {
    if (++features >= MAX_LOOKED_FEATURES || bytes > MAX_LOOKED_BYTES) throw new SeenEnough();
  };
  return {
    geometry: sink.geometry,
    row: sink.row,
    field: (name) => sink.field(name),
    add(place: FeaturePlace): void {
      bytes += row.length + BYTES_OF_VERTEX * verticesOf(sink.geometry);
      sink.add(place);
      count();
    },
    reject(place, problem, source): void {
      sink.reject(place, problem, source);
      count();
    },
    note: (problem) => sink.note(problem),
  };
}

function verticesOf({ vertices, members, memberCount }: Geometry): number {
  let sum = vertices;
  for (let index = 0; index < memberCount; index++) sum += verticesOf(members[index]!);
  return sum;
}
