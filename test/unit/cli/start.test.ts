import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const START = fileURLToPath(new URL('../../../cli/start.ts', import.meta.url));

it('ends without a stack trace when nobody reads its output any more', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'longhaul-start-'));
  const script = `"${process.execPath}" "${START}" run echo --string-input a --out "${folder}/" | true; exit $\{PIPESTATUS[0]}`;
  const { status, stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  expect(stderr).toContain('succeeded: 1 unit');
  expect(stderr).not.toContain('EPIPE');
  expect(status).toBe(0);
});
