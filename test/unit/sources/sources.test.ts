import { describe, expect, it } from 'vitest';
import type { Outbound } from '../../../shared/http/outbound/create-outbound.ts';
import { createSources } from '../../../shared/sources/sources.ts';
import { memoryReader } from '../../helpers/memory-reader.ts';

const unusedOutbound: Outbound = {
  close: async () => undefined,
  fetch: async () => {
    throw new Error('asked');
  },
};

describe('createSources', () => {
  it('opens s3 URLs by the reader that it was given', async () => {
    const reader = memoryReader(new Uint8Array(1));
    const sources = createSources({ s3: async () => reader });
    await expect(sources.open(new URL('s3://bucket/key'))).resolves.toBe(reader);
  });

  it.each(['https://example.com/a', 'http://127.0.0.1:9000/a'])('asks the outbound client for %s', async (url) => {
    await expect(createSources({ https: unusedOutbound }).open(new URL(url))).rejects.toThrow('asked');
  });

  it('opens local files where they are allowed', async () => {
    const reader = await createSources({ file: true }).open(new URL(import.meta.url));
    expect(reader.size).toBeGreaterThan(0);
  });

  it.each([
    's3://bucket/key',
    'https://example.com/a',
    'file:///etc/passwd',
    'ftp://example.com/a',
    'data:text/plain,a',
    'javascript:alert(1)',
  ])('does not open %s where nothing is allowed', async (url) => {
    await expect(createSources({}).open(new URL(url))).rejects.toMatchObject({
      code: 'source-not-allowed',
      retryable: false,
    });
  });

  it('does not open local files unless it is told to', async () => {
    const sources = createSources({ https: unusedOutbound, s3: async () => memoryReader(new Uint8Array(1)) });
    await expect(sources.open(new URL(import.meta.url))).rejects.toMatchObject({ code: 'source-not-allowed' });
  });
});
