import { describe, expect, it } from 'vitest';
import { exists } from '../../../shared/jobs/conditions.ts';
import { shardItemKey } from '../../../shared/jobs/items/keys.ts';
import type { OutputUpload } from '../../../shared/jobs/process.ts';
import { failedUnits, writeErrors } from '../../../shared/jobs/write-errors.ts';
import { createTestEngine, type TestEngine } from '../../helpers/test-engine.ts';
import { finalError } from '../../helpers/numbers-process.ts';

const MIB = 1024 * 1024;
const JOB = '01J00000000000000000000001';
const KEY = { tenant: 'acme', jobId: JOB };

/** A job whose chunks are settled and that could not be finished. */
async function settled(units: number, failing: number[], detail?: string): Promise<TestEngine> {
  const test = createTestEngine({ finishError: () => finalError() });
  const definition = test.engine.platform.processes.get('numbers')!;
  if (detail !== undefined) {
    test.engine.platform.processes = new Map([
      [
        'numbers',
        {
          ...definition,
          runChunk: async (context, work) => {
            const result = await definition.runChunk(context, work);
            return { ...result, errors: result.errors.map((error) => ({ ...error, detail })) };
          },
        },
      ],
    ]);
  }
  await test.submit({ datasets: [{ id: 'a', units }], chunkUnits: Math.max(1, units / 12), failing });
  await test.engine.runUntilIdle();
  test.objects.remove(new URL(`s3://data/outputs/acme/${JOB}/errors.ndjson`));
  return test;
}

describe('the errors of a job', () => {
  it('come in the order of their chunks', async () => {
    const failing = [11, 10, 2, 0];
    const { engine } = await settled(12, failing);
    const numbers: number[] = [];
    for await (const { number } of failedUnits(engine.platform, KEY)) numbers.push(number);
    expect(numbers).toEqual([0, 2, 10, 11]);
  });

  it('come in that order however the store orders a set', async () => {
    const { engine } = await settled(12, [11, 10, 2, 0]);
    const set = { failedChunks: new Set([10, 2, 11, 0]) };
    await engine.store.write({ kind: 'update', key: shardItemKey(KEY, 0), condition: exists('settled'), set });
    const numbers: number[] = [];
    for await (const { number } of failedUnits(engine.platform, KEY)) numbers.push(number);
    expect(numbers).toEqual([0, 2, 10, 11]);
  });

  it('are written one a line, and five of them given back', async () => {
    const { engine, objects } = await settled(12, [0, 2, 4, 6, 8, 10]);
    const error = (number: number) => ({ number, code: 'unit-bad', detail: `Unit ${number} is bad.`, dataset: 'a' });
    expect(await writeErrors(engine.platform, KEY)).toEqual([0, 2, 4, 6, 8].map(error));
    const object = objects.objects.get(`s3://data/outputs/acme/${JOB}/errors.ndjson`)!;
    const lines = [0, 2, 4, 6, 8, 10].map((number) => `${JSON.stringify(error(number))}\n`);
    expect(new TextDecoder().decode(object.bytes)).toBe(lines.join(''));
    expect(object.mediaType).toBe('application/x-ndjson');
  });

  it('end with what the process lists, of which the sample has no members of its own', async () => {
    const { engine, objects } = await settled(12, [3]);
    async function* rejects() {
      yield {
        code: 'geometry-invalid',
        detail: 'A ring is open.',
        remedy: 'Close it.',
        dataset: 'a',
        unit: 'feature 7',
        offset: 120,
        feature: {},
      };
    }
    const sample = await writeErrors(engine.platform, KEY, rejects());
    expect(sample.map(({ code }) => code)).toEqual(['unit-bad', 'geometry-invalid']);
    expect(sample[1]).toEqual({
      code: 'geometry-invalid',
      detail: 'A ring is open.',
      remedy: 'Close it.',
      dataset: 'a',
      unit: 'feature 7',
    });
    const { bytes } = objects.objects.get(`s3://data/outputs/acme/${JOB}/errors.ndjson`)!;
    const lines = new TextDecoder().decode(bytes).trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { offset?: number }).offset)).toEqual([undefined, 120]);
  });

  it('leave no object when there is none', async () => {
    const { engine, objects } = await settled(2, []);
    expect(await writeErrors(engine.platform, KEY)).toEqual([]);
    expect([...objects.objects.keys()].filter((url) => url.endsWith('errors.ndjson'))).toEqual([]);
  });

  it('are written in parts of at least 8 MiB, whatever their letters', async () => {
    const units = 24;
    const detail = 'ü'.repeat(MIB / 2);
    const { engine, objects } = await settled(
      units,
      Array.from({ length: units }, (_, unit) => unit),
      detail,
    );
    const sizes: [number, number][] = [];
    const createUpload = async (url: URL, mediaType: string): Promise<OutputUpload> => {
      const upload = await objects.createUpload(url, mediaType);
      const putPart = (number: number, bytes: Uint8Array) => {
        sizes.push([number, Math.floor(bytes.length / MIB)]);
        return upload.putPart(number, bytes);
      };
      return { ...upload, putPart };
    };
    const watching = {
      getRange: objects.getRange.bind(objects),
      createUpload,
    } as unknown as TestEngine['objects'];
    await writeErrors({ ...engine.platform, objects: watching }, KEY);
    expect(sizes).toEqual([
      [1, 8],
      [2, 8],
      [3, 8],
    ]);
    const { bytes } = objects.objects.get(`s3://data/outputs/acme/${JOB}/errors.ndjson`)!;
    const lines = new TextDecoder().decode(bytes).trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { number: number }).number)).toEqual(
      Array.from({ length: units }, (_, unit) => unit),
    );
  });
});
