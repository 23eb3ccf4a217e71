import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Counts, DatasetState, JobState } from '../../shared/jobs/job.ts';
import type { Kind } from './schemas.ts';
import type { RecordedAccess } from './access.ts';
import { UpgradeWorld, type StoredWorld } from './upgrade-world.ts';

export const GOLDEN_FOLDER = fileURLToPath(new URL('golden/', import.meta.url));

/** What became of a job. */
export interface End {
  jobId: string;
  state: JobState;
  counts: Counts[];
  /** What the sweeper had to do, by cause: a new version must not need more of it. */
  healed: Record<string, number>;
  datasetStates?: DatasetState[];
  /** Code of the failure. */
  failure?: string;
}

/** A world as a version stored it: how its jobs stood, and how the same version ended them. */
export interface GoldenWorld extends StoredWorld {
  states: JobState[];
  ends: End[];
}

export interface GoldenVersion {
  version: string;
  worlds: Record<string, GoldenWorld>;
  access: RecordedAccess;
  schemas: Record<Kind, object>;
}

/** Every version that was recorded. */
export function goldenVersions(): GoldenVersion[] {
  return globSync('*/', { cwd: GOLDEN_FOLDER })
    .sort()
    .map((version) => {
      const folder = path.join(GOLDEN_FOLDER, version);
      const worlds = globSync('worlds/*.json', { cwd: folder }).sort();
      return {
        version,
        worlds: Object.fromEntries(
          worlds.map((file) => [path.basename(file, '.json'), read<GoldenWorld>(folder, file)]),
        ),
        access: read(folder, 'access.json'),
        schemas: read(folder, 'schemas.json'),
      };
    });
}

export function isRecorded(version: string): boolean {
  return existsSync(path.join(GOLDEN_FOLDER, version));
}

/** Lets the jobs of a world go on to their ends. */
export async function endsOf(world: StoredWorld): Promise<{ ends: End[]; after: UpgradeWorld }> {
  const after = await UpgradeWorld.restore(world);
  const jobs = await after.goOn();
  const ends = jobs.map(({ jobId, state, counts, healed, datasetStates, failure }) => ({
    jobId,
    state,
    counts,
    healed,
    ...(datasetStates === undefined ? {} : { datasetStates }),
    ...(failure === undefined ? {} : { failure: failure.code }),
  }));
  return { ends, after };
}

function read<T>(folder: string, file: string): T {
  return JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as T;
}
