import path from 'node:path';
import { parseArgs } from 'node:util';
import { LonghaulError } from '../shared/errors/longhaul-error.ts';
import { startLocalCloud } from './local/local-cloud.ts';
import { openStack } from './local/open-stack.ts';
import type { Port } from './local/port.ts';
import { choosePort, TEST_PORTS } from './local/ports.ts';
import { LONGHAUL_FOLDER } from './local/project-folders.ts';
import { runScript } from './run-script.ts';
import { Steps } from './steps.ts';
import { CHECKS, runCheck } from './testing/checks.ts';
import { runTier, TIERS, type Tier } from './testing/run-tier.ts';
import { TestRun } from './testing/test-run.ts';

const HELP = `npm test -- [options]

Checks the code and runs all tests: format, lint, types, layers, then the tiers ${TIERS.join(', ')}.
The tiers contract and e2e run against a local cloud of their own, on other ports than \`npm start\`'s.

  --only <step>        one check or tier; may be given more than once
  --port <port>        address of the API under test  (${TEST_PORTS.web.variable}, ${TEST_PORTS.web.usual})
  --cloud-port <port>  address of its local cloud     (${TEST_PORTS.cloud.variable}, ${TEST_PORTS.cloud.usual})
  --help               this text
`;

const CLOUD_FOLDER = path.join(LONGHAUL_FOLDER, 'test');

/** Processes that only the end-to-end tests deploy. */
const TEST_PROCESSES = 'test/e2e/processes';

const RASTER = 'raster-preseed';
/** A short timeout makes the queue give back the work of a worker that was killed in a minute and a half: six times this. */
const RASTER_TIMEOUT_SECONDS = 15;

await runScript(async (controller) => {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true },
      port: { type: 'string' },
      'cloud-port': { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const chosen = chooseSteps(values.only);
  const cloudPort = choosePort(TEST_PORTS.cloud, values['cloud-port']);
  const webPort = choosePort(TEST_PORTS.web, values.port);
  const steps = new Steps();
  const run = new TestRun(steps, controller.signal);
  for (const check of Object.keys(CHECKS).filter((name) => chosen.has(name))) {
    await run.step(check, (progress) => runCheck(check, controller.signal, progress));
  }
  for (const tier of TIERS.filter((name) => chosen.has(name))) {
    if (tier === 'contract') await runContract(run, cloudPort, controller);
    else if (tier === 'e2e') await runEndToEnd(run, steps, { cloudPort, webPort }, controller);
    else await runTests(run, tier, {}, controller);
  }
  console.log(run.summary);
  return run.exitCode;
});

/** @throws LonghaulError `test-step-unknown` */
function chooseSteps(only: readonly string[] | undefined): ReadonlySet<string> {
  const all = [...Object.keys(CHECKS), ...TIERS];
  const unknown = only?.find((name) => !all.includes(name));
  if (unknown === undefined) return new Set(only ?? all);
  throw new LonghaulError({
    code: 'test-step-unknown',
    retryable: false,
    detail: `There is no step ${unknown}.`,
    remedy: `Give --only one of ${all.join(', ')}.`,
  });
}

function runTests(run: TestRun, tier: Tier, environment: Record<string, string>, { signal }: AbortController) {
  return run.step(tier, (progress) => runTier(tier, { environment, signal, onLine: progress }));
}

/** The adapters against a bare local cloud. */
async function runContract(run: TestRun, port: Port, controller: AbortController): Promise<void> {
  try {
    const { signal } = controller;
    await using cloud = await startLocalCloud({ port, folder: CLOUD_FOLDER, fresh: true, signal });
    await runTests(run, 'contract', { LONGHAUL_CONTRACT_ENDPOINT: cloud.endpoint.href }, controller);
  } catch (error) {
    controller.signal.throwIfAborted();
    run.fail(error);
  }
}

/** The whole, deployed by the CDK to a local cloud without any state. */
async function runEndToEnd(
  run: TestRun,
  steps: Steps,
  ports: { cloudPort: Port; webPort: Port },
  controller: AbortController,
): Promise<void> {
  const descriptionFile = path.join(LONGHAUL_FOLDER, 'test.json');
  try {
    await using stack = await openStack(steps, {
      ...ports,
      folder: CLOUD_FOLDER,
      descriptionFile,
      fresh: true,
      context: { processes: JSON.stringify({ [RASTER]: { concurrency: 2, timeoutSeconds: RASTER_TIMEOUT_SECONDS } }) },
      processFolders: [TEST_PROCESSES],
      signal: controller.signal,
      onFailure: (error) => controller.abort(error),
    });
    process.on('SIGUSR2', () => void stack.restartCloud().catch((error: unknown) => controller.abort(error)));
    await runTests(run, 'e2e', { LONGHAUL_E2E: descriptionFile }, controller);
  } catch (error) {
    controller.signal.throwIfAborted();
    run.fail(error);
  }
}
