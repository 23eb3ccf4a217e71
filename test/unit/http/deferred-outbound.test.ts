import { describe, expect, it } from 'vitest';
import { createDeferredOutbound } from '../../../shared/http/outbound/create-deferred-outbound.ts';
import { internetOf, startLocalHttp } from '../../helpers/local-http.ts';

const ADDRESS = '93.184.216.34';

describe('a deferred client', () => {
  it('asks with one client, however many ask at once, and closes it', async () => {
    await using server = await startLocalHttp((request, response) => response.end(request.url));
    const client = createDeferredOutbound({
      clock: { now: () => 0 },
      resolver: async () => [ADDRESS],
      connector: internetOf({ [ADDRESS]: server }),
    });
    const answers = await Promise.all(['/a', '/b'].map((path) => client.fetch(`https://a.example${path}`, { maxBytes: 9 }))); // prettier-ignore
    expect(answers.map(({ body }) => Buffer.from(body).toString())).toEqual(['/a', '/b']);
    await client.close();
    await expect(client.fetch('https://a.example/', { maxBytes: 9 })).rejects.toMatchObject({
      code: 'outbound-unavailable',
    });
  });

  it('closes though it has asked nobody', async () => {
    const client = createDeferredOutbound({ clock: { now: () => 0 } });
    await expect(client.close()).resolves.toBeUndefined();
  });
});
