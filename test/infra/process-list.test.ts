import { describe, expect, it } from 'vitest';
import { processListSource } from '../../infra/process-list.ts';
import { PROCESSES } from './helpers/synthesise.ts';

describe('processListSource', () => {
  it('imports each process by its file and gives it the limits of the deployment', () => {
    const [first] = PROCESSES;
    if (first === undefined) throw new Error('There is no process.');
    expect(processListSource([{ ...first, limits: { ...first.limits, attempts: 9 } }])).toBe(
      [
        'import process0 from "/processes/tile-maker/process.ts";',
        'export const processes = [',
        '  { ...process0, limits: {"memoryMiB":1769,"timeoutSeconds":300,"concurrency":50,"attempts":9,"deadlineSeconds":3600} },',
        '];',
        '',
      ].join('\n'),
    );
  });

  it('is an empty list for a function that knows no process', () => {
    expect(processListSource([])).toBe('export const processes = [\n];\n');
  });
});
