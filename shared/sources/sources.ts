import type { Outbound } from '../http/outbound/create-outbound.ts';
import { sourceNotAllowed } from './errors.ts';
import { openFileSource } from './file-source.ts';
import { openHttpsSource } from './https-source.ts';
import type { OpenOptions, RangeReader, Sources } from './range-reader.ts';

/** Which places may be read; what is absent may not. */
export interface SourcesOptions {
  /** Whether local files may be read: on one machine, never in a deployed worker. */
  file?: boolean;
  /** Reads https URLs. */
  https?: Outbound;
  /** Reads s3 URLs; decides which buckets and keys the tenant may read. */
  s3?: (url: URL, options?: OpenOptions) => Promise<RangeReader>;
}

/** Opens each source by its scheme. */
export function createSources({ file, https, s3 }: SourcesOptions): Sources {
  return {
    async open(url, options) {
      options?.signal?.throwIfAborted();
      const scheme = url.protocol.slice(0, -1);
      if (scheme === 's3' && s3 !== undefined) return s3(url, options);
      // Plain http goes the same way: the client refuses it but for origins that local use allows.
      if ((scheme === 'https' || scheme === 'http') && https !== undefined) return openHttpsSource(https, url, options);
      if (scheme === 'file' && file === true) return openFileSource(url, options);
      throw sourceNotAllowed(url, `sources by ${scheme} are not allowed here`);
    },
  };
}
