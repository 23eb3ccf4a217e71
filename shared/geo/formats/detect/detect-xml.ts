import { formatUnknown, formatUnsupported } from './errors.ts';
import type { FormatId } from './format-id.ts';

/** What may stand before the root element: declarations, instructions and comments (XML 1.0, production 22). */
const PROLOG = /\s+|<\?[^]*?\?>|<!--[^]*?-->/y;

/** A document type names the root. What it says is never read: readers refuse it. */
const DOCTYPE = /<!doctype\s+([^\s[>]+)/iy;

const ROOT = /<(?:[^\s<>/:]+:)?([^\s<>/:]+)((?:\s+[^\s=<>]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)/y;

/**
 * Tells the XML formats apart by their root element.
 * @throws LonghaulError `vector-format-unsupported`, `vector-format-unknown` (final)
 */
export function detectXml(text: string): FormatId {
  let at = 0;
  for (let match = matchAt(PROLOG, text, at); match !== undefined; match = matchAt(PROLOG, text, at))
    at += match[0].length;
  const doctype = matchAt(DOCTYPE, text, at)?.[1];
  if (doctype !== undefined) return formatOf(doctype.slice(doctype.indexOf(':') + 1), '');
  const root = matchAt(ROOT, text, at);
  if (root === undefined) throw formatUnknown('it begins like XML and has no root element in its first part');
  return formatOf(root[1]!, root[2]!);
}

function formatOf(root: string, attributes: string): FormatId {
  switch (root.toLowerCase()) {
    case 'kml':
      return 'kml';
    case 'gpx':
      return 'gpx';
    case 'html':
      throw formatUnsupported('a web page');
    case 'osm':
    case 'osmchange':
      throw formatUnsupported('OpenStreetMap XML');
    case 'svg':
      throw formatUnsupported('an SVG');
  }
  // Collections of WFS, of GML and of application schemas all name the namespace of GML.
  if (/opengis\.net\/(gml|wfs)/.test(attributes) || root === 'FeatureCollection') return 'gml';
  throw formatUnknown(`it is XML with the root element ${root.slice(0, 40)}`);
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}
