import { gunzipSync } from 'node:zlib';
import type { Job, JobKey } from '../../../shared/jobs/job.ts';
import { planIngest } from '../../../shared/processes/ingest/plan.ts';
import ingest from '../../../shared/processes/ingest/process.ts';
import { makeZip } from '../../helpers/make-zip.ts';
import type { Course } from './course.ts';
import { submitJob } from '../../../shared/jobs/submit-job.ts';
import type { Scenario } from './scenarios.ts';
import type { Deployment, World } from './world.ts';

/** Small enough that a file of a few features has several blocks. */
const BLOCK_BYTES = 120;

const place = (name: string, coordinates: unknown) =>
  JSON.stringify({ type: 'Feature', properties: { name }, geometry: { type: 'Point', coordinates } });
const PLACES = [place('one', [1, 1]), place('two', ['two', 2]), place('three', [3, 3])].join('\n');
const TABLE = 'name,longitude,latitude\none,1,1\ntwo,2,2\n';

const FILES = {
  'place.geojsonl': new TextEncoder().encode(place('one', [1, 1])),
  'places.geojsonl': new TextEncoder().encode(PLACES),
  'table.zip': makeZip([{ name: 'table.csv', data: TABLE, method: 8 }]),
};
const sourceOf = (name: keyof typeof FILES): string => `s3://sources/acme/${name}`;

const DEPLOYMENT: Deployment = {
  processes: [
    {
      ...ingest,
      plan: (context, inputs) => planIngest(context, ingest.inputs.parse(inputs), BLOCK_BYTES),
    },
  ],
  sources: new Map(Object.entries(FILES).map(([name, bytes]) => [sourceOf(name as keyof typeof FILES), bytes])),
};

/** The process that has most of the engine to itself: files beside the chunks, verdicts, errors within units, pointers. */
export const INGEST_SCENARIOS: readonly Scenario[] = [
  {
    name: 'an ingestion of three blocks with a feature left out',
    deployment: DEPLOYMENT,
    run: (course) => ingestAndRest(course, 'places.geojsonl', { toleratedRejects: { count: 1 } }),
    expect: (world, job) => [
      ...isState(job, 'partial'),
      ...isNames(world, job, 'places', ['one', 'three']),
      ...isErrors(world, job, ['geojson-coordinate-type']),
    ],
  },
  {
    name: 'an ingestion that leaves out too much',
    deployment: DEPLOYMENT,
    run: (course) => ingestAndRest(course, 'places.geojsonl', { toleratedRejects: { count: 0 } }),
    expect: (world, job) => [
      ...isState(job, 'failed'),
      ...isNames(world, job, 'places', undefined),
      ...isErrors(world, job, ['geojson-coordinate-type']),
    ],
  },
  {
    name: 'an ingestion of a compressed archive',
    deployment: DEPLOYMENT,
    run: (course) => ingestAndRest(course, 'table.zip'),
    expect: (world, job) => [...isState(job, 'succeeded'), ...isNames(world, job, 'table', ['one', 'two'])],
  },
  {
    name: 'two ingestions into a dataset that must be new',
    deployment: DEPLOYMENT,
    run: async (course) => {
      await ingestAndRest(course, 'table.zip', { mode: 'create', dataset: 'new' });
      return ingestAndRest(course, 'table.zip', { mode: 'create', dataset: 'new' }, 'second');
    },
    expect: (world, job) => [...isState(job, 'failed'), ...isNames(world, job, 'new', undefined)],
  },
  {
    name: 'two ingestions at once that append to a dataset',
    deployment: DEPLOYMENT,
    run: async (course) => {
      await ingestAndRest(course, 'place.geojsonl', { dataset: 'grown' });
      await submitIngestion(course, 'place.geojsonl', { mode: 'append', dataset: 'grown' }, 'second');
      return ingestAndRest(course, 'place.geojsonl', { mode: 'append', dataset: 'grown' }, 'third');
    },
    expect: (world) => isGrown(world, 'grown', ['one']),
  },
];

async function ingestAndRest(...parameters: Parameters<typeof submitIngestion>): Promise<JobKey> {
  const job = await submitIngestion(...parameters);
  await parameters[0].rest();
  return job;
}

async function submitIngestion(
  course: Course,
  name: keyof typeof FILES,
  more: Record<string, unknown> = {},
  key = 'first',
): Promise<JobKey> {
  const tenant = 'acme';
  const inputs = ingest.inputs.parse({ source: sourceOf(name), outputs: ['geojson-seq'], ...more });
  return course.act(async (world) => {
    const submitted = await world.call(tenant, (platform) =>
      submitJob(platform, { tenant, subject: 'ann', processId: 'ingest', request: { inputs }, idempotencyKey: key }),
    );
    world.observation.submissions.push({ tenant, jobId: submitted.job.jobId, processId: 'ingest', key });
    return submitted.job;
  });
}

function isState(job: Job, state: Job['state']): string[] {
  return job.state === state ? [] : [`the job is ${job.state}, not ${state}: ${JSON.stringify(job.failure ?? {})}`];
}

/** What stands in the published file of a dataset, in any order; undefined: there is none. */
function isNames(world: World, { tenant, jobId }: JobKey, dataset: string, expected: string[] | undefined): string[] {
  const file = world.objects.objects.get(`s3://data/outputs/${tenant}/${jobId}/${dataset}.geojsonl.gz`);
  const names = file && readLines(gunzipSync(file.bytes)).map((line) => (line as Named).properties.name);
  if (names?.toSorted().join() === expected?.toSorted().join()) return [];
  return [`${dataset} has ${names?.join() ?? 'nothing'}, not ${expected?.join() ?? 'nothing'}`];
}

/** Each job that was published added its features to those before it: none was lost, however many ran at once. */
function isGrown(world: World, dataset: string, names: string[]): string[] {
  const published = world.observation.changes.filter(
    ({ before, after }) => before?.state === 'finishing' && after.state === 'succeeded',
  );
  const last = published.at(-1)?.after;
  return last === undefined
    ? [`nothing was published as ${dataset}`]
    : isNames(
        world,
        last,
        dataset,
        published.flatMap(() => names),
      );
}

/** The codes of the complete list of errors. */
function isErrors(world: World, { tenant, jobId }: JobKey, expected: string[]): string[] {
  const file = world.objects.objects.get(`s3://data/outputs/${tenant}/${jobId}/errors.ndjson`);
  const codes = file === undefined ? [] : readLines(file.bytes).map((line) => (line as { code: string }).code);
  return codes.join() === expected.join() ? [] : [`the errors are ${codes.join()}, not ${expected.join()}`];
}

interface Named {
  properties: { name: string };
}

function readLines(bytes: Uint8Array): unknown[] {
  const lines = new TextDecoder().decode(bytes).split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as unknown);
}
