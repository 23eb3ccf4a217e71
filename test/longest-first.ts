import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Files that run for long, the longest first: one that came last would keep one core busy while the others wait. Vitest
 * itself goes by the size of a file when it has not run it before, as on a clean machine.
 */
const LONGEST = [
  'simulation/crash-points-redelivered',
  'simulation/ingest',
  'simulation/crash-points-two-workers',
  'simulation/crash-points',
  'simulation/pairs-',
  'simulation/random-',
  'simulation/delivery',
  'simulation/uploads',
  'simulation/branches',
  'simulation/model',
  'explorer/explorer',
  'bugs/bugs-',
  'security/ingest/attacks',
  'security/formats/hostile-geojson',
  'security/formats/fuzz-',
  'security/ingest/truncated',
  'security/tiff/fuzz-decoders',
];

/** Sorts test files so that all cores are busy until the end. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => place(a) - place(b));
  }
}

function place({ moduleId }: TestSpecification): number {
  const found = LONGEST.findIndex((name) => moduleId.includes(`/test/${name}`));
  return found < 0 ? LONGEST.length : found;
}
