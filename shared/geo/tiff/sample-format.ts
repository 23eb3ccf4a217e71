import { JPEG_COMPRESSION } from './compression.ts';
import { unsupported } from './errors.ts';
import type { ImageLayout } from './image-layout.ts';
import type { Photometric, SampleType } from './raster.ts';

/** Sample types by SampleFormat and bits: 1 unsigned, 2 signed, 3 floating point, 4 not said (read as unsigned). */
const SAMPLE_TYPES: Readonly<Record<string, SampleType>> = {
  '1/8': 'uint8',
  '1/16': 'uint16',
  '1/32': 'uint32',
  '2/8': 'int8',
  '2/16': 'int16',
  '2/32': 'int32',
  '3/32': 'float32',
  '3/64': 'float64',
  '4/8': 'uint8',
  '4/16': 'uint16',
  '4/32': 'uint32',
};
const FORMAT_NAMES = [
  '',
  'unsigned integers',
  'signed integers',
  'floating point',
  'untyped',
  'complex integers',
  'complex',
];

const PHOTOMETRICS: readonly (Photometric | undefined)[] = [
  'min-is-white',
  'min-is-black',
  'rgb',
  'palette',
  undefined,
  undefined,
  'ycbcr',
];
const ASSOCIATED_ALPHA = 1;
const UNASSOCIATED_ALPHA = 2;

/** @throws LonghaulError `raster-sample-format-unsupported` (final) */
export function sampleTypeOf(layout: ImageLayout): SampleType {
  const type = SAMPLE_TYPES[`${layout.format}/${layout.bits}`];
  if (type !== undefined) return type;
  const format = FORMAT_NAMES[layout.format] ?? `format ${layout.format}`;
  throw unsupported('sample-format', `Samples of ${layout.bits} bits (${format}) are not supported.`);
}

/** @throws LonghaulError `raster-photometric-unsupported` (final) */
export function photometricOf(layout: ImageLayout): Photometric {
  const photometric = PHOTOMETRICS[layout.photometric];
  const fail = (detail: string): never => {
    throw unsupported('photometric', detail);
  };
  if (photometric === undefined) return fail(`PhotometricInterpretation ${layout.photometric} is not supported.`);
  if (photometric === 'ycbcr' && layout.compression !== JPEG_COMPRESSION)
    return fail('YCbCr is supported in JPEG blocks only.');
  if (photometric === 'palette' && (layout.bits !== 8 || layout.format !== 1)) {
    return fail(`A palette with indices of ${layout.bits} bits is not supported.`);
  }
  if ((photometric === 'rgb' || photometric === 'ycbcr') && layout.samples < 3) {
    return fail(`An RGB raster of ${layout.samples} samples is not supported.`);
  }
  return photometric;
}

/**
 * What the extra samples say of alpha.
 * @throws LonghaulError `raster-alpha-unsupported` (final) when alpha is not the last sample of whole numbers
 */
export function alphaOf(layout: ImageLayout): 'none' | 'straight' | 'premultiplied' {
  const isAlpha = (kind: number | undefined): boolean => kind === ASSOCIATED_ALPHA || kind === UNASSOCIATED_ALPHA;
  const kinds = layout.extraSamples.slice(-layout.samples);
  if (!kinds.some(isAlpha)) return 'none';
  const last = kinds.at(-1);
  if (!isAlpha(last) || kinds.slice(0, -1).some(isAlpha) || layout.samples < 2) {
    throw unsupported('alpha', 'Alpha that is not the last sample of a pixel is not supported.');
  }
  if (last === UNASSOCIATED_ALPHA) return 'straight';
  if (layout.format !== 1 || layout.bits > 16) {
    throw unsupported('alpha', `Premultiplied alpha is not supported in samples of ${layout.bits} bits.`);
  }
  return 'premultiplied';
}

/**
 * Checks that predictor and JPEG fit the samples.
 * @throws LonghaulError `raster-predictor-unsupported`, `raster-compression-unsupported` (final)
 */
export function checkEncoding(layout: ImageLayout): void {
  const { predictor, bits, format, samples, bandInterleaved } = layout;
  if (layout.compression === JPEG_COMPRESSION) {
    const together = bandInterleaved ? 1 : samples;
    if (bits === 8 && format === 1 && (together === 1 || together === 3)) return;
    throw unsupported('compression', `JPEG with ${together} samples of ${bits} bits is not supported.`);
  }
  if (predictor === 1 || (predictor === 2 && bits <= 32) || (predictor === 3 && format === 3)) return;
  throw unsupported('predictor', `Predictor ${predictor} is not supported for samples of ${bits} bits.`);
}
