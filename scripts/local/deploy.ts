import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ACCOUNT, programEnvironment, REGION } from './emulator-account.ts';
import { LonghaulError } from '../../shared/errors/longhaul-error.ts';
import { applyDroppedSettings } from './dropped-settings.ts';
import { emulatorClients } from './emulator-clients.ts';
import { callCloudFormation, callJson, resetEmulator } from './emulator-request.ts';
import { deployFailed } from './errors.ts';
import { deploymentFingerprint } from './fingerprint.ts';
import { BINARIES_FOLDER, PROJECT_FOLDER, searchPath } from './project-folders.ts';
import { readIfThere } from './read-if-there.ts';
import { runProgram } from './run-program.ts';
import { parseStackOutputs, type StackOutputs } from './stack-outputs.ts';

export const STACK_NAME = 'Longhaul';

const MINUTE = 60_000;
/** A deploy whose custom resource never answers would hang for ever. */
const DEPLOY_LIMIT_MS = 6 * MINUTE;
const BOOTSTRAP_LIMIT_MS = 2 * MINUTE;

/** Lies in the emulator's own state: a state that was lost, or is older than the code, is deployed to again. */
const FINGERPRINT_PARAMETER = '/longhaul/deployment';
const BOOTSTRAP_STACK = 'CDKToolkit';
const BOOTSTRAP_PARAMETER = '/cdk-bootstrap/hnb659fds/version';

export interface DeployOptions {
  endpoint: URL;
  /** Holds the assembly and the outputs. */
  folder: string;
  /** Context values besides `local`. */
  context: Record<string, string>;
  /** Further folders of processes, relative to the project. */
  processFolders: readonly string[];
  signal?: AbortSignal | undefined;
  onProgress?: (line: string) => void;
}

/**
 * Deploys the stack to the local cloud with the real CDK CLI, unless this very code is deployed already.
 * @throws LonghaulError `deploy-failed`, `stack-outputs-invalid`, `local-cloud-refused`, and as `runProgram`
 */
export async function deployStack(options: DeployOptions): Promise<{ outputs: StackOutputs; changed: boolean }> {
  const context = { ...options.context, local: 'true', stackName: STACK_NAME };
  const fingerprint = await deploymentFingerprint(options.processFolders, context);
  const outputsFile = path.join(options.folder, 'outputs.json');
  const known = await readIfThere(outputsFile);
  if (known !== undefined && (await readParameter(options.endpoint, FINGERPRINT_PARAMETER)) === fingerprint) {
    return { outputs: parseStackOutputs(known, STACK_NAME), changed: false };
  }

  await mkdir(options.folder, { recursive: true });
  await forgetBrokenStacks(options);
  if ((await readParameter(options.endpoint, BOOTSTRAP_PARAMETER)) === undefined) {
    // In a folder without cdk.json: with the app, bootstrap would synthesise it too, and bundle nothing.
    const parameters = ['bootstrap', `aws://${ACCOUNT}/${REGION}`];
    await runCdk('Bootstrapping the local cloud', parameters, options.folder, BOOTSTRAP_LIMIT_MS, options);
  }
  const assembly = path.join(options.folder, 'cdk.out');
  const values = Object.entries(context).flatMap(([key, value]) => ['--context', `${key}=${value}`]);
  const parameters = ['deploy', STACK_NAME, ...values, '--output', assembly, '--outputs-file', outputsFile];
  parameters.push('--require-approval', 'never', '--method', 'direct', '--progress', 'events');
  await runCdk('Deploying the stack', parameters, PROJECT_FOLDER, DEPLOY_LIMIT_MS, options);

  const clients = emulatorClients(options.endpoint);
  const template = await readFile(path.join(assembly, `${STACK_NAME}.template.json`), 'utf8');
  await applyDroppedSettings(options.endpoint, clients, STACK_NAME, template).finally(() => clients.destroy());
  const outputs = parseStackOutputs(await readFile(outputsFile, 'utf8'), STACK_NAME);
  await writeParameter(options.endpoint, FINGERPRINT_PARAMETER, fingerprint);
  return { outputs, changed: true };
}

/**
 * A deploy that was interrupted leaves its stack in progress for ever, and the next deploy would wait for it: the
 * local cloud then begins anew.
 */
async function forgetBrokenStacks({ endpoint, onProgress }: DeployOptions): Promise<void> {
  const states = await Promise.all([STACK_NAME, BOOTSTRAP_STACK].map((name) => readStackState(endpoint, name)));
  if (!states.some((state) => /_(IN_PROGRESS|FAILED)$/.test(state ?? ''))) return;
  onProgress?.('an earlier deploy was interrupted: the local cloud begins anew');
  await resetEmulator(endpoint);
}

async function readStackState(endpoint: URL, name: string): Promise<string | undefined> {
  const answer = await callCloudFormation(endpoint, 'DescribeStacks', name).catch(refusedWith('does not exist'));
  return /<StackStatus>([A-Z_]+)</.exec(answer ?? '')?.[1];
}

async function runCdk(
  step: string,
  parameters: string[],
  cwd: string,
  limitMs: number,
  options: DeployOptions,
): Promise<void> {
  const cdk = path.join(BINARIES_FOLDER, 'cdk');
  const environment = {
    ...programEnvironment(options.endpoint, searchPath()),
    CI: 'true',
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    LONGHAUL_PROCESS_FOLDERS: options.processFolders.join(','),
  };
  const result = await runProgram(cdk, [...parameters, '--no-notices', '--no-version-reporting'], {
    cwd,
    env: environment,
    limitMs,
    signal: options.signal,
    ...(options.onProgress === undefined ? {} : { onLine: options.onProgress }),
  });
  await writeFile(path.join(options.folder, `cdk-${parameters[0]}.log`), result.output);
  if (result.code !== 0) throw deployFailed(step, result.output);
}

async function readParameter(endpoint: URL, name: string): Promise<string | undefined> {
  const read = callJson(endpoint, 'ssm', 'AmazonSSM.GetParameter', { Name: name });
  const answer = await read.catch(refusedWith('ParameterNotFound'));
  return (answer as { Parameter?: { Value?: string } } | undefined)?.Parameter?.Value;
}

/** Takes a refusal that says `words` as the answer that there is none. */
function refusedWith(words: string): (error: unknown) => undefined {
  return (error) => {
    if (error instanceof LonghaulError && error.detail.includes(words)) return undefined;
    throw error;
  };
}

async function writeParameter(endpoint: URL, name: string, value: string): Promise<void> {
  await callJson(endpoint, 'ssm', 'AmazonSSM.PutParameter', {
    Name: name,
    Value: value,
    Type: 'String',
    Overwrite: true,
  });
}
