import { describe, expect, it, vi } from 'vitest';
import { isRunning } from '../../../scripts/local/process-group.ts';
import { runProgram, type ProgramOptions } from '../../../scripts/local/run-program.ts';

const options: ProgramOptions = { cwd: '/', env: { PATH: process.env['PATH'] }, limitMs: 10_000 };
const node = (source: string, more: Partial<ProgramOptions> = {}) =>
  runProgram(process.execPath, ['-e', source], { ...options, ...more });

/** Prints the process id of a child of its own, and waits for it. */
const withChild = (more: Partial<ProgramOptions>) =>
  runProgram('sh', ['-c', 'sleep 600 & echo $!; wait'], { ...options, ...more });

describe('runProgram', () => {
  it('gives the exit code, the output, and each line of it', async () => {
    const lines: string[] = [];
    const result = await node('console.log("a\\nb"); process.exitCode = 3', { onLine: (line) => lines.push(line) });
    expect(result).toEqual({ code: 3, output: 'a\nb\n' });
    expect(lines).toEqual(['a', 'b']);
  });

  it('keeps the end of a long output', async () => {
    const { output } = await node('for (let i = 0; i < 200_000; i++) console.log(i)');
    expect(output.length).toBeLessThanOrEqual(64 * 1024);
    expect(output.endsWith('199999\n')).toBe(true);
  });

  it('inherits no environment', async () => {
    const { output } = await node('console.log(Object.keys(process.env).join())', { env: { ONLY: '1' } });
    expect(output).toBe('ONLY\n');
  });

  it('ends the whole group of a program that takes too long, and quotes it', async () => {
    let child = 0;
    const run = withChild({ limitMs: 1_000, onLine: (line) => (child = Number(line)) });
    await expect(run).rejects.toMatchObject({ code: 'program-timed-out', limit: 1 });
    // A process that was killed keeps its id until the system has collected it.
    await vi.waitFor(() => expect(isRunning(child)).toBe(false), 5_000);
  });

  it('ends the group when it is aborted', async () => {
    const controller = new AbortController();
    let child = 0;
    const onLine = (line: string) => {
      child = Number(line);
      controller.abort(new Error('Ctrl+C'));
    };
    await expect(withChild({ signal: controller.signal, onLine })).rejects.toThrow('Ctrl+C');
    await vi.waitFor(() => expect(isRunning(child)).toBe(false), 5_000);
  });

  it('names a program that is not there', async () => {
    await expect(runProgram('/no/such/program', [], options)).rejects.toMatchObject({ code: 'program-not-started' });
  });
});
