import { describe, expect, it } from 'vitest';
import { createDeferredOutbound } from '../../../shared/http/outbound/create-deferred-outbound.ts';
import { createOutbound } from '../../../shared/http/outbound/create-outbound.ts';
import { internetOf, startLocalHttp } from '../../helpers/local-http.ts';

const ADDRESS = '93.184.216.34';

/** Whoever has one of them need not know which. */
describe.each([
  ['a client', createOutbound],
  ['a deferred client', createDeferredOutbound],
])('%s', (_, create) => {
  it('asks though many ask at once, and asks nobody when it was closed', async () => {
    await using server = await startLocalHttp((request, response) => response.end(request.url));
    const client = create({
      clock: { now: () => 0 },
      resolver: async () => [ADDRESS],
      connector: internetOf({ [ADDRESS]: server }),
    });
    const ask = (path: string) => client.fetch(`https://a.example${path}`, { maxBytes: 9 });
    const answers = await Promise.all(['/a', '/b'].map(ask));
    expect(answers.map(({ body }) => Buffer.from(body).toString())).toEqual(['/a', '/b']);
    await client.close();
    await expect(ask('/c')).rejects.toMatchObject({ code: 'outbound-unavailable' });
  });

  it('closes though it has asked nobody', async () => {
    await create({ clock: { now: () => 0 } }).close();
  });
});
