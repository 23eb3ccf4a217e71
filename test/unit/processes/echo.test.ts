import { describe, expect, it } from 'vitest';
import { runInline } from '../../../shared/jobs/run-inline.ts';
import type { ProcessContext, ProcessDefinition } from '../../../shared/jobs/process.ts';
import echo from '../../../shared/processes/echo/process.ts';
import { ManualClock } from '../../helpers/manual-clock.ts';
import { NOTHING_PUBLISHED } from '../../helpers/no-files.ts';

const process = echo as unknown as ProcessDefinition;

function context(signal = new AbortController().signal) {
  const clock = new ManualClock();
  const sources = { open: () => Promise.reject(new Error('echo opens nothing')) };
  return {
    clock,
    context: { tenant: 'acme', signal, sources, datasets: NOTHING_PUBLISHED, clock } satisfies ProcessContext,
  };
}

const parse = (inputs: Record<string, unknown>) => echo.inputs.parse(inputs);

describe('echo', () => {
  it('has an output for each input but the pause', () => {
    const names = Object.keys(echo.inputs.shape).filter((name) => name !== 'pause');
    expect(Object.keys(echo.outputs)).toEqual(names.map((name) => name.replace(/Input$/, 'Output')));
  });

  it('gives back what it was given, and nothing else', async () => {
    const results = await runInline(process, parse({ stringInput: 'ä', integerInput: 0 }), context().context);
    expect(results).toEqual({ stringOutput: 'ä', integerOutput: 0 });
    expect(await runInline(process, parse({}), context().context)).toEqual({});
  });

  it('pauses for as long as it is told', async () => {
    const { clock, context: given } = context();
    let ended = false;
    const running = runInline(process, parse({ pause: 2 }), given).then(() => (ended = true));
    await new Promise(setImmediate);
    clock.advance(1_999);
    await new Promise(setImmediate);
    expect(ended).toBe(false);
    clock.advance(1);
    expect(await running).toBe(true);
  });

  it('ends its pause when it is cancelled', async () => {
    const abort = new AbortController();
    const running = runInline(process, parse({ pause: 600 }), context(abort.signal).context);
    await new Promise(setImmediate);
    abort.abort(new Error('cancelled'));
    await expect(running).rejects.toThrow('cancelled');
  });

  it('estimates its pause', async () => {
    const estimate = await echo.estimate?.(context().context, parse({ pause: 10, stringInput: 'a' }));
    expect(estimate).toMatchObject({ units: 1, chunks: 1, seconds: { low: 10, high: 15 } });
    expect(estimate?.dollars.low).toBeGreaterThan(0);
    expect(estimate?.dollars.high).toBeGreaterThan(estimate?.dollars.low ?? Infinity);
  });

  it.each([
    ['stringInput', 1],
    ['numberInput', '1'],
    ['integerInput', 1.5],
    ['booleanInput', 'true'],
    ['dateTimeInput', '2026-11-22'],
    ['choiceInput', 'huge'],
    ['arrayInput', ['1']],
    ['objectInput', { count: 1 }],
    ['measureInput', { measurement: 'x', uom: 'm' }],
    ['boundingBoxInput', { bbox: [1, 2, 3] }],
    ['boundingBoxInput', { bbox: [1, 2, 3, 4], crs: 'EPSG:3857' }],
    ['geometryInput', [{ type: 'Circle', coordinates: [1, 2] }]],
    ['imageInput', { value: 'not base64!', mediaType: 'image/png' }],
    ['imageInput', { value: '', mediaType: 'text/html' }],
    ['imageInput', { href: 'javascript:alert(1)' }],
    ['pause', 601],
    ['pause', -1],
    ['other', 1],
  ])('refuses %s %j', (name, value) => {
    expect(echo.inputs.safeParse({ [name]: value }).success).toBe(false);
  });
});
