import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { LonghaulError } from '../../shared/errors/longhaul-error.ts';
import { emulatorEnvironment } from './emulator-environment.ts';
import { localCloudNotReady } from './errors.ts';
import type { Port } from './port.ts';
import { assertPortFree, originOf } from './ports.ts';
import { isRunning, signalGroup } from './process-group.ts';
import { PROJECT_FOLDER } from './project-folders.ts';
import { ensurePythonEnvironment } from './python-environment.ts';
import { readIfThere } from './read-if-there.ts';

const SECOND = 1_000;
const READY_LIMIT_MS = 60 * SECOND;
const HEALTH_LIMIT_MS = 2 * SECOND;
const POLL_MS = 100;
/** The emulator saves its state after SIGTERM: about 2 s for 500 MB on a machine that does nothing else. */
const SAVE_LIMIT_MS = 60 * SECOND;

export interface LocalCloudOptions {
  port: Port;
  /** Holds the state, the log and the process id; one folder for each local cloud. */
  folder: string;
  /** Forget the state of earlier runs. */
  fresh?: boolean;
  signal?: AbortSignal | undefined;
  /** Called when the emulator ends without having been asked to. */
  onFailure?: (error: LonghaulError) => void;
}

/** A running emulator of the AWS services that the stack needs; disposing of it stops it. */
export interface LocalCloud extends AsyncDisposable {
  endpoint: URL;
  /** Stops it in order and starts it again with its state; does nothing to one that another process started. */
  restart(): Promise<void>;
}

/**
 * Starts the local cloud, or finds the one of this folder that runs already. It dies with this process, however that
 * dies: it reads the end of a pipe.
 * @throws LonghaulError `port-taken`, `local-cloud-not-ready`, and as `ensurePythonEnvironment`
 */
export async function startLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  const endpoint = originOf(options.port);
  const logFile = path.join(options.folder, 'emulator.log');
  const python = await ensurePythonEnvironment(options.signal);
  if (await findRunning(options, endpoint)) {
    return { endpoint, restart: async () => {}, [Symbol.asyncDispose]: async () => {} };
  }
  await assertPortFree(options.port);
  if (options.fresh === true) await rm(options.folder, { recursive: true, force: true });
  // One log for one start, over all restarts.
  await rm(logFile, { force: true });

  let child = await startEmulator(python, options, endpoint, logFile);
  return {
    endpoint,
    restart: async () => {
      await stopEmulator(child, options.folder);
      child = await startEmulator(python, options, endpoint, logFile);
    },
    [Symbol.asyncDispose]: () => stopEmulator(child, options.folder),
  };
}

/** Emulators that were asked to end. */
const stopping = new WeakSet<ChildProcess>();

async function startEmulator(
  python: string,
  options: LocalCloudOptions,
  endpoint: URL,
  logFile: string,
): Promise<ChildProcess> {
  const temporary = path.join(options.folder, 'tmp');
  await rm(temporary, { recursive: true, force: true });
  await mkdir(temporary, { recursive: true });
  // The emulator's worker script is CommonJS, and lies below the project, whose scripts are modules.
  await writeFile(path.join(temporary, 'package.json'), '{ "type": "commonjs" }');
  const log = await open(logFile, 'a');
  const child = spawn(python, [path.join(PROJECT_FOLDER, 'scripts', 'local', 'boot.py')], {
    cwd: options.folder,
    env: emulatorEnvironment(options.port.number, options.folder, temporary),
    stdio: ['pipe', log.fd, log.fd],
    detached: true,
  });
  const onUnexpectedEnd = () => {
    if (stopping.has(child)) return;
    void readIfThere(logFile).then((log) =>
      options.onFailure?.(localCloudNotReady('ended by itself', log ?? '', logFile)),
    );
  };
  try {
    await once(child, 'spawn');
    await writeFile(processFile(options.folder), String(child.pid));
    await waitUntilReady(child, endpoint, logFile, options.signal);
    child.once('exit', onUnexpectedEnd);
  } catch (error) {
    await stopEmulator(child, options.folder);
    throw error;
  } finally {
    await log.close();
  }
  return child;
}

async function waitUntilReady(child: ChildProcess, endpoint: URL, logFile: string, signal?: AbortSignal) {
  const deadline = performance.now() + READY_LIMIT_MS;
  while (!(await isHealthy(endpoint))) {
    const log = async () => (await readIfThere(logFile)) ?? '';
    if (hasEnded(child)) throw localCloudNotReady('ended at once', await log(), logFile);
    if (performance.now() > deadline) {
      throw localCloudNotReady(`was not ready within ${READY_LIMIT_MS / SECOND} s`, await log(), logFile);
    }
    await delay(POLL_MS, undefined, signal === undefined ? {} : { signal });
  }
}

/** SIGTERM, so that the state is saved; SIGKILL for all that is left of its group. */
async function stopEmulator(child: ChildProcess, folder: string): Promise<void> {
  if (child.pid === undefined) return;
  stopping.add(child);
  if (!hasEnded(child)) {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await Promise.race([ended, delay(SAVE_LIMIT_MS, undefined, { ref: false })]);
  }
  signalGroup(child.pid, 'SIGKILL');
  await rm(processFile(folder), { force: true });
}

/** Whether the emulator of this folder runs: its process id is in the folder and it answers on the port. */
async function findRunning(options: LocalCloudOptions, endpoint: URL): Promise<boolean> {
  const pid = Number(await readIfThere(processFile(options.folder)));
  if (!Number.isInteger(pid) || pid <= 1) return false;
  const deadline = performance.now() + SAVE_LIMIT_MS;
  // One that runs and does not answer is starting or saving its state: wait until it is one or the other.
  while (isRunning(pid) && performance.now() < deadline) {
    if (await isHealthy(endpoint)) return true;
    await delay(POLL_MS, undefined, options.signal === undefined ? {} : { signal: options.signal });
  }
  return false;
}

async function isHealthy(endpoint: URL): Promise<boolean> {
  try {
    const health = await fetch(new URL('/_ministack/health', endpoint), {
      signal: AbortSignal.timeout(HEALTH_LIMIT_MS),
    });
    await health.body?.cancel();
    return health.ok;
  } catch {
    // Refused or reset: not up yet, or no longer.
    return false;
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** File with the process id of the emulator. */
export function processFile(folder: string): string {
  return path.join(folder, 'emulator.pid');
}
