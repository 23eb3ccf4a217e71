import type { Samples, SampleType } from './raster.ts';

/** A view of decoded bytes as samples. */
export function samplesOf(bytes: Uint8Array<ArrayBuffer>, type: SampleType): Samples {
  const { buffer, byteOffset, byteLength } = bytes;
  switch (type) {
    case 'uint8':
      return bytes;
    case 'int8':
      return new Int8Array(buffer, byteOffset, byteLength);
    case 'uint16':
      return new Uint16Array(buffer, byteOffset, byteLength / 2);
    case 'int16':
      return new Int16Array(buffer, byteOffset, byteLength / 2);
    case 'uint32':
      return new Uint32Array(buffer, byteOffset, byteLength / 4);
    case 'int32':
      return new Int32Array(buffer, byteOffset, byteLength / 4);
    case 'float32':
      return new Float32Array(buffer, byteOffset, byteLength / 4);
    case 'float64':
      return new Float64Array(buffer, byteOffset, byteLength / 8);
  }
}

/** Samples of this type, all zero. */
export function emptySamples(length: number, type: SampleType, sampleBytes: number): Samples {
  return samplesOf(new Uint8Array(length * sampleBytes), type);
}

/** Copies one plane of a band-interleaved block to its place in the pixels. */
export function placePlane(target: Samples, plane: Samples, sample: number, stride: number): void {
  for (let from = 0, to = sample; from < plane.length; from++, to += stride) target[to] = plane[from]!;
}

/** Divides alpha out of the other samples in place (associated alpha, TIFF 6.0 section 18). */
export function undoPremultiplication(samples: Samples, stride: number, maximum: number): void {
  for (let at = 0; at < samples.length; at += stride) {
    const alpha = samples[at + stride - 1]!;
    if (alpha === 0 || alpha === maximum) continue;
    for (let sample = at; sample < at + stride - 1; sample++) {
      samples[sample] = Math.min(maximum, Math.round((samples[sample]! * maximum) / alpha));
    }
  }
}
