import fc from 'fast-check';
import { getDecoder } from 'geotiff';
import { describe, expect, it } from 'vitest';
import { decodeLzw } from '../../../../shared/geo/tiff/lzw.ts';
import { decodePackBits } from '../../../../shared/geo/tiff/packbits.ts';
import { undoFloatPredictor, undoHorizontalPredictor } from '../../../../shared/geo/tiff/predictor.ts';
import {
  applyFloatPredictor,
  applyHorizontalPredictor,
  encodeLzw,
  encodePackBits,
} from '../../../helpers/tiff-block-encoder.ts';

/** Bytes that repeat, so that the table of LZW fills and its strings grow long. */
const image = fc
  .tuple(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 400 }), fc.integer({ max: 255 }))
  .map(([piece, times, step]) =>
    Uint8Array.from(
      { length: piece.length * times },
      (_, index) => piece[index % piece.length]! + ((index * step) >> 9),
    ),
  );

describe('decodeLzw', () => {
  it('gives back what was encoded', () => {
    fc.assert(
      fc.property(fc.oneof(image, fc.uint8Array({ maxLength: 9000 })), (bytes) => {
        expect(decodeLzw(encodeLzw(bytes), bytes.length)).toEqual(bytes);
      }),
    );
  });

  it('decodes what another decoder decodes', async () => {
    const bytes = Uint8Array.from({ length: 60_000 }, (_, index) => (index * index) >> 7);
    const encoded = encodeLzw(bytes);
    const lzw = 5;
    const layout = { tileWidth: 60_000, tileHeight: 1, predictor: 1, bitsPerSample: 8, planarConfiguration: 1 };
    const oracle = await getDecoder(lzw, layout);
    const reference = await oracle.decode(encoded.slice().buffer);
    expect(decodeLzw(encoded, bytes.length)).toEqual(new Uint8Array(reference));
  });

  it('stops at the limit', () => {
    expect(decodeLzw(encodeLzw(new Uint8Array(1000).fill(7)), 10)).toEqual(new Uint8Array(10).fill(7));
  });

  it('gives what there is when the input ends', () => {
    const encoded = encodeLzw(Uint8Array.from({ length: 100 }, (_, index) => index));
    const decoded = decodeLzw(encoded.subarray(0, 20), 100);
    expect([...decoded]).toEqual(Array.from({ length: decoded.length }, (_, index) => index));
    expect(decoded.length).toBeGreaterThan(10);
    expect(decoded.length).toBeLessThan(20);
  });

  it('refuses a code that is not in the table', () => {
    // Clear (256), then 300, of nine bits each.
    expect(() => decodeLzw(Uint8Array.of(0x80, 0x4b, 0x00), 10)).toThrow(RangeError);
  });

  it('refuses codes that are stored last bit first', () => {
    expect(() => decodeLzw(Uint8Array.of(0x00, 0x01, 0x02), 10)).toThrow(/last bit first/);
  });

  it('decodes any bytes or refuses them, within the limit', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 0, max: 5000 }), (bytes, limit) => {
        try {
          expect(decodeLzw(bytes, limit).length).toBeLessThanOrEqual(limit);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
    );
  });
});

describe('decodePackBits', () => {
  it('gives back what was encoded', () => {
    fc.assert(
      fc.property(fc.oneof(image, fc.uint8Array({ maxLength: 600 })), (bytes) => {
        expect(decodePackBits(encodePackBits(bytes), bytes.length)).toEqual(bytes);
      }),
    );
  });

  it('decodes the example of the TIFF specification', () => {
    const packed = 'fe aa 02 80 00 2a fd aa 03 80 00 2a 22 f7 aa'.split(' ').map((byte) => parseInt(byte, 16));
    const plain = 'aa aa aa 80 00 2a aa aa aa aa 80 00 2a 22 aa aa aa aa aa aa aa aa aa aa';
    expect(Buffer.from(decodePackBits(Uint8Array.from(packed), 24)).toString('hex')).toBe(plain.replaceAll(' ', ''));
  });

  it('decodes any bytes within the limit', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 0, max: 500 }), (bytes, limit) => {
        expect(decodePackBits(bytes, limit).length).toBeLessThanOrEqual(limit);
      }),
    );
  });
});

describe('undoHorizontalPredictor', () => {
  const widths = fc.integer({ min: 1, max: 20 });
  const strides = fc.integer({ min: 1, max: 6 });

  it.each([
    [1, (buffer: ArrayBuffer) => new Uint8Array(buffer)],
    [2, (buffer: ArrayBuffer) => new Uint16Array(buffer)],
    [4, (buffer: ArrayBuffer) => new Uint32Array(buffer)],
  ])('undoes what was applied to samples of %i bytes', (sampleBytes, view) => {
    fc.assert(
      fc.property(widths, strides, fc.integer({ min: 1, max: 4 }), fc.nat(), (width, stride, rows, seed) => {
        const length = width * stride * rows * sampleBytes;
        const bytes = Uint8Array.from({ length }, (_, index) => (index * (seed % 9973)) >> 3);
        const changed = bytes.slice();
        applyHorizontalPredictor(changed, width * stride, stride, sampleBytes, true);
        undoHorizontalPredictor(view(changed.buffer), width, stride);
        expect(changed).toEqual(bytes);
      }),
    );
  });

  it('undoes what was applied to floats', () => {
    fc.assert(
      fc.property(
        widths,
        strides,
        fc.constantFrom(4 as const, 8 as const),
        fc.boolean(),
        (width, stride, bytes, little) => {
          const values = Uint8Array.from({ length: width * stride * bytes * 2 }, (_, index) => (index * 37) >> 1);
          const stored = little ? values.slice() : swapped(values, bytes);
          applyFloatPredictor(stored, width * stride, stride, bytes, little);
          expect(undoFloatPredictor(stored, width, stride, bytes)).toEqual(values);
        },
      ),
    );
  });
});

function swapped(bytes: Uint8Array, size: 4 | 8): Uint8Array {
  const buffer = Buffer.from(bytes);
  return new Uint8Array(size === 4 ? buffer.swap32() : buffer.swap64());
}
