import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RangeReader } from '../../sources/range-reader.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

/** Bytes between two blocks that are read along rather than asked for apart: a COG has 8 of them. */
const MAX_GAP_BYTES = 4 * KIB;

/** Bytes of one joined read; a single block may be larger. */
const MAX_JOINED_BYTES = 4 * MIB;

interface Request {
  offset: number;
  length: number;
  signal: AbortSignal | undefined;
  resolve: (bytes: Uint8Array) => void;
  reject: (error: unknown) => void;
}

type Read = (offset: number, length: number, signal?: AbortSignal) => Promise<Uint8Array>;

/**
 * Joins reads that are asked for in the same turn of the event loop and lie next to each other: the blocks of one row
 * of a window are one request. Reads with different signals are never joined, so that an abort ends only its own.
 */
export function createCoalescingRead(reader: RangeReader): Read {
  let waiting: Request[] = [];

  async function flush(): Promise<void> {
    await nextTurn();
    const requests = waiting.toSorted((a, b) => a.offset - b.offset);
    waiting = [];
    for (const signal of new Set(requests.map((request) => request.signal))) {
      for (const group of joined(requests.filter((request) => request.signal === signal))) void serve(group, signal);
    }
  }

  async function serve(group: readonly Request[], signal: AbortSignal | undefined): Promise<void> {
    const start = group[0]!.offset;
    const end = Math.max(...group.map((request) => request.offset + request.length));
    try {
      const bytes = await reader.read(start, end - start, signal);
      for (const { offset, length, resolve } of group) resolve(bytes.subarray(offset - start, offset - start + length));
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }

  return (offset, length, signal) =>
    new Promise((resolve, reject) => {
      waiting.push({ offset, length, signal, resolve, reject });
      if (waiting.length === 1) void flush();
    });
}

/** Groups of requests, sorted by offset, that are read together. */
function joined(requests: readonly Request[]): Request[][] {
  const groups: Request[][] = [];
  let start = 0;
  let end = 0;
  for (const request of requests) {
    const requestEnd = request.offset + request.length;
    const group = groups.at(-1);
    if (group !== undefined && request.offset <= end + MAX_GAP_BYTES && requestEnd - start <= MAX_JOINED_BYTES) {
      group.push(request);
      end = Math.max(end, requestEnd);
    } else {
      groups.push([request]);
      start = request.offset;
      end = requestEnd;
    }
  }
  return groups;
}
