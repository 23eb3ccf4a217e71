import { describe, expect, it } from 'vitest';
import { DistinctSketch, hashBytes, hashWords } from '../../../../shared/geo/features/distinct-sketch.ts';

function sketchOf(from: number, to: number): DistinctSketch {
  const sketch = new DistinctSketch();
  for (let value = from; value < to; value++) {
    const bytes = Buffer.from(`value ${value}`);
    sketch.add(hashBytes(bytes, 0, bytes.length));
  }
  return sketch;
}

describe('DistinctSketch', () => {
  it.each([0, 1, 10, 100, 1000, 10_000, 100_000, 300_000])('estimates %i values within a tenth', (count) => {
    expect(Math.abs(sketchOf(0, count).estimate() - count)).toBeLessThanOrEqual(count / 10);
  });

  it('estimates numbers as well as texts', () => {
    const sketch = new DistinctSketch();
    for (let value = 0; value < 50_000; value++) sketch.add(hashWords(value, 0));
    expect(Math.abs(sketch.estimate() - 50_000)).toBeLessThan(5000);
  });

  it('counts a value that comes again once', () => {
    const sketch = sketchOf(0, 100);
    const before = sketch.toBase64();
    sketch.merge(sketchOf(20, 80));
    expect(sketch.toBase64()).toBe(before);
  });

  it('adds up to the sketch of the whole', () => {
    const parts = sketchOf(0, 700);
    parts.merge(sketchOf(500, 2000));
    expect(parts.toBase64()).toBe(sketchOf(0, 2000).toBase64());
  });

  it('is read back from text, and only from one of its own', () => {
    const text = sketchOf(0, 100).toBase64();
    expect(DistinctSketch.fromBase64(text)!.toBase64()).toBe(text);
    expect(DistinctSketch.fromBase64(text.slice(4))).toBeUndefined();
    expect(DistinctSketch.fromBase64(Buffer.alloc(1024, 255).toString('base64'))).toBeUndefined();
  });
});
