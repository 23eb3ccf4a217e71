import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ApiClient } from '../../scripts/local/api-client.ts';
import { emulatorClients } from '../../scripts/local/emulator-clients.ts';
import { openStack } from '../../scripts/local/open-stack.ts';
import { choosePort, TEST_PORTS } from '../../scripts/local/ports.ts';
import { LONGHAUL_FOLDER } from '../../scripts/local/project-folders.ts';
import { runScript } from '../../scripts/run-script.ts';
import { Steps } from '../../scripts/steps.ts';
import { killWorkers } from '../e2e/helpers/kill-workers.ts';
import type { TestStack } from '../e2e/helpers/stack.ts';
import { featureLines } from './ingest-memory/feature-lines.ts';
import { peakMemory } from './ingest-memory/peak-memory.ts';
import { putInParts } from './ingest-memory/put-in-parts.ts';

const HELP = `npm run bench:ingest-memory -- [options]

Deploys the stack to a local cloud of its own, ingests GeoJSONSeq of several sizes into all three outputs, and prints
the peak memory of every worker that planned, ran chunks or merged them. Ends with exit code 1 above 512 MB. The local
cloud keeps what is uploaded in memory: 2 GB of input take about 6 GB there.

  --sizes <MB,…>       sizes of the inputs            [200,2000]
  --outputs <name,…>   formats that are published     [flatgeobuf,geoparquet,geojson-seq]
  --port <port>        address of the API             (${TEST_PORTS.web.variable}, ${TEST_PORTS.web.usual})
  --cloud-port <port>  address of the local cloud     (${TEST_PORTS.cloud.variable}, ${TEST_PORTS.cloud.usual})
  --help               this text
`;

const PROCESS = 'ingest';
const LIMIT_BYTES = 512e6;
const PIECE_BYTES = 32 * 1024 * 1024;
/** A worker keeps a core busy; the event source mapping takes no fewer than two. */
const CONCURRENCY = 2;
const CONTEXT = { processes: JSON.stringify({ [PROCESS]: { concurrency: CONCURRENCY } }) };

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;

await runScript(async (controller) => {
  const { values } = parseArgs({
    options: {
      sizes: { type: 'string', default: '200,2000' },
      outputs: { type: 'string', default: 'flatgeobuf,geoparquet,geojson-seq' },
      port: { type: 'string' },
      'cloud-port': { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const folder = join(LONGHAUL_FOLDER, 'bench-memory');
  const steps = new Steps();
  try {
    await using local = await openStack(steps, {
      cloudPort: choosePort(TEST_PORTS.cloud, values['cloud-port']),
      webPort: choosePort(TEST_PORTS.web, values.port),
      folder,
      descriptionFile: join(LONGHAUL_FOLDER, 'bench-memory.json'),
      fresh: true,
      context: CONTEXT,
      processFolders: [],
      signal: controller.signal,
      onFailure: (error) => controller.abort(error),
    });
    const { description } = local;
    const clients = emulatorClients(new URL(description.endpoint));
    const stack = { description, clients, api: new ApiClient(new URL(description.api), description.token) };
    const worst: number[] = [];
    try {
      for (const size of values.sizes.split(',')) {
        const input = { megabytes: Number(size), outputs: values.outputs.split(',') };
        worst.push(await measure(steps, stack, input, controller.signal));
      }
    } finally {
      clients.destroy();
    }
    return Math.max(...worst) > LIMIT_BYTES ? 1 : 0;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

/** @returns the highest peak of a worker, in bytes */
async function measure(
  steps: Steps,
  stack: TestStack,
  input: { megabytes: number; outputs: string[] },
  signal: AbortSignal,
): Promise<number> {
  const { description, clients, api } = stack;
  const { data } = description.buckets;
  const Key = `sources/${description.tenant}/features-${input.megabytes}.geojsonl`;
  await steps.run(`Input of ${input.megabytes} MB`, async (note) => {
    const pieces = featureLines(input.megabytes * 1e6, PIECE_BYTES);
    note(megabytes(await putInParts(clients.s3, { Bucket: data, Key }, pieces)));
  });
  const functionName = description.functions.workers[PROCESS]!;
  // Each size has workers of its own: what one kept of the size before would count.
  await killWorkers(stack, functionName);
  return steps.run(`Ingest ${input.megabytes} MB`, async (note, progress) => {
    const peaks = await peakMemory(stack, functionName, async () => {
      const { jobID } = await api.submit(PROCESS, { source: `s3://${data}/${Key}`, outputs: input.outputs });
      const job = await api.wait(jobID, { signal, onStatus: ({ message }) => progress(message) });
      if (job.state !== 'succeeded') throw new Error(`the job is ${job.state}: ${job.message}`);
      note(`${job.units} chunks`);
    });
    const [highest] = peaks;
    if (highest === undefined) throw new Error('no worker was seen');
    note(`peaks of ${peaks.length} workers: ${peaks.map(megabytes).join(', ')}`);
    return highest;
  });
}
