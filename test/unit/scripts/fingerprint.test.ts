import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LONGHAUL_FOLDER, PROJECT_FOLDER } from '../../../scripts/local/project-folders.ts';
import { deploymentFingerprint } from '../../../scripts/local/fingerprint.ts';

let folder = '';
beforeAll(async () => {
  await mkdir(LONGHAUL_FOLDER, { recursive: true });
  folder = path.relative(PROJECT_FOLDER, await mkdtemp(path.join(LONGHAUL_FOLDER, 'fingerprint-')));
  await writeFile(path.join(PROJECT_FOLDER, folder, 'process.ts'), 'export default 1;');
});
afterAll(() => rm(path.join(PROJECT_FOLDER, folder), { recursive: true }));

describe('deploymentFingerprint', () => {
  it('changes with a context value, whatever the order of the values', async () => {
    const known = await deploymentFingerprint([], { a: '1', b: '2' });
    expect(await deploymentFingerprint([], { b: '2', a: '1' })).toBe(known);
    expect(await deploymentFingerprint([], { a: '1', b: '3' })).not.toBe(known);
  });

  it('changes with the text of a process', async () => {
    const known = await deploymentFingerprint([folder], {});
    expect(await deploymentFingerprint([folder], {})).toBe(known);
    await writeFile(path.join(PROJECT_FOLDER, folder, 'process.ts'), 'export default 2;');
    expect(await deploymentFingerprint([folder], {})).not.toBe(known);
  });
});
