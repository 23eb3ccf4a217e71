import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { programNotStarted, programTimedOut } from './errors.ts';
import { signalGroup } from './process-group.ts';

/** Time for a program to end by itself after SIGTERM, in milliseconds. */
const GRACE_MS = 3_000;

/** Output kept for error messages, in characters. */
const MAX_KEPT_OUTPUT = 64 * 1024;

export interface ProgramOptions {
  cwd: string;
  /** The whole environment: nothing is inherited. */
  env: Record<string, string | undefined>;
  /** Longest run in milliseconds. */
  limitMs: number;
  signal?: AbortSignal | undefined;
  /** Called with each complete line of output. */
  onLine?: (line: string) => void;
}

export interface ProgramResult {
  /** Exit code; undefined when a signal ended it. */
  code: number | undefined;
  /** The last characters of standard output and standard error, as they came. */
  output: string;
}

/**
 * Runs a program in a process group of its own, without standard input, to its end.
 * @throws LonghaulError `program-not-started`, `program-timed-out`; the signal's reason when it is aborted. The whole
 *   group is gone before it throws.
 */
export async function runProgram(
  program: string,
  parameters: readonly string[],
  options: ProgramOptions,
): Promise<ProgramResult> {
  options.signal?.throwIfAborted();
  const child = spawn(program, parameters, {
    cwd: options.cwd,
    env: options.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const output = new OutputTail(options.onLine);
  child.stdout.setEncoding('utf8').on('data', (text: string) => output.add(text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => output.add(text));
  const ended = new Promise<number | undefined>((resolve, reject) => {
    child.on('error', (error) => reject(programNotStarted(program, error)));
    child.on('close', (code) => resolve(code ?? undefined));
  });

  const timeLimit = AbortSignal.timeout(options.limitMs);
  const stop = AbortSignal.any(options.signal === undefined ? [timeLimit] : [timeLimit, options.signal]);
  const onStop = () => void endGroup(child.pid, ended);
  stop.addEventListener('abort', onStop, { once: true });
  try {
    const code = await ended;
    options.signal?.throwIfAborted();
    if (timeLimit.aborted) throw programTimedOut(program, options.limitMs, output.text);
    return { code, output: output.text };
  } finally {
    stop.removeEventListener('abort', onStop);
  }
}

/** SIGTERM for the group, and SIGKILL for what is left of it after a grace. */
async function endGroup(pid: number | undefined, ended: Promise<unknown>): Promise<void> {
  if (pid === undefined) return;
  signalGroup(pid, 'SIGTERM');
  await Promise.race([ended, delay(GRACE_MS, undefined, { ref: false })]);
  signalGroup(pid, 'SIGKILL');
}

/** Keeps the end of a text that may be long, and hands on its lines. */
class OutputTail {
  text = '';
  readonly #onLine: ((line: string) => void) | undefined;
  #line = '';

  constructor(onLine: ((line: string) => void) | undefined) {
    this.#onLine = onLine;
  }

  add(text: string): void {
    this.text = (this.text + text).slice(-MAX_KEPT_OUTPUT);
    const lines = (this.#line + text).split('\n');
    this.#line = (lines.pop() ?? '').slice(-MAX_KEPT_OUTPUT);
    for (const line of lines) this.#onLine?.(line);
  }
}
