import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { JobProgress } from './job-progress.ts';
import { ApiClient, hasEnded, type JobStatus } from './local/api-client.ts';
import { emulatorClients } from './local/emulator-clients.ts';
import { functionErrors } from './local/function-errors.ts';
import { openStack } from './local/open-stack.ts';
import { choosePort, START_PORTS } from './local/ports.ts';
import { LONGHAUL_FOLDER, PROJECT_FOLDER } from './local/project-folders.ts';
import { putIfChanged } from './local/put-if-changed.ts';
import type { StackDescription } from './local/stack-description.ts';
import { runScript } from './run-script.ts';
import { Steps } from './steps.ts';

const HELP = `npm start -- [options]

Starts the local cloud, deploys the stack, uploads examples/scene.tif, makes tiles of it and shows them on a map.
On a terminal it stays up until Ctrl+C; elsewhere it exits with the outcome of the job.

  --keep               stay up without a terminal, too
  --port <port>        address of the API and the map     (${START_PORTS.web.variable}, ${START_PORTS.web.usual})
  --cloud-port <port>  address of the local cloud itself  (${START_PORTS.cloud.variable}, ${START_PORTS.cloud.usual})
  --help               this text
`;

const PROCESS = 'raster-preseed';
const DATASET = 'scene';
const SCENE = path.join(PROJECT_FOLDER, 'examples', 'scene.tif');
const ZOOMS = { minzoom: 6, maxzoom: 14 };

/** A raster worker keeps a core busy; the event source mapping takes no fewer than two. */
const CONCURRENCY = Math.max(2, availableParallelism());

await runScript(async (controller) => {
  const { values } = parseArgs({
    options: {
      keep: { type: 'boolean', default: false },
      port: { type: 'string' },
      'cloud-port': { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const cloudPort = choosePort(START_PORTS.cloud, values['cloud-port']);
  const steps = new Steps();
  await using stack = await openStack(steps, {
    cloudPort,
    webPort: choosePort(START_PORTS.web, values.port),
    // Addresses of queues hold the port: each port has a state of its own.
    folder: path.join(LONGHAUL_FOLDER, `cloud-${cloudPort.number}`),
    descriptionFile: path.join(LONGHAUL_FOLDER, 'local.json'),
    context: { processes: JSON.stringify({ [PROCESS]: { concurrency: CONCURRENCY } }) },
    processFolders: [],
    signal: controller.signal,
    onFailure: (error) => controller.abort(error),
  });
  const api = new ApiClient(new URL(stack.description.api), stack.description.token);
  const endpoint = new URL(stack.description.endpoint);
  const job = await preseedScene(steps, api, stack.description, controller.signal).catch(async (error: unknown) => {
    if (!controller.signal.aborted) await sayFunctionErrors(steps, endpoint);
    throw error;
  });
  sayOutcome(steps, stack.description, job);
  if (job.status !== 'successful') await sayFunctionErrors(steps, endpoint);
  if (values.keep || process.stdout.isTTY) {
    steps.say('Ctrl+C stops it.');
    if (!controller.signal.aborted) await once(controller.signal, 'abort');
    controller.signal.throwIfAborted();
  }
  return job.status === 'successful' ? 0 : 1;
});

async function preseedScene(steps: Steps, api: ApiClient, stack: StackDescription, signal: AbortSignal) {
  const key = `sources/${stack.tenant}/scene.tif`;
  await steps.run('Upload', async (note) => {
    const clients = emulatorClients(new URL(stack.endpoint));
    const scene = await readFile(SCENE);
    const upload = putIfChanged(clients.s3, stack.buckets.data, key, scene, 'image/tiff');
    const written = await upload.finally(() => clients.destroy());
    note(`s3://${stack.buckets.data}/${key}`);
    if (!written) note('unchanged');
  });
  const inputs = { datasets: [{ id: DATASET, source: `s3://${stack.buckets.data}/${key}` }], ...ZOOMS };
  const submitted = await steps.run('Submit', async (note) => {
    const job = await submitOnce(api, inputs);
    note(`${PROCESS} ${job.jobID}`);
    if (hasEnded(job)) note('the same job ran before');
    return job;
  });
  return steps.run('Preseed', async (note) => {
    const progress = new JobProgress();
    const options = { signal, onStatus: (job: JobStatus) => progress.show(job, performance.now()) };
    const job = await api.wait(submitted.jobID, options).finally(() => progress.stop());
    note(`${job.state}, ${job.message}`);
    return job;
  });
}

/** The same inputs give the same job for a day, so that a second start is quick; one that went wrong is run anew. */
async function submitOnce(api: ApiClient, inputs: Record<string, unknown>): Promise<JobStatus> {
  const job = await api.submit(PROCESS, inputs);
  if (!hasEnded(job) || job.status === 'successful') return job;
  return api.submit(PROCESS, inputs, randomUUID());
}

/** What the functions logged says more than the answer of the API may. */
async function sayFunctionErrors(steps: Steps, endpoint: URL): Promise<void> {
  for (const error of await functionErrors(endpoint)) steps.say(`  log: ${error}`);
}

function sayOutcome(steps: Steps, { api, token, buckets, tenant }: StackDescription, job: JobStatus): void {
  if (job.status === 'successful') {
    steps.say(`\n  result  s3://${buckets.data}/outputs/${tenant}/${job.jobID}/${DATASET}.pmtiles`);
    steps.say(`  map     ${api}map/#${DATASET}`);
  } else {
    const reasons = [job.failure, ...(job.errors ?? [])].filter((error) => error !== undefined);
    for (const { code, detail } of reasons) steps.say(`  why: ${detail} (${code})`);
    steps.say(`  do:  see ${api}jobs/${job.jobID} and .longhaul/cloud-*/emulator.log`);
  }
  steps.say(`  api     ${api}`);
  steps.say(`  token   ${token}  (tenant ${tenant}; also in .longhaul/local.json)\n`);
}
