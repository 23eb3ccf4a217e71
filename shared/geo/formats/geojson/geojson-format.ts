import type { FeatureFormat, InspectedLayer } from '../../features/feature-format.ts';
import { BOM_BYTES, findEncoding, type TextEncoding } from '../text/encoding.ts';
import { TextWindow } from '../text/text-window.ts';
import { readCrs } from './declared-crs.ts';
import { isTruncated, notGeoJson } from './errors.ts';
import { FeatureFinder, type FoundArray, type FoundFeatures } from './feature-finder.ts';
import { geometryTypeOf } from './geometry-parser.ts';
import { FeatureReader } from './feature-reader.ts';

/** Where the features of a file are; offsets are bytes of the source. */
export interface GeoJsonDetail {
  encoding: TextEncoding;
  /** The outermost object is a Feature or a geometry itself. */
  single: boolean;
  /** Where the first feature of each block begins, and its number. */
  starts: number[];
  numbers: number[];
  end: number;
}

/** GeoJSON (RFC 7946): a FeatureCollection, a Feature or a geometry; the `crs` member of GeoJSON 2008 is honoured. */
export const geoJsonFormat: FeatureFormat<GeoJsonDetail> = {
  id: 'geojson',
  title: 'GeoJSON',
  readsFront: true,

  async inspect({ file }, { blockBytes, name, read, isFront = false, signal }) {
    if (file.size === 0) throw notGeoJson('it is empty');
    const encoding = findEncoding(await file.read(0, BOM_BYTES, signal), read?.encoding);
    const end = file.size;
    const window = new TextWindow({ file, encoding, start: encoding.bomBytes, blockEnd: end, end, signal });
    const finder = new FeatureFinder(window, blockBytes, file.size);
    const found = isFront ? await findInFront(finder) : await finder.find();
    const { crs, note } = readCrs(found.members.get('crs'));
    const { features, single } = arrayOf(found, isFront);
    const named = found.members.get('name');
    const layer: InspectedLayer<GeoJsonDetail> = {
      name: typeof named === 'string' && named.trim() !== '' ? named : name,
      ...(isFront ? {} : { features: features.count }),
      blocks: features.starts.length,
      detail: { encoding, single, starts: features.starts, numbers: features.numbers, end: features.end },
      ...(crs === undefined ? {} : { crs }),
      ...(note === undefined ? {} : { notes: [note] }),
    };
    return [layer];
  },

  async readBlock({ file }, { detail }, block, sink, signal) {
    const { encoding, starts, numbers, single } = detail;
    const start = starts[block];
    if (start === undefined) throw new RangeError(`there is no block ${block}`);
    const end = starts[block + 1] ?? detail.end;
    const window = new TextWindow({ file, encoding, start, blockEnd: end, end, signal });
    await new FeatureReader(window, sink, single).read(numbers[block] ?? 0);
  },
};

async function findInFront(finder: FeatureFinder): Promise<FoundFeatures> {
  try {
    return await finder.find();
  } catch (error) {
    if (!isTruncated(error)) throw error;
    return finder.partly;
  }
}

/** The array of a FeatureCollection; a single object as an array of one. */
function arrayOf(
  { start, end, members, features }: FoundFeatures,
  isFront: boolean,
): { features: FoundArray; single: boolean } {
  // The type may stand behind what is there.
  const type = members.get('type') ?? (isFront ? 'FeatureCollection' : undefined);
  if (type === 'FeatureCollection') {
    if (features === undefined && isFront) return { features: nothingAt(start), single: false };
    if (features === undefined) throw notGeoJson('its FeatureCollection has no array of features');
    const isEmpty = features.count === 0;
    return { features: isEmpty ? { ...features, starts: [features.end], numbers: [0] } : features, single: false };
  }
  if (type !== 'Feature' && (typeof type !== 'string' || geometryTypeOf(type) === undefined)) {
    throw notGeoJson(typeof type === 'string' ? `its type is ${type.slice(0, 40)}` : 'it has no type');
  }
  return { features: { starts: [start], numbers: [0], end, count: 1 }, single: true };
}

function nothingAt(start: number): FoundArray {
  return { starts: [start], numbers: [0], end: start, count: 0 };
}
