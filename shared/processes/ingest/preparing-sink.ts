import type { FeatureBlockWriter } from '../../geo/features/feature-block-writer.ts';
import type { FeaturePlace, FeatureProblem, FeatureSink } from '../../geo/features/feature-sink.ts';
import { GEOMETRY_TYPES } from '../../geo/features/geometry.ts';
import { Normaliser } from '../../geo/features/normalise/normaliser.ts';
import { featureTransform } from '../../geo/projections/feature-transform.ts';
import { computableCrs, declaredCrs, isSameCrs, type LayerCrs } from './crs.ts';
import type { IngestInputs } from './inputs.ts';

/** Brings each feature into the CRS and the form of the outputs before it is kept; one that has no place there is rejected. */
export function preparingSink(
  writer: FeatureBlockWriter,
  { crs }: { crs?: LayerCrs | undefined },
  { targetCrs, repair }: IngestInputs,
): FeatureSink {
  if (crs === undefined) return writer;
  const { geometry } = writer;
  const target = computableCrs(declaredCrs(targetCrs));
  const transform = featureTransform(computableCrs(crs.declared), target);
  const normaliser = new Normaliser({ geographic: target.geographic, repair });
  const note = (problem: FeatureProblem): void => writer.note(problem);
  return {
    geometry,
    row: writer.row,
    field: (name) => writer.field(name),
    add(place: FeaturePlace): void {
      const problem =
        geometry.type === GEOMETRY_TYPES.none
          ? undefined
          : (transform.apply(geometry) ?? normaliser.normalise(geometry, note));
      if (problem === undefined) writer.add(place);
      else writer.reject(place, problem, { properties: writer.properties });
    },
    reject: (place, problem, source) => writer.reject(place, problem, source),
    note,
  };
}

/** The same for features of a published version, which have this form already unless they are in another CRS. */
export function publishedSink(
  writer: FeatureBlockWriter,
  crs: LayerCrs | undefined,
  inputs: IngestInputs,
): FeatureSink {
  if (crs === undefined || isSameCrs(crs.declared, declaredCrs(inputs.targetCrs))) return writer;
  return preparingSink(writer, { crs }, inputs);
}
