import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { NO_BUNDLING, projectContext, type Resource } from './helpers/synthesise.ts';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
const PROCESS = `
import { z } from 'zod';
import { defineProcess } from '../../../shared/jobs/process.ts';

export default defineProcess({
  id: 'nightly-copy',
  version: '1.0.0',
  title: 'Nightly copy',
  description: 'Copies what changed.',
  inputs: z.strictObject({ source: z.string().meta({ title: 'Source' }) }),
  outputs: {},
  jobControlOptions: ['async-execute'],
  limits: { memoryMiB: 384, timeoutSeconds: 40, concurrency: 3, attempts: 6, deadlineSeconds: 3600 },
  plan: async () => ({ datasets: [{ id: 'copy', units: 1, chunkUnits: 1, detail: {} }], toleratedFailurePercentage: 0 }),
  runChunk: async () => ({ counts: { done: 1, failed: 0, skipped: 0, bytes: 0 }, errors: [], payload: new Uint8Array() }),
  finish: async () => ({ results: {}, artifacts: [] }),
});
`;

/** Inside of the project, so that it finds its packages; no file of the project is touched. */
mkdirSync(join(PROJECT, '.longhaul'), { recursive: true });
const folder = mkdtempSync(join(PROJECT, '.longhaul/processes-'));
const outdir = mkdtempSync(join(tmpdir(), 'longhaul-synthesis-'));

afterAll(() => {
  rmSync(folder, { recursive: true });
  rmSync(outdir, { recursive: true });
});

/** Runs the app as the CDK's command line does. */
function synthesiseApp(): { Resources: Record<string, Resource>; Outputs: Record<string, unknown> } {
  execFileSync(process.execPath, ['infra/app.ts'], {
    cwd: PROJECT,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      LONGHAUL_PROCESS_FOLDERS: folder,
      CDK_OUTDIR: outdir,
      CDK_CONTEXT_JSON: JSON.stringify({ ...projectContext, ...NO_BUNDLING }),
    },
  });
  return JSON.parse(readFileSync(join(outdir, 'Longhaul.template.json'), 'utf8')) as ReturnType<typeof synthesiseApp>;
}

describe('a process in one more folder', () => {
  mkdirSync(join(folder, 'nightly-copy'));
  writeFileSync(join(folder, 'nightly-copy/process.ts'), PROCESS);
  const { Resources, Outputs } = synthesiseApp();
  const made = Object.entries(Resources).filter(([id]) => id.includes('nightlycopy'));
  const ofType = (type: string) => made.filter(([, { Type }]) => Type === type);

  it('gets a queue and a dead-letter queue, with numbers from its limits', () => {
    const [queue] = ofType('AWS::SQS::Queue').filter(([, { Properties }]) => 'RedrivePolicy' in Properties);
    expect(ofType('AWS::SQS::Queue')).toHaveLength(2);
    expect(queue?.[1].Properties).toMatchObject({ VisibilityTimeout: 240, RedrivePolicy: { maxReceiveCount: 6 } });
  });

  it('gets a function with its memory and timeout, fed by its queue', () => {
    const [worker] = ofType('AWS::Lambda::Function');
    const [mapping] = ofType('AWS::Lambda::EventSourceMapping').filter(([id]) => id.startsWith('Process'));
    expect(worker?.[1].Properties).toMatchObject({ MemorySize: 384, Timeout: 40 });
    expect(mapping?.[1].Properties).toMatchObject({ ScalingConfig: { MaximumConcurrency: 3 } });
  });

  it('gets its dead letters settled', () => {
    const consumed = ofType('AWS::Lambda::EventSourceMapping').filter(([id]) => id.startsWith('DeadLetters'));
    expect(consumed).toHaveLength(1);
  });

  it('gets five alarms and one that speaks for them', () => {
    expect(ofType('AWS::CloudWatch::Alarm')).toHaveLength(5);
    expect(ofType('AWS::CloudWatch::CompositeAlarm')).toHaveLength(1);
  });

  it('gets a row of the dashboard', () => {
    const dashboard = Object.values(Resources).find(({ Type }) => Type === 'AWS::CloudWatch::Dashboard');
    expect(JSON.stringify(dashboard?.Properties['DashboardBody'])).toContain('## Nightly copy (nightly-copy)');
  });

  it('is named in the outputs that tools read', () => {
    expect(JSON.stringify(Outputs['QueueUrls'])).toContain('nightly-copy');
    expect(JSON.stringify(Outputs['FunctionNames'])).toContain('nightly-copy');
  });
});
