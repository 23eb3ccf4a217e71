import { describe, expect, it } from 'vitest';
import { completeUpload } from '../../shared/uploads/complete-upload.ts';
import { deleteUpload } from '../../shared/uploads/delete-upload.ts';
import { createUploadBench, PART, text, type UploadBench } from '../helpers/upload-bench.ts';
import { Meter } from './meter.ts';

const DAY = 24 * 60 * 60_000;
const SMALL = text('name,lat,lon\nhut,47,11\n');
const LARGE = new Uint8Array(PART + 4).fill(7);

/** An upload, or a part of its life. */
const CASES: readonly { title: string; run: (bench: UploadBench, reset: () => void) => Promise<void> }[] = [
  {
    title: 'a small upload, from its opening to its examination',
    run: async (bench) => {
      await bench.send(SMALL, { idempotencyKey: 'a' });
      await bench.follow();
    },
  },
  {
    title: 'an upload of two parts, from its opening to its examination',
    run: async (bench) => {
      await completeUpload(bench.platform, await bench.send(LARGE, { idempotencyKey: 'a' }));
      await bench.follow();
    },
  },
  {
    title: 'an event that comes again, of an upload that was examined',
    run: async (bench, reset) => {
      await bench.send(SMALL);
      const [event] = bench.bucket.takeEvents();
      await bench.event(event!);
      reset();
      await bench.event(event!);
    },
  },
  {
    title: 'a dropped file, to its examination',
    run: async (bench) => {
      bench.bucket.put(new URL('s3://data/incoming/acme/numbers/a.csv'), SMALL);
      await bench.follow();
    },
  },
  {
    title: 'the deletion of a stored upload, and the last look at it',
    run: async (bench, reset) => {
      const upload = await bench.send(SMALL);
      await bench.follow();
      reset();
      await deleteUpload(bench.platform, upload);
      bench.clock.advance(DAY);
      await bench.sweep();
    },
  },
  {
    title: 'an upload that nobody completes, from its expiry to its last look',
    run: async (bench, reset) => {
      await bench.send(LARGE, {}, [2]);
      bench.clock.advance(DAY / 2);
      await bench.sweep();
      reset();
      bench.clock.advance(DAY / 2);
      await bench.sweep();
      bench.clock.advance(DAY);
      await bench.sweep();
    },
  },
  {
    title: 'an upload that the quota refuses',
    run: async (bench, reset) => {
      for (let open = 0; open < bench.quotas.maxOpenUploads; open++) await bench.openSingle(SMALL);
      reset();
      await expect(bench.openSingle(SMALL)).rejects.toMatchObject({ code: 'quota-exceeded' });
    },
  },
];

/** What the table of one case says. */
async function linesOf({ title, run }: (typeof CASES)[number]): Promise<string> {
  const bench = createUploadBench();
  const calls = new Map<string, number>();
  const meter = new Meter(bench.engine.store.capacity);
  const uploadObjects = new Proxy(bench.bucket, {
    get: (bucket, property) => {
      const member: unknown = Reflect.get(bucket, property);
      if (typeof member !== 'function') return member;
      return (...parameters: unknown[]): unknown => {
        calls.set(String(property), (calls.get(String(property)) ?? 0) + 1);
        return Reflect.apply(member, bucket, parameters);
      };
    },
  });
  Object.assign(bench.platform, meter.attach(bench.platform), { uploadObjects });
  await run(bench, () => {
    meter.reset();
    calls.clear();
  });
  const bucket = [...calls].sort().map(([name, times]) => `bucket.${name} ${times}`);
  return [title, ...[...bucket, ...meter.lines()].map((line) => `  ${line}`)].join('\n');
}

describe('what uploads cost', () => {
  it('is what their table says', async () => {
    const blocks: string[] = [];
    for (const each of CASES) blocks.push(await linesOf(each));
    await expect(`${blocks.join('\n\n')}\n`).toMatchFileSnapshot('tables/uploads.txt');
  });

  it('is, where active jobs are limited, three write units more for a job', async () => {
    const costOf = async (limit: object): Promise<number> => {
      const bench = createUploadBench();
      const limits = () => ({ maxUnits: 1e9, maxOutputBytes: 1e9, ...limit });
      Object.assign(bench.engine.platform, { limits });
      await bench.submit({ datasets: [{ id: 'a', units: 2 }] });
      await bench.engine.runUntilIdle();
      return bench.engine.store.capacity.writeUnits;
    };
    expect(await costOf({ maxActiveJobs: 3 })).toBe((await costOf({})) + 3);
  });
});
