import { describe, expect, it } from 'vitest';
import { MAX_ENVIRONMENT_BYTES, environmentBytes, environmentProblems } from '../../infra/environment-size.ts';

describe('environmentBytes', () => {
  it('counts keys and values in UTF-8', () => {
    expect(environmentBytes({ KEY: 'größe' })).toBe(10);
  });

  it('allows for what only a deployment knows', () => {
    expect(environmentBytes({ URL: { Ref: 'Queue' } })).toBe(143);
    expect(environmentBytes({ URLS: { 'Fn::Join': ['', ['{"a":"', { Ref: 'Queue' }, '"}']] } })).toBe(152);
  });
});

describe('environmentProblems', () => {
  it('finds none up to the limit of Lambda', () => {
    expect(environmentProblems({ KEY: 'x'.repeat(MAX_ENVIRONMENT_BYTES - 3) })).toEqual([]);
  });

  it('says beyond it how large it is and what helps', () => {
    expect(environmentProblems({ KEY: 'x'.repeat(MAX_ENVIRONMENT_BYTES - 2) })).toEqual([
      expect.stringMatching(/4097 bytes.*"tenantLimits"/),
    ]);
  });
});
