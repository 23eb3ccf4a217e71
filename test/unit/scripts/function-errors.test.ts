import { describe, expect, it } from 'vitest';
import { describeLine } from '../../../scripts/local/function-errors.ts';

describe('describeLine', () => {
  it('takes the event, the reason and the place out of an error line', () => {
    const error = { name: 'TypeError', message: 'x is undefined', location: 'api.ts:3' };
    expect(describeLine(JSON.stringify({ level: 'ERROR', message: 'api.defect', error }))).toBe(
      'api.defect · x is undefined · api.ts:3',
    );
  });

  it.each(['{"level":"INFO","message":"ERROR"}', 'ERROR: plain text', '{"level":"ERR'])('passes over %s', (line) => {
    expect(describeLine(line)).toBeUndefined();
  });
});
