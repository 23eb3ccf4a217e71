import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { makeZip } from '../../helpers/make-zip.ts';
import type { End } from './attack.ts';
import { createAttackBench, runNeighbour } from './attack-bench.ts';
import { WHOLE_FILES, type WholeFile } from './truncated-files.ts';

const KIB = 1024;
/** Cuts of one file at most. */
const MAX_CUTS = 40;

/** The ways in which a file comes to the process: it is read where it lies, in an archive, or as it was unpacked. */
const WAYS: ((cut: Uint8Array, extension: string) => Uint8Array)[] = [
  (cut) => cut,
  (cut, extension) => makeZip([{ name: `a.${extension}`, data: cut, method: 0 }]),
  (cut) => gzipSync(cut),
];

/** Every cut with its name: at each kilobyte of a small file. */
function cutsOf({ bytes, extension, packed }: WholeFile): Record<string, Uint8Array> {
  const step = Math.max(KIB, Math.ceil(bytes.length / MAX_CUTS));
  const cuts: Record<string, Uint8Array> = {};
  for (let length = 0; length < bytes.length; length += step) {
    const cut = bytes.subarray(0, length);
    if (packed !== undefined) cuts[`${length}`] = packed(cut);
    else if (extension === 'zip' || extension === 'gz') cuts[`${length}`] = cut;
    else for (const [way, pack] of WAYS.entries()) cuts[`${length}-${way}`] = pack(cut, extension);
  }
  return cuts;
}

const told = ({ state, failure, errors }: End): string => [state, failure, ...errors].filter(Boolean).join(' ');

describe('ingest, given a file that is cut off,', () => {
  it.each(WHOLE_FILES)('ends each job of $format with its code', async (file) => {
    const cuts = cutsOf(file);
    expect(Object.keys(cuts).length).toBeGreaterThan(3);
    const inputs = { ...file.inputs, toleratedRejects: { percentage: 100 } };
    const bench = createAttackBench({ ...cuts, whole: file.packed?.(file.bytes) ?? file.bytes });
    const ends = new Set<string>();
    for (const name of Object.keys(cuts)) {
      const { end } = await bench.fight(name, inputs);
      ends.add(told(end));
      expect(end.features).toBeLessThanOrEqual(file.features);
    }
    expect([...ends].sort()).toEqual(file.ends);
    expect((await bench.fight('whole', inputs)).end).toEqual({
      state: 'succeeded',
      errors: [],
      features: file.features,
    });
    expect(await runNeighbour(bench.engine)).toBe('succeeded');
  });
});
