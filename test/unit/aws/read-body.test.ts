import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { ReadBodyOptions } from '../../../shared/aws/read-body.ts';
import { readBody } from '../../../shared/aws/read-body.ts';

const OPTIONS: ReadBodyOptions = {
  maxBytes: 100,
  tooLarge: (actual) => new Error(`too large: ${actual}`),
  interrupted: (cause) => new Error('interrupted', { cause }),
};

/** A thousand chunks of ten bytes; counts those that were taken. */
function long(): { Body: Readable; taken: () => number } {
  let taken = 0;
  const chunks = function* (): Generator<Uint8Array> {
    for (let chunk = 0; chunk < 1000; chunk += 1) {
      taken += 1;
      yield new Uint8Array(10);
    }
  };
  return { Body: Readable.from(chunks(), { highWaterMark: 1 }), taken: () => taken };
}

describe('readBody', () => {
  it('joins the chunks, and takes no body as an empty one', async () => {
    const Body = Readable.from([Uint8Array.from([1, 2]), Uint8Array.from([3])]);
    expect(await readBody({ Body, ContentLength: 3 }, OPTIONS)).toEqual(Uint8Array.from([1, 2, 3]));
    expect(await readBody({}, OPTIONS)).toEqual(new Uint8Array(0));
  });

  it('stops at its limit when the body goes on, and lets go of it', async () => {
    const { Body, taken } = long();
    await expect(readBody({ Body }, OPTIONS)).rejects.toThrow('too large: 110');
    expect(Body.destroyed).toBe(true);
    expect(taken()).toBeLessThan(20);
  });

  it('does not begin a body that says that it is too long', async () => {
    const { Body } = long();
    await expect(readBody({ Body, ContentLength: 101 }, OPTIONS)).rejects.toThrow('too large: 101');
    expect(Body.destroyed).toBe(true);
  });

  it('lets go of a body that stalls when it is cancelled', async () => {
    const cancellation = new AbortController();
    const Body = new Readable({ read: () => undefined });
    const read = readBody({ Body, ContentLength: 5 }, { ...OPTIONS, signal: cancellation.signal });
    Body.push(Uint8Array.from([1]));
    Body.once('data', () => cancellation.abort(new Error('cancelled')));
    await expect(read).rejects.toThrow('interrupted');
    expect(Body.destroyed).toBe(true);
  });

  it('takes a body that breaks or ends early for an interruption', async () => {
    const broken = new Readable({ read: () => broken.destroy(new Error('broken')) });
    await expect(readBody({ Body: broken }, OPTIONS)).rejects.toMatchObject({ cause: { message: 'broken' } });
    const short = Readable.from([new Uint8Array(4)]);
    await expect(readBody({ Body: short, ContentLength: 5 }, OPTIONS)).rejects.toThrow('interrupted');
  });
});
