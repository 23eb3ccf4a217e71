import { PassThrough } from 'node:stream';
import type { WriteStream } from 'node:tty';
import { describe, expect, it } from 'vitest';
import { explain, Steps } from '../../../scripts/steps.ts';
import { LonghaulError } from '../../../shared/errors/longhaul-error.ts';

function start() {
  const stream = new PassThrough({ encoding: 'utf8' });
  return { steps: new Steps(stream as unknown as WriteStream), printed: () => stream.read() as string };
}

describe('Steps', () => {
  it('prints a step that succeeded with its time and notes', async () => {
    const { steps, printed } = start();
    await expect(
      steps.run('Deploy', async (note) => {
        note('unchanged');
        return 7;
      }),
    ).resolves.toBe(7);
    expect(printed()).toMatch(/^✓ Deploy {2}\d+\.\d s {2}unchanged\n$/);
  });

  it('marks a step that failed and hands its error on', async () => {
    const { steps, printed } = start();
    await expect(steps.run('Deploy', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(printed()).toMatch(/^✗ Deploy/);
  });

  it('shows progress on a terminal only', async () => {
    const { steps, printed } = start();
    await steps.run('Deploy', async (_note, progress) => progress('CREATE_IN_PROGRESS'));
    expect(printed()).not.toContain('CREATE_IN_PROGRESS');
  });
});

describe('explain', () => {
  it('says why and what to do', () => {
    const error = new LonghaulError({
      code: 'port-taken',
      retryable: false,
      detail: 'It is taken.',
      remedy: 'Free it.',
    });
    expect(explain(error)).toBe('  why: It is taken. (port-taken)\n  do:  Free it.');
  });

  it('shows the stack of a defect', () => {
    expect(explain(new TypeError('x is undefined'))).toMatch(/TypeError: x is undefined\n +at /);
  });
});
