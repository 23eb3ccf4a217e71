import { deflateSync, zstdCompressSync } from 'node:zlib';
import type { SampleType } from './make-tiff.ts';

/** Bytes of one sample. */
export const SAMPLE_BYTES: Readonly<Record<SampleType, number>> = {
  uint8: 1,
  int8: 1,
  uint16: 2,
  int16: 2,
  uint32: 4,
  int32: 4,
  float32: 4,
  float64: 8,
};

/** Writes one sample at a byte offset. */
export function writeSample(view: DataView, offset: number, type: SampleType, value: number, little: boolean): void {
  switch (type) {
    case 'uint8':
      return view.setUint8(offset, value);
    case 'int8':
      return view.setInt8(offset, value);
    case 'uint16':
      return view.setUint16(offset, value, little);
    case 'int16':
      return view.setInt16(offset, value, little);
    case 'uint32':
      return view.setUint32(offset, value, little);
    case 'int32':
      return view.setInt32(offset, value, little);
    case 'float32':
      return view.setFloat32(offset, value, little);
    case 'float64':
      return view.setFloat64(offset, value, little);
  }
}

/** TIFF 6.0 section 14: each sample becomes its difference to the sample of the same band in the pixel before. */
export function applyHorizontalPredictor(
  bytes: Uint8Array,
  rowSamples: number,
  stride: number,
  sampleBytes: number,
  little: boolean,
): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const rows = bytes.byteLength / (rowSamples * sampleBytes);
  for (let row = 0; row < rows; row++) {
    for (let sample = rowSamples - 1; sample >= stride; sample--) {
      const at = (row * rowSamples + sample) * sampleBytes;
      const before = at - stride * sampleBytes;
      if (sampleBytes === 1) view.setUint8(at, view.getUint8(at) - view.getUint8(before));
      else if (sampleBytes === 2) {
        view.setUint16(at, view.getUint16(at, little) - view.getUint16(before, little), little);
      } else if (sampleBytes === 4) {
        view.setUint32(at, view.getUint32(at, little) - view.getUint32(before, little), little);
      } else view.setBigUint64(at, view.getBigUint64(at, little) - view.getBigUint64(before, little), little);
    }
  }
}

/** Adobe TIFF technical note 3: bytes of a row by significance, then differences of bytes. */
export function applyFloatPredictor(
  bytes: Uint8Array,
  rowSamples: number,
  stride: number,
  sampleBytes: number,
  little: boolean,
): void {
  const rowBytes = rowSamples * sampleBytes;
  for (let start = 0; start < bytes.byteLength; start += rowBytes) {
    const row = bytes.slice(start, start + rowBytes);
    for (let sample = 0; sample < rowSamples; sample++) {
      for (let byte = 0; byte < sampleBytes; byte++) {
        const significance = little ? sampleBytes - 1 - byte : byte;
        bytes[start + significance * rowSamples + sample] = row[sample * sampleBytes + byte]!;
      }
    }
    for (let at = rowBytes - 1; at >= stride; at--) bytes[start + at]! -= bytes[start + at - stride]!;
  }
}

/** LZW as TIFF 6.0 section 13 writes it: most significant bit first, 9 to 12 bits, code width changed one code early. */
export function encodeLzw(bytes: Uint8Array): Uint8Array {
  const out: number[] = [];
  let buffer = 0;
  let bits = 0;
  let width = 9;
  const put = (code: number): void => {
    buffer = (buffer << width) | code;
    bits += width;
    while (bits >= 8) {
      out.push((buffer >> (bits - 8)) & 0xff);
      bits -= 8;
    }
    buffer &= (1 << bits) - 1;
  };
  let table = new Map<number, number>();
  let next = 258;
  put(256);
  let prefix = -1;
  for (const byte of bytes) {
    if (prefix < 0) {
      prefix = byte;
      continue;
    }
    const key = prefix * 256 + byte;
    const known = table.get(key);
    if (known !== undefined) {
      prefix = known;
      continue;
    }
    put(prefix);
    table.set(key, next++);
    if (next === 512 || next === 1024 || next === 2048) width++;
    else if (next === 4094) {
      put(256);
      table = new Map();
      next = 258;
      width = 9;
    }
    prefix = byte;
  }
  if (prefix >= 0) {
    put(prefix);
    next += 1;
    if (next === 512 || next === 1024 || next === 2048) width++;
  }
  put(257);
  if (bits > 0) out.push((buffer << (8 - bits)) & 0xff);
  return Uint8Array.from(out);
}

/** PackBits (TIFF 6.0 section 9): runs of equal bytes and literal runs, at most 128 bytes each. */
export function encodePackBits(bytes: Uint8Array): Uint8Array {
  const out: number[] = [];
  let at = 0;
  while (at < bytes.length) {
    let run = 1;
    while (run < 128 && bytes[at + run] === bytes[at]) run++;
    if (run > 1) {
      out.push(257 - run, bytes[at]!);
      at += run;
      continue;
    }
    let end = at + 1;
    while (end < bytes.length && end - at < 128 && bytes[end] !== bytes[end + 1]) end++;
    out.push(end - at - 1, ...bytes.subarray(at, end));
    at = end;
  }
  return Uint8Array.from(out);
}

const COMPRESSORS = {
  none: (bytes: Uint8Array) => bytes,
  deflate: (bytes: Uint8Array) => deflateSync(bytes),
  'old-deflate': (bytes: Uint8Array) => deflateSync(bytes),
  lzw: encodeLzw,
  packbits: encodePackBits,
  zstd: (bytes: Uint8Array) => zstdCompressSync(bytes),
} as const;
export type LosslessCompression = keyof typeof COMPRESSORS;

export function compressBlock(bytes: Uint8Array, compression: LosslessCompression): Uint8Array {
  return COMPRESSORS[compression](bytes);
}
