import { expect } from 'vitest';
import { readJob } from '../../../shared/jobs/read-job.ts';
import { submitJob } from '../../../shared/jobs/submit-job.ts';
import { MemoryObjectStore } from '../../../shared/local/memory-object-store.ts';
import ingest from '../../../shared/processes/ingest/process.ts';
import type { RangeReader } from '../../../shared/sources/range-reader.ts';
import { createIngestEngine, type IngestEngine } from '../../formats/ingest/ingest-engine.ts';
import type { End } from './attack.ts';

const NEIGHBOUR = 'neighbour.geojson';
const NEIGHBOUR_FILE = '{"type":"Point","coordinates":[1,2]}';

/** What a job did. */
export interface Fought {
  end: End;
  /** Bytes that were read of its source. */
  read: number;
  /** Bytes that it wrote, whether they were kept or not. */
  written: number;
}

export interface AttackBench {
  engine: IngestEngine;
  /** Runs a job beside one of a neighbour: each must be over without a second attempt, the neighbour's with success. */
  fight: (name: string, inputs?: Record<string, unknown>) => Promise<Fought>;
}

/** An engine over sources that somebody means ill with. */
export function createAttackBench(
  files: Record<string, Uint8Array | string | RangeReader>,
  blockBytes?: number,
): AttackBench {
  const objects = new CountingObjectStore();
  const sources = new Map(Object.entries(files).map(([name, content]) => [name, watched(content)]));
  const engine = createIngestEngine({
    files: { ...Object.fromEntries(sources), [NEIGHBOUR]: NEIGHBOUR_FILE },
    objects,
    ...(blockBytes === undefined ? {} : { blockBytes }),
  });
  return {
    engine,
    async fight(name, inputs = {}) {
      const neighbour = await submitNeighbour(engine);
      const before = objects.written;
      const { job, reports } = await engine.run({ ...inputs, source: `s3://sources/${encodeURIComponent(name)}` });
      const codes = (await engine.errors(job.jobId)).map(({ code }) => String(code));
      // The clock stands still: a second attempt would wait for its time, and its job would not be over.
      expect(engine.engine.queue.size).toBe(0);
      expect(job.planAttempt).toBe(1);
      expect(await stateOf(engine, neighbour)).toBe('succeeded');
      return {
        end: {
          state: job.state,
          ...(job.failure === undefined ? {} : { failure: job.failure.code }),
          errors: [...new Set(codes)].sort(),
          features: job.state === 'failed' ? 0 : reports.reduce((sum, report) => sum + published(report), 0),
        },
        read: sources.get(name)!.bytes,
        written: objects.written - before,
      };
    },
  };
}

/** Runs a job of a source that there is nothing wrong with. */
export async function runNeighbour(engine: IngestEngine): Promise<string | undefined> {
  const jobId = await submitNeighbour(engine);
  await engine.engine.runUntilIdle();
  return stateOf(engine, jobId);
}

async function submitNeighbour({ engine }: IngestEngine): Promise<string> {
  const inputs = ingest.inputs.parse({ source: `s3://sources/${NEIGHBOUR}` }) as Record<string, unknown>;
  const submission = { tenant: 'acme', subject: 'ben', processId: 'ingest', request: { inputs } };
  const idempotencyKey = engine.platform.identifiers.next(engine.platform.clock.now());
  const { job } = await submitJob(engine.platform, { ...submission, idempotencyKey });
  return job.jobId;
}

async function stateOf({ engine }: IngestEngine, jobId: string): Promise<string | undefined> {
  return (await readJob(engine.platform, { tenant: 'acme', jobId }))?.job.state;
}

const published = ({ files, statistics }: { files: unknown[]; statistics: { features: number } }): number =>
  files.length > 0 ? statistics.features : 0;

interface WatchedSource extends RangeReader {
  bytes: number;
}

/** Counts what is read. Like the sources that are deployed, it does not know what to do with a range outside of the file. */
function watched(content: Uint8Array | string | RangeReader): WatchedSource {
  const inner = typeof content === 'string' ? Buffer.from(content) : content;
  const size = 'read' in inner ? inner.size : inner.byteLength;
  return {
    url: new URL('s3://sources/attack'),
    etag: '"attack"',
    size,
    bytes: 0,
    async read(offset, length, signal) {
      signal?.throwIfAborted();
      const available = Math.min(length, size - offset);
      if (!(offset >= 0 && available > 0)) throw new RangeError(`${length} bytes from ${offset} are not in the file`);
      this.bytes += available;
      if ('read' in inner) return inner.read(offset, available, signal);
      // A copy: a slice of a Node buffer is none.
      return new Uint8Array(inner.subarray(offset, offset + available));
    },
  };
}

class CountingObjectStore extends MemoryObjectStore {
  written = 0;

  override putIfAbsent(...[url, bytes, mediaType]: Parameters<MemoryObjectStore['putIfAbsent']>) {
    this.written += bytes.byteLength;
    return super.putIfAbsent(url, bytes, mediaType);
  }

  override async createUpload(...[url, mediaType]: Parameters<MemoryObjectStore['createUpload']>) {
    const upload = await super.createUpload(url, mediaType);
    return {
      ...upload,
      putPart: (partNumber: number, bytes: Uint8Array) => {
        this.written += bytes.byteLength;
        return upload.putPart(partNumber, bytes);
      },
    };
  }
}
