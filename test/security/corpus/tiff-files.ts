import fc from 'fast-check';
import { makeJpegTiff } from '../../helpers/make-jpeg-tiff.ts';
import { makeTiff, type TiffOptions } from '../../helpers/make-tiff.ts';

/** A number in the directories of a file: where it stands and how wide it is. */
interface Field {
  at: number;
  bytes: 1 | 2 | 4 | 8;
}

export interface SeedFile {
  bytes: Uint8Array;
  little: boolean;
  /** Numbers of header and directories: offsets, counts, tag ids, types, values and pointers. */
  fields: readonly Field[];
}

const SMALL: TiffOptions = { width: 20, height: 18 };

const LOSSLESS: readonly TiffOptions[] = [
  { ...SMALL, tileSize: 16, bands: 3, compression: 'deflate', predictor: 2, overviews: 1 },
  { ...SMALL, tileSize: 16, compression: 'lzw', mask: (column) => column > 3 },
  { ...SMALL, rowsPerStrip: 4, compression: 'packbits', bigEndian: true },
  { ...SMALL, rowsPerStrip: 18, compression: 'zstd', sampleType: 'uint16', bigTiff: true },
  { ...SMALL, tileSize: 16, sampleType: 'float32', predictor: 3, compression: 'deflate', nodata: -9999, epsg: 4326 },
  { ...SMALL, tileSize: 16, bands: 3, alpha: true, bandInterleaved: true, compression: 'none', pixelIsPoint: true },
  { ...SMALL, photometric: 'palette', palette: new Uint8Array(768).fill(9), bigTiff: true, bigEndian: true },
];

/** Sound files of every kind that is read. */
export async function seedFiles(): Promise<SeedFile[]> {
  const jpeg = await makeJpegTiff({ width: 16, height: 16, tileSize: 16, bands: 3, sharedTables: true });
  return [...LOSSLESS.map(makeTiff), jpeg].map((bytes) => ({ bytes, ...fieldsOf(bytes) }));
}

/** Walks the chain of directories of a sound file: TIFF 6.0 section 2, and BigTIFF. */
function fieldsOf(file: Uint8Array): Omit<SeedFile, 'bytes'> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const little = view.getUint16(0) === 0x4949;
  const big = view.getUint16(2, little) === 43;
  const wide = big ? 8 : 4;
  const pointer = (at: number) => (big ? Number(view.getBigUint64(at, little)) : view.getUint32(at, little));
  const fields: Field[] = [
    { at: 2, bytes: 2 },
    { at: big ? 8 : 4, bytes: wide },
  ];
  for (let at = pointer(big ? 8 : 4); at !== 0;) {
    const count = big ? pointer(at) : view.getUint16(at, little);
    fields.push({ at, bytes: big ? 8 : 2 });
    at += big ? 8 : 2;
    for (let tag = 0; tag < count; tag++, at += 4 + 2 * wide) {
      const value = at + 4 + wide;
      fields.push({ at, bytes: 2 }, { at: at + 2, bytes: 2 }, { at: at + 4, bytes: wide }, { at: value, bytes: wide });
      fields.push({ at: value, bytes: 2 });
    }
    fields.push({ at, bytes: wide });
    at = pointer(at);
  }
  return { little, fields };
}

/** A change of one number: to a fixed one, to a place in the file, or to one beside what it is. */
export type FieldEdit = { field: number } & ({ to: number } | { place: number; past: number } | { add: number });

const LIES = [
  ...[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 16, 17, 18, 42, 64, 65, 255, 256, 257, 512, 513, 1024, 4326, 32_767],
  ...[32_773, 34_712, 50_000, 65_535, 65_536, 2 ** 24, 2 ** 26, 2 ** 26 + 1, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1],
  ...[2 ** 40, 2 ** 52, 2 ** 53, 2 ** 63],
];
const field = fc.nat(10_000);

export const fieldEdits: fc.Arbitrary<FieldEdit[]> = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ field, to: fc.oneof(fc.constantFrom(...LIES), fc.nat(70_000)) }) },
    { weight: 2, arbitrary: fc.record({ field, place: fc.nat(10_000), past: fc.integer({ min: -2, max: 2 }) }) },
    { weight: 1, arbitrary: fc.record({ field, add: fc.constantFrom(-256, -2, -1, 1, 2, 256) }) },
  ),
  { minLength: 1, maxLength: 4 },
);

/** The file with numbers changed: places are those of its other numbers, or its end. */
export function withFields({ bytes, little, fields }: SeedFile, list: readonly FieldEdit[]): Uint8Array<ArrayBuffer> {
  const copy = Uint8Array.from(bytes);
  const view = new DataView(copy.buffer);
  for (const edit of list) {
    const { at, bytes: width } = fields[edit.field % fields.length]!;
    if (at + width > copy.length) continue;
    const before =
      width === 8
        ? Number(view.getBigUint64(at, little))
        : width === 4
          ? view.getUint32(at, little)
          : view.getUint16(at, little);
    const places = [...fields.map((other) => other.at), copy.length];
    const value =
      'to' in edit ? edit.to : 'add' in edit ? before + edit.add : places[edit.place % places.length]! + edit.past;
    const whole = Math.max(0, value);
    if (width === 8) view.setBigUint64(at, BigInt(whole), little);
    else if (width === 4) view.setUint32(at, whole, little);
    else view.setUint16(at, whole, little);
  }
  return copy;
}
