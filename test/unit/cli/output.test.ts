import { describe, expect, it, vi } from 'vitest';
import { printError } from '../../../cli/output/print-error.ts';
import { Progress, type JobFigures } from '../../../cli/output/progress.ts';
import { formatBytes, formatCount, formatSeconds, writeLine } from '../../../cli/output/text.ts';
import { LonghaulError } from '../../../shared/errors/longhaul-error.ts';
import { NO_COUNTS } from '../../../shared/jobs/job.ts';
import { TextSink } from './test-cli.ts';

const running = (done: number): JobFigures => ({ state: 'running', counts: { ...NO_COUNTS, done }, units: 100 });

describe('what is printed', () => {
  it('has no control characters, which could change what a terminal shows', () => {
    const sink = new TextSink();
    writeLine(sink, 'a\u001b[2Jb\u0007\u009bc\td\ne\r');
    expect(sink.text).toBe('a\uFFFD[2Jb\uFFFD\uFFFDc\td\ne\uFFFD\n');
  });

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1_000, '1 kB'],
    [999_999, '1,000 kB'],
    [1_234_567, '1.2 MB'],
    [56_037_408, '56 MB'],
  ])('%s bytes are %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it.each([
    [0, '0'],
    [999, '999'],
    [-1_000, '-1,000'],
    [1_234_567, '1,234,567'],
    [1_234.567_89, '1,234.56789'],
  ])('%s is shown as %s', (count, text) => {
    expect(formatCount(count)).toBe(text);
  });

  it.each([
    [0.2, '1 s'],
    [75, '1 min 15 s'],
    [7_260, '2 h 1 min'],
  ])('%s seconds are %s', (seconds, text) => {
    expect(formatSeconds(seconds)).toBe(text);
  });

  it('names code, field, limit, value and remedy of an error', () => {
    const sink = new TextSink();
    const details = { field: '/inputs/maxzoom', limit: 24, actual: 3_000, remedy: 'Ask for less.' };
    printError(sink, new LonghaulError({ code: 'too-deep', retryable: false, detail: 'It is too deep.', ...details }));
    expect(sink.text.split('\n')).toEqual([
      'Error: It is too deep.',
      '  code: too-deep',
      '  field: /inputs/maxzoom',
      '  limit: 24',
      '  actual: 3,000',
      '  what to do: Ask for less.',
      '',
    ]);
  });

  it('shows the stack of a defect', () => {
    const sink = new TextSink();
    printError(sink, new TypeError('x is undefined'));
    expect(sink.text).toMatch(/defect of longhaul\. TypeError: x is undefined\n\s+at /);
  });
});

describe('progress', () => {
  it('is a line every five seconds without a terminal, with rate and time to the end', () => {
    const sink = new TextSink();
    const progress = new Progress(sink);
    progress.show({ state: 'planning', counts: NO_COUNTS, units: undefined }, 0);
    progress.show(running(0), 1_000);
    progress.show(running(10), 3_000);
    progress.show(running(50), 6_000);
    progress.stop();
    expect(sink.text.split('\n')).toEqual([
      'running: 0/100 units · 0.0 units/s · 0 failed · no estimate yet',
      'running: 50/100 units · 10 units/s · 0 failed · 5 s left',
      '',
    ]);
  });

  it('says each reason for waiting once', () => {
    const sink = new TextSink();
    const progress = new Progress(sink);
    progress.note('waiting 5 s');
    progress.note('waiting 5 s');
    progress.note('waiting 9 s');
    expect(sink.text).toBe('waiting 5 s\nwaiting 9 s\n');
  });

  it('is a bar on a terminal, which shows a reason for waiting until something moves', async () => {
    const sink = Object.assign(new TextSink(), { isTTY: true, columns: 120 });
    const progress = new Progress(sink);
    progress.show(running(0), 0);
    progress.note('waiting 5 s');
    progress.show(running(0), 1_000);
    // The bar is drawn by a timer of its own.
    await vi.waitUntil(() => sink.text.includes('0 failed · waiting 5 s'));
    progress.show(running(50), 2_000);
    await vi.waitUntil(() => sink.text.includes('50/100 units · 25 units/s · 0 failed · 2 s left'));
    progress.stop();
  });
});
