import { rm, stat } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import type { FeatureFormat } from '../../../shared/geo/features/feature-format.ts';
import { OUTPUTS } from '../../../shared/processes/ingest/publish/output-formats.ts';
import { readerOf } from '../../../shared/processes/ingest/formats.ts';
import { openFileSource } from '../../../shared/sources/file-source.ts';
import { runPinned, type PinnedRun } from '../peers/run-pinned.ts';
import type { BenchInput } from './make-input.ts';
import type { Peer } from './peer.ts';
import type { Work } from './works.ts';

/** Medians of several runs of one program. */
export interface Measured extends Omit<PinnedRun, 'stdout'> {
  features: number;
  /** Size of what was written. */
  bytes: number;
}

export interface MeasuredWork {
  ours: Measured;
  peer: Measured;
}

const longhaul = new URL('../../../cli/longhaul.mjs', import.meta.url).pathname;

/** Makes and compiles the bundle that Longhaul starts from, as the first start of an installation does. */
export async function startOnce(): Promise<void> {
  await runPinned(process.execPath, [longhaul, '--version']);
}

/**
 * Runs both programs in turns, so that what else the machine does meets both.
 * @param folder for what they write; it ends in `/`
 */
export async function measureWork(
  work: Work,
  input: BenchInput,
  { peer, rounds, folder }: { peer: Peer; rounds: number; folder: URL },
): Promise<MeasuredWork> {
  const target = (name: string) => new URL(`${name}.${OUTPUTS[work.output].extension}`, folder).pathname;
  const crs = work.crs === undefined ? [] : ['--source-crs', work.crs];
  const options = ['--source', input.path, ...crs, '--outputs', work.output, '--out', target('ours')];
  const commands = {
    ours: [process.execPath, longhaul, 'run', 'ingest', ...options, '--concurrency', '1'],
    peer: peer.command(work, input.peerPath, target('peer')),
  };
  const runs: Record<keyof typeof commands, PinnedRun[]> = { ours: [], peer: [] };
  for (let round = 0; round < rounds; round++) {
    for (const name of ['peer', 'ours'] as const) {
      await rm(target(name), { force: true });
      const [program, ...given] = commands[name];
      runs[name].push(await runPinned(program, given));
    }
  }
  return {
    ours: await summarise(runs.ours, target('ours'), work),
    peer: await summarise(runs.peer, target('peer'), work),
  };
}

async function summarise(runs: readonly PinnedRun[], target: string, { output }: Work): Promise<Measured> {
  const medianOf = (value: (run: PinnedRun) => number) => median(runs.map(value));
  const { size } = await stat(target);
  return {
    seconds: medianOf(({ seconds }) => seconds),
    cpuSeconds: medianOf(({ cpuSeconds }) => cpuSeconds),
    peakBytes: Math.max(...runs.map(({ peakBytes }) => peakBytes)),
    features: await countFeatures(await readerOf(output), target),
    bytes: size,
  };
}

/** As the file itself tells it. */
async function countFeatures(format: FeatureFormat, path: string): Promise<number> {
  const file = await openFileSource(pathToFileURL(path));
  const { signal } = new AbortController();
  const layers = await format.inspect({ file }, { blockBytes: file.size, name: 'bench', signal });
  return layers.reduce((sum, { features = 0 }) => sum + features, 0);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
