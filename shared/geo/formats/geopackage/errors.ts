import { LonghaulError } from '../../../errors/longhaul-error.ts';
import { FeatureError } from '../feature-error.ts';

export function noLayers(): LonghaulError {
  return new LonghaulError({
    code: 'geopackage-no-layers',
    retryable: false,
    detail: 'The GeoPackage lists no table of features or attributes in gpkg_contents.',
    remedy: 'Give a GeoPackage with vector layers; changes in a -wal file beside it must be written into it first.',
  });
}

export function tooManyLayers(layers: number, limit: number): LonghaulError {
  return new LonghaulError({
    code: 'geopackage-too-many-layers',
    retryable: false,
    detail: `The GeoPackage has ${layers} layers; at most ${limit} are read.`,
    remedy: 'Split the file into several.',
    limit,
    actual: layers,
  });
}

export function geometryInvalid(reason: string): FeatureError {
  return new FeatureError({
    code: 'geopackage-geometry-invalid',
    retryable: false,
    detail: `The geometry is not as a GeoPackage stores it: ${reason}.`,
    remedy: 'Write the layer again, for instance with `ogr2ogr`.',
  });
}

export function geometryExtended(): FeatureError {
  return new FeatureError({
    code: 'geopackage-geometry-extended',
    retryable: false,
    detail: 'The geometry is of a type that an extension of GeoPackage defines.',
    remedy: 'Write the layer with the types of the standard.',
  });
}
