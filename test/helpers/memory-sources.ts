import { sourceNotFound } from '../../shared/sources/errors.ts';
import type { Sources } from '../../shared/sources/range-reader.ts';
import { memoryReader } from './memory-reader.ts';

/** Files by URL, as a tenant's sources. */
export function memorySources(files: ReadonlyMap<string, Uint8Array>): Sources {
  return {
    async open(url) {
      const bytes = files.get(url.href);
      if (bytes === undefined) throw sourceNotFound(url);
      return memoryReader(bytes, { url });
    },
  };
}
