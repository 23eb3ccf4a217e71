import { describe, expect, it } from 'vitest';
import { apiTokenKey, mintApiToken, parseApiToken, verifyApiToken } from '../../../shared/http/api-tokens.ts';
import type { ApiTokenRow } from '../../../shared/http/api-tokens.ts';

const NOW = Date.UTC(2026, 10, 22);
const ID = 'ab'.repeat(8);
const SECRET = 'ab'.repeat(32);
const TOKEN = { id: ID, secret: SECRET };
/** By Python: hashlib.sha256(b'ab' * 32).hexdigest() */
const HASH = '271a413bd339c5709fdceaec41f14f11e9fbfb5042d72d331c65f32b284cd09a';

const mint = (more: Partial<ApiTokenRow> = {}) =>
  mintApiToken({ tenant: 'acme', subject: 'ann', scopes: ['jobs:read'], createdAt: NOW, ...more }, (length) =>
    new Uint8Array(length).fill(0xab),
  );

describe('API tokens', () => {
  it('are lh_, an id and a secret, of which only a hash is stored', () => {
    const { token, write } = mint();
    expect(token).toBe(`lh_${ID}_${SECRET}`);
    expect(write.key).toEqual(apiTokenKey(ID));
    expect(write).toMatchObject({
      kind: 'put',
      key: { pk: `TOKEN#${ID}`, sk: 'TOKEN' },
      condition: { operator: 'absent', attribute: 'secretHash' },
    });
    expect(write.item['secretHash']).toBe(HASH);
    expect(JSON.stringify(write.item)).not.toContain(SECRET);
  });

  it('are known again by their row', () => {
    const { token, write } = mint();
    expect(parseApiToken(token)).toEqual(TOKEN);
    expect(verifyApiToken(TOKEN, write.item, NOW)).toEqual({ tenant: 'acme', subject: 'ann', scopes: ['jobs:read'] });
    expect(verifyApiToken({ ...TOKEN, secret: 'cd'.repeat(32) }, write.item, NOW)).toBeUndefined();
    expect(verifyApiToken(TOKEN, undefined, NOW)).toBeUndefined();
  });

  it('end at their time', () => {
    const { write } = mint({ expiresAt: NOW });
    expect(verifyApiToken(TOKEN, write.item, NOW - 1)).toBeDefined();
    expect(verifyApiToken(TOKEN, write.item, NOW)).toBeUndefined();
  });

  it.each([
    { tenant: '../other' },
    { scopes: ['root'] },
    { scopes: 'jobs:read' },
    { secretHash: 'x' },
    { secretHash: `0${HASH}` },
    { secretHash: `${HASH}0` },
    { subject: '' },
    { subject: 's'.repeat(257) },
    { createdAt: 'today' },
    { expiresAt: 'never' },
  ])('are refused with the broken row %j', (change) => {
    expect(verifyApiToken(TOKEN, { ...mint().write.item, ...change }, NOW)).toBeUndefined();
  });

  it('may have a subject of 256 characters', () => {
    const { write } = mint({ subject: 's'.repeat(256) });
    expect(verifyApiToken(TOKEN, write.item, NOW)).toBeDefined();
  });

  it.each(['', 'lh_', 'lh_1_2', `lh_${ID.toUpperCase()}_${SECRET}`, `lh_${ID}_${SECRET}ab`, `xlh_${ID}_${SECRET}`])(
    'are not %s',
    (text) => {
      expect(parseApiToken(text)).toBeUndefined();
    },
  );
});
