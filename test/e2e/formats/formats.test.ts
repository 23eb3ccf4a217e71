import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ensurePythonEnvironment } from '../../../scripts/local/python-environment.ts';
import { readOutput } from '../helpers/read-output.ts';
import { hasStack, testStack, type TestStack } from '../helpers/stack.ts';
import { storeUpload } from '../helpers/store-upload.ts';
import { CASES, type FormatCase } from './cases.ts';
import { datasetOf, filesOf, manifestOf, type ManifestLayer } from './manifest.ts';

const OUTPUTS = ['flatgeobuf', 'geoparquet', 'geojson-seq'];
const READERS = {
  folder: 'venv-formats',
  requirements: 'test/e2e/formats/requirements.txt',
  title: 'GDAL and Arrow, which the outputs are read by',
};

const script = (name: string): string => new URL(name, import.meta.url).pathname;
/** Nothing is written beside the scripts, and no grid is fetched: a datum is shifted by what PROJ itself knows. */
const PYTHON_ENVIRONMENT = { PYTHONDONTWRITEBYTECODE: '1', PROJ_NETWORK: 'OFF' };

/** The only output of the process, as it is. */
const resultsSchema = z.array(z.object({ files: z.array(z.object({ role: z.string(), href: z.url() })) }));
const reportsSchema = z.array(
  z.object({
    id: z.string(),
    file: z.string(),
    features: z.int(),
    fields: z.int(),
    differences: z.array(z.string()),
  }),
);
type Report = z.output<typeof reportsSchema>[number];

/** What became of a job, and the names of its files. */
interface Ended {
  state: string;
  files: string[];
}

describe.runIf(hasStack)('ingest on the deployed stack', () => {
  let stack: TestStack;
  let folder: string;
  let python: string;
  const ended = new Map<string, Ended>();
  let reports: Report[] = [];

  const runPython = async (name: string, argument: string): Promise<string> => {
    const options = { env: PYTHON_ENVIRONMENT, maxBuffer: 16 * 1024 * 1024 };
    return (await promisify(execFile)(python, [script(name), argument], options)).stdout;
  };
  const compare = async (layers: readonly ManifestLayer[]): Promise<Report[]> => {
    const manifest = join(folder, `${randomUUID()}.json`);
    await writeFile(manifest, JSON.stringify(layers));
    return reportsSchema.parse(JSON.parse(await runPython('compare.py', manifest)));
  };

  /** Address of a file that was put where the caller's sources lie, or sent as an upload. */
  const store = async ({ file, isUpload }: FormatCase): Promise<string> => {
    const content = await readFile(join(folder, file));
    if (isUpload === true) return `upload:${await storeUpload(stack, file, content)}`;
    const { buckets, tenant } = stack.description;
    const Key = `sources/${tenant}/formats/${file}`;
    await stack.clients.s3.send(new PutObjectCommand({ Bucket: buckets.data, Key, Body: content }));
    return `s3://${buckets.data}/${Key}`;
  };

  /** @returns id of the job */
  const submit = async (formatCase: FormatCase): Promise<string> => {
    const { id: dataset, inputs } = formatCase;
    const source = await store(formatCase);
    const job = await stack.api.submit('ingest', { source, dataset, outputs: OUTPUTS, ...inputs }, randomUUID());
    return job.jobID;
  };

  const fetchOutputs = async (jobId: string): Promise<Ended> => {
    const { state } = await stack.api.wait(jobId);
    if (state !== 'succeeded') return { state, files: [] };
    const datasets = resultsSchema.parse((await stack.api.request('GET', `jobs/${jobId}/results`)).body);
    const files = datasets.flatMap((dataset) =>
      dataset.files.filter(({ role }) => role === 'data').map(({ href }) => nameOf(href)),
    );
    for (const name of files) await writeFile(join(folder, name), await readOutput(stack, jobId, name));
    return { state, files: files.sort() };
  };

  beforeAll(async () => {
    stack = await testStack();
    folder = await mkdtemp(join(tmpdir(), 'longhaul-formats-'));
    python = await ensurePythonEnvironment(undefined, READERS);
    await runPython('make_sources.py', folder);
    const jobs: string[] = [];
    for (const formatCase of CASES) jobs.push(await submit(formatCase));
    // All run at once; one is asked for after the other, which leaves the machine to them.
    for (const [index, { id }] of CASES.entries()) ended.set(id, await fetchOutputs(jobs[index]!));
    const succeeded = CASES.filter(({ id }) => ended.get(id)?.state === 'succeeded');
    reports = await compare(manifestOf(succeeded, folder, folder));
  });

  afterAll(async () => {
    stack.clients.destroy();
    await rm(folder, { recursive: true, force: true });
  });

  it.each(CASES)('publishes $title as GDAL and Arrow read it', (formatCase) => {
    expect(ended.get(formatCase.id)).toEqual({ state: 'succeeded', files: filesOf(formatCase).sort() });
    const datasets = formatCase.layers.map((layer) => datasetOf(formatCase, layer));
    const found = reports.filter(({ id }) => datasets.includes(id));
    expect(found).toHaveLength(filesOf(formatCase).length);
    for (const { file, features, differences } of found) {
      expect({ file, differences }).toEqual({ file, differences: [] });
      expect(features).toBeGreaterThan(0);
    }
  });

  it('would show any fault of an output', async () => {
    const faults = {
      nothing: [],
      feature: ['136 features became 135'],
      value: [/^NAME: '.*' became 'Atlantis'$/],
      null: [/^NAME: '.*' became None$/],
      type: ['POLY_ID: integer became real'],
      field: ['there is a field more'],
      vertex: [/: a vertex is .* of its coordinate away$/],
      crs: ['the CRS is EPSG:3857'],
    };
    const files = Object.keys(faults).map((fault) => join(folder, `tampered-${fault}.fgb`));
    const found = await compare([{ id: 'tampered', source: { path: join(folder, 'counties.fgb') }, files }]);
    for (const [index, [fault, expected]] of Object.entries(faults).entries()) {
      const differences = found[index]?.differences ?? [];
      expect(differences.length > 0, fault).toBe(expected.length > 0);
      for (const each of expected) {
        expect(differences).toContainEqual(each instanceof RegExp ? expect.stringMatching(each) : each);
      }
    }
  });
});

const nameOf = (href: string): string => decodeURIComponent(new URL(href).pathname.split('/').at(-1) ?? '');
