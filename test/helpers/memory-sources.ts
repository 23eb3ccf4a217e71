import { sourceNotFound } from '../../shared/sources/errors.ts';
import type { RangeReader, Sources } from '../../shared/sources/range-reader.ts';
import { memoryReader } from './memory-reader.ts';

/** Files as a tenant's sources. @param find what there is under a URL */
export function memorySources(find: (url: URL) => Uint8Array | RangeReader | undefined): Sources {
  return {
    async open(url) {
      const content = find(url);
      if (content === undefined) throw sourceNotFound(url);
      return content instanceof Uint8Array ? memoryReader(content, { url }) : content;
    },
  };
}
