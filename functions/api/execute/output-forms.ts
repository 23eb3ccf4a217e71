import type { ProcessDefinition } from '../../../shared/jobs/process.ts';
import { offeredMediaTypes } from './select-outputs.ts';

/** A link as a result: an input that came by reference and goes out so, or a stored file. */
export interface ResultLink {
  href: string;
  type?: string;
  rel?: string;
  title?: string;
}

/** One output: where it is, or what it is. */
export type OutputForm =
  | { kind: 'link'; link: ResultLink }
  | {
      kind: 'value';
      /** As a results document has it. */
      json: unknown;
      /** As a raw response has it. */
      bytes: Uint8Array;
      mediaType: string;
    };

const encoder = new TextEncoder();

/**
 * The form of an output value.
 * - A `URL` is a stored file: given as a link, whatever is asked for, because files may have gigabytes.
 * - `{ href, … }` is a link already.
 * - `{ value, mediaType, encoding: 'base64' }` is binary: raw, it is its bytes.
 * - Anything else is JSON, or text when its schema says so.
 * @param presign addresses of stored files, by their URL
 */
export function outputForm(
  process: ProcessDefinition,
  id: string,
  value: unknown,
  presigned: ReadonlyMap<string, string>,
): OutputForm {
  if (value instanceof URL) return { kind: 'link', link: { href: presigned.get(value.href) ?? value.href, title: id } };
  const json = replaceUrls(value, presigned);
  if (isLink(json)) return { kind: 'link', link: json };
  if (isBinary(json)) {
    return { kind: 'value', json, bytes: Buffer.from(json.value, 'base64'), mediaType: json.mediaType };
  }
  const schema = Object.hasOwn(process.outputs, id) ? process.outputs[id]?.schema : undefined;
  const declared = offeredMediaTypes(schema ?? {})[0] ?? 'application/json';
  const mediaType = typeof json === 'string' ? declared : declared === 'text/plain' ? 'application/json' : declared;
  const text = typeof json === 'string' && mediaType !== 'application/json' ? json : JSON.stringify(json);
  return { kind: 'value', json: inDocument(json), bytes: encoder.encode(text), mediaType: withCharset(mediaType) };
}

/** Every stored file in a value, however deep. */
export function storedFiles(value: unknown): URL[] {
  if (value instanceof URL) return [value];
  if (value === null || typeof value !== 'object') return [];
  return Object.values(value).flatMap(storedFiles);
}

function replaceUrls(value: unknown, presigned: ReadonlyMap<string, string>): unknown {
  if (value instanceof URL) return presigned.get(value.href) ?? value.href;
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((item) => replaceUrls(item, presigned));
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, replaceUrls(member, presigned)]));
}

/** OGC 18-062r2 `inlineOrRefData.yaml`: an object must be qualified, unless it is a box or qualified already. */
function inDocument(json: unknown): unknown {
  if (json === null || typeof json !== 'object' || Array.isArray(json)) return json;
  return 'bbox' in json && !('type' in json) ? json : { value: json };
}

const isLink = (json: unknown): json is ResultLink =>
  json !== null && typeof json === 'object' && 'href' in json && typeof json.href === 'string' && !('value' in json);

const isBinary = (json: unknown): json is { value: string; mediaType: string } =>
  json !== null &&
  typeof json === 'object' &&
  'value' in json &&
  typeof json.value === 'string' &&
  'mediaType' in json &&
  typeof json.mediaType === 'string' &&
  'encoding' in json &&
  json.encoding === 'base64';

const withCharset = (mediaType: string): string =>
  mediaType === 'text/plain' ? 'text/plain; charset=utf-8' : mediaType;
