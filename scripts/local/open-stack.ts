import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { LonghaulError } from '../../shared/errors/longhaul-error.ts';
import { deployStack } from './deploy.ts';
import { DEVELOPMENT_TENANT, developmentToken } from './development-token.ts';
import { REGION } from './emulator-account.ts';
import { emulatorClients } from './emulator-clients.ts';
import { stackOutputsInvalid } from './errors.ts';
import { startGateway } from './gateway/gateway.ts';
import { processFile, startLocalCloud } from './local-cloud.ts';
import { isRunning } from './process-group.ts';
import type { Port } from './port.ts';
import { assertPortFree, originOf } from './ports.ts';
import { readIfThere } from './read-if-there.ts';
import { readStackDescription, writeStackDescription, type StackDescription } from './stack-description.ts';
import type { StackOutputs } from './stack-outputs.ts';
import type { Steps } from '../steps.ts';

export interface StackOptions {
  /** Port of the emulator, and of the API and map in front of it. */
  cloudPort: Port;
  webPort: Port;
  /** Holds everything of this stack. */
  folder: string;
  /** Where the description of the stack lies while it is up. */
  descriptionFile: string;
  /** Forget the state of earlier runs. */
  fresh?: boolean;
  /** Context values of the CDK app. */
  context: Record<string, string>;
  /** Further folders of processes, relative to the project. */
  processFolders: readonly string[];
  signal: AbortSignal;
  /** Called when the local cloud ends without having been asked to. */
  onFailure: (error: LonghaulError) => void;
}

/** A stack that is up; disposing of it ends all that was started for it, last first. */
export interface LocalStack extends AsyncDisposable {
  description: StackDescription;
  /** Stops the emulator in order and starts it again, while the gateway stays. */
  restartCloud(): Promise<void>;
}

/** Starts the local cloud, deploys the stack to it, and puts the gateway in front: one step of the report each. */
export async function openStack(steps: Steps, options: StackOptions): Promise<LocalStack> {
  const { cloudPort, webPort, folder, signal } = options;
  await using started = new AsyncDisposableStack();
  const running = await findRunningStack(options);
  if (running === undefined) await assertPortFree(webPort);
  const cloud = await steps.run('Local cloud', (note) => {
    note(originOf(cloudPort).origin);
    return startLocalCloud({
      port: cloudPort,
      folder,
      fresh: options.fresh ?? false,
      signal,
      onFailure: options.onFailure,
    });
  });
  started.use(cloud);
  const restartCloud = () => cloud.restart();

  const { outputs } = await steps.run('Deploy', async (note, progress) => {
    const context = { ...options.context, publicUrl: originOf(webPort).origin };
    const deployment = await deployStack({ ...cloudPlace(cloud.endpoint, options), context, onProgress: progress });
    if (!deployment.changed) note('unchanged');
    return deployment;
  });
  if (running !== undefined) return { description: running, restartCloud, [Symbol.asyncDispose]: async () => {} };
  const clients = emulatorClients(cloud.endpoint);
  started.defer(() => clients.destroy());
  const token = await developmentToken(path.join(folder, 'token'), clients.dynamodb, outputs.TableName);

  const api = localApi(cloud.endpoint, outputs.ApiUrl);
  const gateway = await startGateway({ port: webPort, api, token, tenant: DEVELOPMENT_TENANT });
  started.defer(() => gateway.close());
  const description = describeStack(gateway.origin, token, cloud.endpoint, outputs, folder);
  await writeStackDescription(options.descriptionFile, description);
  started.defer(() => rm(options.descriptionFile, { force: true }));

  const parts = started.move();
  return { description, restartCloud, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}

/** The stack of this folder when another process keeps it up: it is used, and that process stops it. */
async function findRunningStack(options: StackOptions): Promise<StackDescription | undefined> {
  if ((await readIfThere(options.descriptionFile)) === undefined) return undefined;
  const description = await readStackDescription(options.descriptionFile);
  const ours = description.api === originOf(options.webPort).href;
  return ours && isRunning(description.supervisor) ? description : undefined;
}

const cloudPlace = (endpoint: URL, { folder, processFolders, signal }: StackOptions) => ({
  endpoint,
  folder: path.join(folder, 'stack'),
  processFolders,
  signal,
});

/** The API by its path, for no name server knows its own domain, `http://<id>.execute-api.127.0.0.1:4566`. */
function localApi(endpoint: URL, apiUrl: string): URL {
  const [, id] = /^https?:\/\/([a-z0-9]+)\.execute-api\./.exec(apiUrl) ?? [];
  if (id === undefined) throw stackOutputsInvalid(`ApiUrl is ${apiUrl}`);
  return new URL(`/_aws/execute-api/${id}/$default/`, endpoint);
}

function describeStack(origin: URL, token: string, endpoint: URL, outputs: StackOutputs, folder: string) {
  return {
    api: origin.href,
    token,
    tenant: DEVELOPMENT_TENANT,
    endpoint: endpoint.href,
    region: REGION,
    buckets: { data: outputs.DataBucketName },
    tables: { jobs: outputs.TableName, idempotency: outputs.IdempotencyTableName },
    queues: outputs.QueueUrls,
    deadLetterQueues: outputs.DeadLetterQueueUrls,
    functions: outputs.FunctionNames,
    supervisor: process.pid,
    emulatorProcessFile: processFile(folder),
  };
}
