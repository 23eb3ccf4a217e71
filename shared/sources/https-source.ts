import { LonghaulError } from '../errors/longhaul-error.ts';
import type { Outbound, OutboundResponse, ResponseHead } from '../http/outbound/create-outbound.ts';
import { parseContentRange, type ContentRange } from './content-range.ts';
import {
  sourceAccessDenied,
  sourceNotAllowed,
  sourceNotFound,
  sourceRangesUnsupported,
  sourceReplaced,
  sourceUnavailable,
} from './errors.ts';
import type { OpenOptions, RangeReader } from './range-reader.ts';

const KIB = 1024;

/** What opening reads, and keeps: the header of most files, so that it costs no second request. */
const FIRST_READ_BYTES = 32 * KIB;

/** What names the version of the content. */
interface Validator {
  etag: string | undefined;
  lastModified: string | undefined;
}

/**
 * Opens a file of an https server by range requests, pinned to its ETag or Last-Modified: each request carries it as a
 * condition, and each answer is compared with it, since not every server keeps conditions.
 * @throws LonghaulError as `Sources.open`; `source-ranges-unsupported` (final) for a server that does not answer ranges
 *   or names no version
 */
export async function openHttpsSource(outbound: Outbound, url: URL, options: OpenOptions = {}): Promise<RangeReader> {
  const first = await fetchRange(outbound, url, 0, FIRST_READ_BYTES, {}, options.signal);
  const validator = validatorOf(first.response);
  const etag = validator.etag ?? validator.lastModified;
  if (etag === undefined) throw sourceRangesUnsupported(url, 'the server sends neither ETag nor Last-Modified');
  if (options.etag !== undefined && options.etag !== etag) throw sourceReplaced(url);
  const { size } = first.range;
  const head = first.response.body;

  return {
    url,
    size,
    etag,
    async read(offset, length, signal) {
      signal?.throwIfAborted();
      const end = Math.min(offset + length, size);
      if (!(offset >= 0 && offset < end)) throw new RangeError(`${length} bytes from ${offset} are not in the file`);
      if (end <= head.length) return new Uint8Array(head.subarray(offset, end));
      const { response, range } = await fetchRange(outbound, url, offset, end - offset, validator, signal);
      const now = validatorOf(response);
      if (now.etag !== validator.etag || now.lastModified !== validator.lastModified || range.size !== size) {
        throw sourceReplaced(url);
      }
      return response.body;
    },
  };
}

async function fetchRange(
  outbound: Outbound,
  url: URL,
  offset: number,
  length: number,
  pinned: Partial<Validator>,
  signal?: AbortSignal,
): Promise<{ response: OutboundResponse; range: ContentRange }> {
  const opening = pinned.etag === undefined && pinned.lastModified === undefined;
  try {
    const response = await outbound.fetch(url, {
      headers: { range: `bytes=${offset}-${offset + length - 1}`, ...conditions(pinned) },
      maxBytes: length,
      onHead: (head) => checkHead(url, head, opening),
      ...(signal === undefined ? {} : { signal }),
    });
    const range = parseContentRange(response.headers['content-range']);
    if (range?.start !== offset || range.end - range.start + 1 !== response.body.length) {
      throw sourceUnavailable(url, `${response.body.length} bytes came for the range asked for.`);
    }
    if (response.body.length < length && range.end + 1 < range.size) {
      throw sourceRangesUnsupported(url, `the server answers ${length} bytes with ${response.body.length}`);
    }
    return { response, range };
  } catch (error) {
    throw asSourceError(url, error);
  }
}

function conditions({ etag, lastModified }: Partial<Validator>): Record<string, string> {
  // Only a strong ETag may stand in a condition (RFC 9110, 13.1.1).
  if (etag !== undefined && !etag.startsWith('W/')) return { 'if-match': etag };
  return lastModified === undefined ? {} : { 'if-unmodified-since': lastModified };
}

function validatorOf(head: ResponseHead): Validator {
  return { etag: head.headers['etag'], lastModified: head.headers['last-modified'] };
}

/** Refuses every answer but a part of the file before its body, which may have no end, is read. */
function checkHead(url: URL, { status, headers }: ResponseHead, opening: boolean): void {
  if (status === 206) {
    if (parseContentRange(headers['content-range']) !== undefined) return;
    throw sourceRangesUnsupported(url, 'the server does not say which part it sends');
  }
  if (status === 401 || status === 403) throw sourceAccessDenied(url, `status ${status}`);
  if (status === 404 || status === 410) throw sourceNotFound(url);
  if (status === 412 || (status === 416 && !opening)) throw sourceReplaced(url);
  if (status === 416) throw sourceRangesUnsupported(url, 'the file is empty');
  if (status === 200) throw sourceRangesUnsupported(url, 'the server sends the whole file when a part is asked for');
  throw sourceRangesUnsupported(url, `the server answers with status ${status}`);
}

/** Errors of the transport in the words of `RangeReader.read`. */
function asSourceError(url: URL, error: unknown): unknown {
  if (!(error instanceof LonghaulError)) return error;
  switch (error.code) {
    case 'outbound-not-allowed':
    case 'outbound-not-trusted':
    case 'outbound-too-many-redirects':
      return sourceNotAllowed(url, error.detail.replace(/\.$/, ''), error);
    case 'outbound-host-unknown':
      return sourceNotFound(url, error);
    case 'outbound-unavailable':
      return sourceUnavailable(url, error.detail, error);
    case 'response-too-large':
      return sourceRangesUnsupported(url, 'the server sends more than the part that was asked for');
    case 'response-encoded':
      return sourceRangesUnsupported(url, 'the server encodes the content');
    default:
      return error;
  }
}
