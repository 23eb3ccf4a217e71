import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { onTestFinished } from 'vitest';
import type { CliContext } from '../../../cli/context.ts';
import { main } from '../../../cli/main.ts';
import { systemClock } from '../../../shared/config/system.ts';
import { countingIdentifiers } from '../../helpers/test-engine.ts';

export interface CliResult {
  code: number;
  out: string;
  err: string;
}

/** A stream that keeps what is written to it. */
export class TextSink extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

/** A folder of its own, removed when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'longhaul-cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface TestCli {
  folder: string;
  run: (...args: string[]) => Promise<CliResult>;
}

/** The command in a folder of its own, with nothing in its environment and no network. */
export function createTestCli(parts: Partial<CliContext> = {}): TestCli {
  const folder = temporaryFolder();
  const run = async (...args: string[]): Promise<CliResult> => {
    const out = new TextSink();
    const err = new TextSink();
    const code = await main(args, {
      out,
      err,
      environment: {},
      folder: pathToFileURL(`${folder}/`),
      clock: systemClock,
      identifiers: countingIdentifiers(),
      random: () => 0,
      signal: new AbortController().signal,
      fetch: () => Promise.reject(new Error('a test without network')),
      ...parts,
    });
    return { code, out: out.text, err: err.text };
  };
  return { folder, run };
}
