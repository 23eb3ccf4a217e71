import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kill, killWorkers, workersOf } from '../helpers/kill-workers.ts';
import type { TestStack } from '../helpers/stack.ts';

const NAME = 'Longhaul-Worker';

/** Two emulators on one machine give their functions the same names: here this process is one, another pid is another's. */
describe.runIf(process.platform === 'linux')('killWorkers', () => {
  let folder: string;
  let worker: ChildProcess;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'kill-workers-'));
    await writeFile(path.join(folder, 'ours'), String(process.pid));
    await writeFile(path.join(folder, 'others'), String(process.ppid));
    worker = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000); console.log("up")'], {
      env: { AWS_LAMBDA_FUNCTION_NAME: NAME },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (worker.stdout !== null) await once(worker.stdout, 'data');
  });

  afterAll(async () => {
    worker.kill('SIGKILL');
    await rm(folder, { recursive: true });
  });

  /** What a stack tells of its emulator. */
  const stackOf = (file: string) =>
    ({ description: { emulatorProcessFile: path.join(folder, file) } }) as unknown as TestStack;

  it('leaves the workers of another stack alone, and of other functions, and finds none while the emulator is down', async () => {
    expect(await killWorkers(stackOf('others'), NAME)).toBe(0);
    expect(await killWorkers(stackOf('ours'), `${NAME}-2`)).toBe(0);
    expect(await killWorkers(stackOf('nobody'), NAME)).toBe(0);
    expect(await workersOf(stackOf('ours'), `${NAME}-2`, NAME)).toEqual([worker.pid]);
  });

  it('ends the workers of a function, and counts those that lived', async () => {
    const ended = once(worker, 'exit');
    expect(await killWorkers(stackOf('ours'), NAME)).toBe(1);
    expect(await ended).toEqual([null, 'SIGKILL']);
    expect(kill(worker.pid ?? 0)).toBe(false);
  });
});
