import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mkdtemp, readFile, rm } from 'node:fs/promises';

/** One process from its start to its end. */
export interface PinnedRun {
  stdout: string;
  /** By the clock. */
  seconds: number;
  /** User and system time of the process and its children. */
  cpuSeconds: number;
  /** Most memory that one of them held. */
  peakBytes: number;
}

const TASKSET = '/usr/bin/taskset';
/** Writes what the kernel counted of its child to a file: seconds of user and system time, then kilobytes. */
const MEASURE = [
  'import resource, subprocess, sys',
  'code = subprocess.call(sys.argv[2:])',
  'used = resource.getrusage(resource.RUSAGE_CHILDREN)',
  'open(sys.argv[1], "w").write(f"{used.ru_utime + used.ru_stime} {used.ru_maxrss}")',
  'sys.exit(code)',
].join('\n');

/**
 * Runs a program to its end on one core, where the machine can pin it.
 * @throws Error with the end of what it wrote to standard error when it fails
 */
export async function runPinned(program: string, options: readonly string[]): Promise<PinnedRun> {
  const folder = await mkdtemp(join(tmpdir(), 'longhaul-bench-'));
  const report = join(folder, 'usage');
  try {
    const pin = existsSync(TASKSET) ? [TASKSET, '-c', '0'] : [];
    const [first, ...rest] = [...pin, 'python3', '-c', MEASURE, report, program, ...options];
    const startedAt = performance.now();
    const stdout = await run(first!, rest);
    const seconds = (performance.now() - startedAt) / 1000;
    const [cpuSeconds, kilobytes] = (await readFile(report, 'utf8')).split(' ').map(Number);
    return { stdout, seconds, cpuSeconds: cpuSeconds!, peakBytes: kilobytes! * 1024 };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function run(program: string, options: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, options, { stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(stdout);
      else reject(new Error(`${program} ended with ${code}: ${stderr.slice(-2000)}`));
    });
  });
}
