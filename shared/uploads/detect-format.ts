/** Formats that the first bytes of a file tell; the name of a file tells nothing. */
export type DetectedFormat =
  | 'tiff'
  | 'zip'
  | 'gzip'
  | 'geopackage'
  | 'sqlite'
  | 'flatgeobuf'
  | 'parquet'
  | 'geojson'
  | 'json'
  | 'kml'
  | 'gml'
  | 'gpx'
  | 'xml'
  | 'csv';

/** A byte at a place; undefined stands for any. */
type Magic = readonly (number | undefined)[];

const ascii = (text: string): Magic => [...text].map((character) => character.charCodeAt(0));

/** FlatGeobuf 3: `fgb`, the major version, `fgb`, the patch. */
const FLATGEOBUF: Magic = [...ascii('fgb'), undefined, ...ascii('fgb')];

const MAGICS: readonly (readonly [DetectedFormat, Magic])[] = [
  // TIFF 6.0 and BigTIFF, in either order of bytes.
  ['tiff', [0x49, 0x49, 0x2a, 0x00]],
  ['tiff', [0x4d, 0x4d, 0x00, 0x2a]],
  ['tiff', [0x49, 0x49, 0x2b, 0x00, 0x08, 0x00]],
  ['tiff', [0x4d, 0x4d, 0x00, 0x2b, 0x00, 0x08]],
  // A local entry, or the end of an archive without any.
  ['zip', [...ascii('PK'), 0x03, 0x04]],
  ['zip', [...ascii('PK'), 0x05, 0x06]],
  ['gzip', [0x1f, 0x8b, 0x08]],
  ['flatgeobuf', FLATGEOBUF],
  ['parquet', ascii('PAR1')],
];

const SQLITE: Magic = [...ascii('SQLite format 3'), 0];
/** Where SQLite keeps the application id, which OGC 12-128 sets to `GPKG`, or `GP10` and `GP11` before. */
const APPLICATION_ID_OFFSET = 68;
const GEOPACKAGE_IDS: readonly Magic[] = [ascii('GPKG'), ascii('GP10'), ascii('GP11')];

const GEOJSON_TYPES =
  /"type"\s*:\s*"(Feature|FeatureCollection|Point|MultiPoint|LineString|MultiLineString|Polygon|MultiPolygon|GeometryCollection)"/;
const XML_ROOTS: readonly (readonly [DetectedFormat, RegExp])[] = [
  ['kml', /<(?:\w+:)?kml[\s>]/],
  ['gpx', /<(?:\w+:)?gpx[\s>]/],
  ['gml', /<(?:\w+:)?FeatureCollection[\s>]|xmlns:gml\s*=|xmlns\s*=\s*["']http:\/\/www\.opengis\.net\/gml/],
];
const DELIMITERS = [',', ';', '\t', '|'];

/**
 * What a file is, by its first bytes: at most some hundred are looked at.
 * @returns undefined for what is none of the formats that we know
 */
export function detectFormat(start: Uint8Array): DetectedFormat | undefined {
  const known = MAGICS.find(([, magic]) => hasMagic(start, magic, 0));
  if (known !== undefined) return known[0];
  if (hasMagic(start, SQLITE, 0)) {
    return GEOPACKAGE_IDS.some((id) => hasMagic(start, id, APPLICATION_ID_OFFSET)) ? 'geopackage' : 'sqlite';
  }
  const text = textOf(start);
  return text === undefined ? undefined : detectText(text);
}

function hasMagic(bytes: Uint8Array, magic: Magic, offset: number): boolean {
  return magic.every((byte, index) => byte === undefined || bytes[offset + index] === byte);
}

/** The bytes as text, when they are UTF-8 without any control character but those of lines and tabs. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    // The last character may be cut off: a stream waits for its rest.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return /[^\t\n\f\r -\u{10ffff}]/u.test(text) ? undefined : text.trimStart();
  } catch {
    // Not UTF-8: no text that we know.
    return undefined;
  }
}

function detectText(text: string): DetectedFormat | undefined {
  // RFC 8142: each text of a GeoJSON sequence may begin with a record separator, which no text has here.
  if (text.startsWith('{') || text.startsWith('[')) return GEOJSON_TYPES.test(text) ? 'geojson' : 'json';
  if (text.startsWith('<')) return XML_ROOTS.find(([, root]) => root.test(text))?.[0] ?? 'xml';
  return isDelimited(text) ? 'csv' : undefined;
}

/** Two lines with equally many delimiters of one kind, or one line with any when there is no second. */
function isDelimited(text: string): boolean {
  const [first = '', second = ''] = text.split(/\r?\n/, 3);
  return DELIMITERS.some((delimiter) => {
    const columns = first.split(delimiter).length;
    return columns > 1 && (second === '' || second.split(delimiter).length === columns || second.includes('"'));
  });
}
