import { describe, expect, it } from 'vitest';
import { shapefile } from '../../../shared/geo/formats/shapefile/shapefile-format.ts';
import { readFeatures } from '../../helpers/read-features.ts';
import { NUMBER, shapefileFiles, shapefileSource, type ShapefileFiles } from '../../helpers/shapefile-source.ts';
import { writeDbf, type PlainShape } from '../../helpers/write-shapefile.ts';
import { reading } from '../corpus/fuzz.ts';
import { watchedReader } from '../tiff/watched-reader.ts';

const RECORDS = 200;
const ring = [[0, 0], [0, 1], [1, 1], [0, 0]]; // prettier-ignore
const shapes: PlainShape[] = Array.from({ length: RECORDS }, () => ({ type: 5, parts: [ring] }));
const sound = shapefileFiles(5, shapes);
const RECORD_BYTES = 8 + 44 + 4 + 64;

const read = (files: ShapefileFiles) => readFeatures(shapefile, shapefileSource(files), { blockBytes: 4000 });

async function outcome(
  files: ShapefileFiles,
): Promise<{ features: number; rejects: number; codes: string[] } | string> {
  const result = await reading(() => read(files));
  if ('refused' in result) return result.refused.code;
  const { features, rejects } = result.read[0]!.sink;
  const codes = [...new Set(rejects.map(({ problem }) => problem.code))];
  return { features: features.length, rejects: rejects.length, codes };
}

const changed = (bytes: Buffer, change: (copy: Buffer) => void): Buffer => {
  const copy = Buffer.from(bytes);
  change(copy);
  return copy;
};

