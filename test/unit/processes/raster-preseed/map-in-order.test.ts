import { describe, expect, it } from 'vitest';
import { mapInOrder } from '../../../../shared/processes/raster-preseed/map-in-order.ts';

const turns = async (count: number) => {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
};

describe('mapInOrder', () => {
  it('keeps the order of the items, whichever ends first', async () => {
    const result = await mapInOrder([5, 1, 3, 0], 3, async (item) => {
      await turns(item);
      return item * 10;
    });
    expect(result).toEqual([50, 10, 30, 0]);
  });

  it('has no more than its concurrency under way', async () => {
    let underWay = 0;
    let most = 0;
    await mapInOrder(
      Array.from({ length: 20 }, (_, index) => index),
      4,
      async (item) => {
        most = Math.max(most, ++underWay);
        await turns(item % 3);
        underWay--;
      },
    );
    expect(most).toBe(4);
  });

  it('begins nothing after an error, and throws it when all that was under way has ended', async () => {
    const ended: number[] = [];
    const mapping = mapInOrder([0, 1, 2, 3, 4, 5], 2, async (item) => {
      if (item === 1) throw new Error('broken');
      await turns(5);
      ended.push(item);
    });
    await expect(mapping).rejects.toThrow('broken');
    expect(ended).toEqual([0]);
  });
});
