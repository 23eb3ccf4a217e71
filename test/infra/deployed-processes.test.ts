import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { deployedProcesses } from '../../infra/deployed-processes.ts';

/** A folder of processes outside of the project, in plain JavaScript types that Node runs as they are. */
function processFolder(folders: Record<string, { id: string; limits?: Record<string, number> }>): string {
  const root = mkdtempSync(join(tmpdir(), 'longhaul-processes-'));
  for (const [folder, { id, limits }] of Object.entries(folders)) {
    const definition = {
      id,
      limits: { memoryMiB: 256, timeoutSeconds: 30, concurrency: 5, attempts: 5, deadlineSeconds: 600, ...limits },
    };
    mkdirSync(join(root, folder));
    writeFileSync(join(root, folder, 'process.ts'), `export default ${JSON.stringify(definition)};\n`);
  }
  return root;
}

const deployedFrom = async (
  folders: Parameters<typeof processFolder>[0],
  overrides: Parameters<typeof deployedProcesses>[0] = {},
) => {
  vi.stubEnv('LONGHAUL_PROCESS_FOLDERS', processFolder(folders));
  return deployedProcesses(overrides);
};

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('deployedProcesses', () => {
  it('pairs each process with the file that bundles import', async () => {
    const processes = await deployedFrom({ probe: { id: 'probe' } });
    const probe = processes.find(({ definition }) => definition.id === 'probe');
    expect(probe?.file.pathname).toMatch(/\/probe\/process\.ts$/);
    expect(probe?.limits.memoryMiB).toBe(256);
  });

  it('takes the overrides of the deployment for the limits', async () => {
    const processes = await deployedFrom({ probe: { id: 'probe' } }, { probe: { concurrency: 9 } });
    const probe = processes.find(({ definition }) => definition.id === 'probe');
    expect(probe?.limits).toMatchObject({ concurrency: 9, memoryMiB: 256, attempts: 5 });
  });

  it('refuses overrides of a process that does not exist', async () => {
    await expect(deployedFrom({}, { nobody: { memoryMiB: 512 } })).rejects.toMatchObject({
      code: 'context-invalid',
      detail: 'The context value "processes.nobody" names no process.',
    });
  });

  it('refuses a process whose folder has another name', async () => {
    await expect(deployedFrom({ probe: { id: 'other' } })).rejects.toMatchObject({ code: 'process-invalid' });
  });

  it('refuses one id in two folders', async () => {
    const both = `${processFolder({ probe: { id: 'probe' } })},${processFolder({ probe: { id: 'probe' } })}`;
    vi.stubEnv('LONGHAUL_PROCESS_FOLDERS', both);
    await expect(deployedProcesses({})).rejects.toMatchObject({ code: 'process-invalid' });
  });

  it.each([
    ['memoryMiB', 64],
    ['timeoutSeconds', 901],
    ['concurrency', 1],
    ['attempts', 0],
    ['memoryMiB', 512.5],
  ])('refuses a process with a %s of %d', async (limit, value) => {
    const definition = { id: 'probe', limits: { [limit]: value } };
    await expect(deployedFrom({ probe: definition })).rejects.toThrow(`a ${limit} of ${value}`);
  });
});