describe('a shapefile that is no sound file', () => {
  it.each<[string, Partial<ShapefileFiles>, string]>([
    ['nothing', { shp: new Uint8Array(0) }, 'not-a-shapefile'],
    ['half a header', { shp: sound.shp.subarray(0, 50) }, 'not-a-shapefile'],
    ['a .dbf for its .shp', { shp: sound.dbf }, 'not-a-shapefile'],
    ['a version of 999', { shp: changed(sound.shp, (copy) => copy.writeInt32LE(999, 28)) }, 'not-a-shapefile'],
    ['shapes of type 2', { shp: changed(sound.shp, (copy) => copy.writeInt32LE(2, 32)) }, 'not-a-shapefile'],
    ['an empty .dbf', { dbf: new Uint8Array(0) }, 'shapefile-table-corrupt'],
    ['a .shp for its .dbf', { dbf: sound.shp }, 'shapefile-table-corrupt'],
    ['a .dbf of dBASE 7', { dbf: changed(sound.dbf, (copy) => copy.writeUInt8(4, 0)) }, 'shapefile-table-corrupt'],
    [
      'a .dbf without a header',
      { dbf: changed(sound.dbf, (copy) => copy.writeUInt16LE(0, 8)) },
      'shapefile-table-corrupt',
    ],
    ['rows of no bytes', { dbf: changed(sound.dbf, (copy) => copy.writeUInt16LE(0, 10)) }, 'shapefile-table-corrupt'],
    [
      'fields wider than rows',
      { dbf: changed(sound.dbf, (copy) => copy.writeUInt16LE(5, 10)) },
      'shapefile-table-corrupt',
    ],
  ])('%s is refused', async (_name, files, code) => {
    expect(await outcome({ ...sound, ...files })).toBe(code);
  });

  it('cut off at every 1 kB loses what is cut off, and tells how much', async () => {
    for (let bytes = 1024; bytes < sound.shp.length; bytes += 1024) {
      const left = Math.floor((bytes - 100) / RECORD_BYTES);
      for (const shx of [sound.shx, undefined]) {
        const found = await outcome({ ...sound, shp: sound.shp.subarray(0, bytes), shx });
        expect(found).toMatchObject({ features: left, rejects: RECORDS - left });
      }
    }
  });

  it('whose .dbf or .shx is cut off anywhere keeps all its shapes, or is refused', async () => {
    for (let bytes = 0; bytes < sound.dbf.length; bytes += 37) {
      const found = await outcome({ ...sound, dbf: sound.dbf.subarray(0, bytes) });
      if (bytes < 65) expect(found).toSatisfy((each) => each === 'shapefile-table-corrupt' || typeof each === 'object');
      else expect(found).toMatchObject({ features: RECORDS, rejects: 0 });
    }
    for (let bytes = 0; bytes < sound.shx.length; bytes += 100) {
      expect(await outcome({ ...sound, shx: sound.shx.subarray(0, bytes) })).toMatchObject({ features: RECORDS });
    }
  });

  it('whose .dbf claims 4 × 10⁹ rows is read with those that it has', async () => {
    const dbf = changed(sound.dbf, (copy) => copy.writeUInt32LE(2 ** 32 - 1, 4));
    expect(await outcome({ ...sound, dbf })).toEqual({ features: RECORDS, rejects: 0, codes: [] });
  });

  it.each([-1, 0, 1, 2 ** 31 - 1])('whose header claims a length of %d words is read to its end', async (words) => {
    const shp = changed(sound.shp, (copy) => copy.writeInt32BE(words, 24));
    expect(await outcome({ ...sound, shp, shx: undefined })).toMatchObject({ features: RECORDS, rejects: 0 });
  });

  it('whose record has a negative length ends there, when no .shx leads on', async () => {
    const shp = changed(sound.shp, (copy) => copy.writeInt32BE(-5, 100 + 10 * RECORD_BYTES + 4));
    expect(await outcome({ ...sound, shp })).toMatchObject({ features: RECORDS - 1, rejects: 1 });
    expect(await outcome({ ...sound, shp, shx: undefined })).toEqual({
      ...{ features: 10, rejects: RECORDS - 10 },
      codes: ['shapefile-record-out-of-step', 'shapefile-shape-missing'],
    });
  });

  it('whose records lie within each other gives no more than its bytes hold', async () => {
    // A thousand heads in twelve bytes each, every one of a record that goes on to the end of the file.
    const heads = 1000;
    const shp = Buffer.concat([sound.shp.subarray(0, 100), Buffer.alloc(12 * heads), Buffer.alloc(100_000)]);
    const shx = Buffer.alloc(100 + 8 * heads);
    sound.shx.copy(shx, 0, 0, 100);
    shx.writeInt32BE(shx.length / 2, 24);
    for (let number = 0; number < heads; number++) {
      const offset = 100 + 12 * number;
      const words = (shp.length - offset - 8) / 2;
      shp.writeInt32BE(number + 1, offset);
      shp.writeInt32BE(words, offset + 4);
      shx.writeInt32BE(offset / 2, 100 + 8 * number);
      shx.writeInt32BE(words, 104 + 8 * number);
    }
    // One record by its own length, and the rows of the .dbf that no record is left for.
    expect(await outcome({ ...sound, shp, shx })).toMatchObject({ features: 1, rejects: RECORDS - 1 });
  });

  it('with a record of 70 MB does not read it, and reads the next', async () => {
    const words = 35 * 2 ** 20;
    const head = changed(sound.shp.subarray(0, 112), (copy) => copy.writeInt32BE(words, 104));
    const file = watchedReader(head, 100 + 8 + 2 * words + 12);
    const [layer] = await readFeatures(shapefile, { file }, {});
    expect(layer!.sink.rejects.map(({ problem }) => problem.code)).toEqual([
      'shapefile-record-too-large',
      'shapefile-record-out-of-step',
    ]);
    expect(file.bytes).toBeLessThan(6 * 2 ** 20);
    expect(file.misuses).toEqual([]);
  });

  it('with 2 × 10⁹ points in a record asks for no memory for them', async () => {
    const shp = changed(sound.shp, (copy) => copy.writeInt32LE(2 ** 31 - 1, 100 + 8 + 40));
    expect(await outcome({ ...sound, shp })).toEqual({
      ...{ features: RECORDS - 1, rejects: 1 },
      codes: ['shapefile-record-truncated'],
    });
  });

  it('whose .prj is too large to be one has no CRS, and says so', async () => {
    const [layer] = await read({ ...sound, prj: new Uint8Array(100_000).fill(0x20) });
    expect(layer!.layer.crs).toBeUndefined();
    expect(layer!.layer.notes).toContainEqual(expect.stringContaining('.prj has 100000 bytes'));
  });

  it('with fields named like members of objects keeps them apart from them', async () => {
    const names = ['__proto__', 'toString'];
    const fields = names.map((name) => ({ ...NUMBER, name }));
    const [layer] = await read({ ...shapefileFiles(5, shapes.slice(0, 1)), dbf: writeDbf(fields, [['1', '2']]) });
    expect(Object.entries(layer!.sink.features[0]!.properties)).toEqual([
      ['__proto__', { integer: 1 }],
      ['toString', { integer: 2 }],
    ]);
  });
});
