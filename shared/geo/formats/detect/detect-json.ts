import { formatUnknown, formatUnsupported } from './errors.ts';
import type { FormatId } from './format-id.ts';

/** Stands before each text of a sequence (RFC 8142). */
const RECORD_SEPARATOR = '\u001e';

const GEOMETRY_TYPES = /^(Point|LineString|Polygon|MultiPoint|MultiLineString|MultiPolygon|GeometryCollection)$/;

/** What can be seen of the first value of a JSON text. */
interface FirstValue {
  /** Texts of its own members, such as its `type`. */
  texts: Map<string, string>;
  names: Set<string>;
  /** Where it ends; undefined when that is not in what was read. */
  end: number | undefined;
  /** Whether it has a line break inside. */
  hasLineBreak: boolean;
}

/**
 * Tells GeoJSON from a sequence of it (RFC 8142, or one to a line) and from other JSON.
 * @param text the beginning of a text whose first character, after white space, is a brace or a record separator
 * @throws LonghaulError `vector-format-unsupported`, `vector-format-unknown` (final)
 */
export function detectJson(text: string): FormatId {
  const start = text.indexOf('{');
  if (start < 0) throw formatUnknown('it begins like a sequence of JSON texts and has none');
  const first = scanFirst(text, start);
  const type = first.texts.get('type');
  if (type === 'Topology') throw formatUnsupported('TopoJSON');
  const isEsri = first.names.has('geometryType') || first.names.has('spatialReference');
  if (type === undefined && isEsri) throw formatUnsupported('Esri JSON');
  const isGeoJson =
    type === undefined
      ? first.end === undefined || first.names.has('features')
      : type === 'Feature' || type === 'FeatureCollection' || GEOMETRY_TYPES.test(type);
  if (!isGeoJson) throw formatUnknown('it is JSON, and no GeoJSON');
  if (text.slice(0, start).includes(RECORD_SEPARATOR)) return 'geojson-seq';
  if (first.end === undefined) return type === 'Feature' && !first.hasLineBreak ? 'geojson-seq' : 'geojson';
  return text.slice(first.end).replaceAll(RECORD_SEPARATOR, ' ').trimStart().startsWith('{')
    ? 'geojson-seq'
    : 'geojson';
}

/** Walks over the first value without building it: its depth is not bounded. */
function scanFirst(text: string, start: number): FirstValue {
  const found: FirstValue = { texts: new Map(), names: new Set(), end: undefined, hasLineBreak: false };
  let depth = 0;
  let name: string | undefined;
  let last: string | undefined;
  for (let at = start; at < text.length; at++) {
    switch (text.charAt(at)) {
      case '{':
      case '[':
        depth++;
        break;
      case '}':
      case ']':
        if (--depth > 0) break;
        found.end = at + 1;
        return found;
      case '\n':
        found.hasLineBreak = true;
        break;
      case ':':
        if (depth !== 1 || last === undefined) break;
        name = last;
        found.names.add(name);
        break;
      case ',':
        name = undefined;
        break;
      case '"': {
        const end = endOfText(text, at);
        if (end === undefined) return found;
        last = text.slice(at + 1, end);
        if (depth === 1 && name !== undefined) found.texts.set(name, last);
        at = end;
        break;
      }
    }
  }
  return found;
}

/** Where the quote is that ends a text. */
function endOfText(text: string, start: number): number | undefined {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at;
  }
  return undefined;
}
