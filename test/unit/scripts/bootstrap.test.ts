import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { PROJECT_FOLDER } from '../../../scripts/local/project-folders.ts';

const EMPTY_FOLDER = mkdtempSync(path.join(tmpdir(), 'longhaul-'));
afterAll(() => rmSync(EMPTY_FOLDER, { recursive: true }));

function bootstrap(command: string, environment: Record<string, string>) {
  const script = path.join(PROJECT_FOLDER, 'scripts', 'bootstrap.mjs');
  return spawnSync(process.execPath, [script, command], { env: environment, encoding: 'utf8' });
}

describe('bootstrap', () => {
  it('says what to do where there is no Python', () => {
    const { status, stderr } = bootstrap('start', { PATH: EMPTY_FOLDER });
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /✗ Python 3\.10 or later is missing\n {2}why: none of these .*python3.*\n {2}do: {2}install Python/,
    );
  });

  it('names the interpreter that was asked for and is not there', () => {
    const { stderr } = bootstrap('test', { PATH: EMPTY_FOLDER, LONGHAUL_PYTHON: 'python9' });
    expect(stderr).toContain('why: none of these is on the PATH: python9');
  });

  it('knows no other command than a script', () => {
    const { status, stderr } = bootstrap('../escape', { PATH: EMPTY_FOLDER });
    expect([status, stderr]).toEqual([1, expect.stringContaining('there is no command ../escape')]);
  });
});
