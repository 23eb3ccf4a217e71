import { pathToFileURL } from 'node:url';
import { pathOf } from '../paths.ts';

/** Members of inputs whose text is the address of a file. */
const ADDRESS_NAMES: ReadonlySet<string> = new Set(['source', 'sources', 'url', 'urls']);

/** `https:`, `s3:`; one letter would be a drive. */
const HAS_SCHEME = /^[a-z][a-z0-9+.-]+:/i;

/** Deepest nesting that is looked at; parsed JSON is no deeper. */
const MAX_DEPTH = 64;

/**
 * Inputs in which every plain path under `source` or `url` is the file URL that processes take: `scene.tif` becomes
 * `file:///…/scene.tif`.
 * @param folder what relative paths are relative to
 */
export function withFileUrls(inputs: Readonly<Record<string, unknown>>, folder: URL): Record<string, unknown> {
  const address = (text: string): string => (HAS_SCHEME.test(text) ? text : pathToFileURL(pathOf(text, folder)).href);
  const walk = (value: unknown, isAddress: boolean, depth: number): unknown => {
    if (typeof value === 'string') return isAddress ? address(value) : value;
    if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return value;
    if (Array.isArray(value)) return value.map((item) => walk(item, isAddress, depth + 1));
    return walkMembers(value as Record<string, unknown>, depth);
  };
  const walkMembers = (object: Readonly<Record<string, unknown>>, depth: number): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(object).map(([name, member]) => [name, walk(member, ADDRESS_NAMES.has(name), depth + 1)]),
    );
  return walkMembers(inputs, 0);
}
