import { signCursor } from '../../shared/http/cursor.ts';
import { mintApiToken } from '../../shared/http/api-tokens.ts';
import { toAttributes } from '../../shared/aws/attribute-value.ts';

const bytes = (fill: number) => (length: number) => new Uint8Array(length).fill(fill);

/** What callers hold, and what the table has of it. */
export function recordAccess() {
  const grant = { tenant: 'acme', subject: 'ann', createdAt: Date.UTC(2026, 0, 1) };
  const unlimited = mintApiToken({ ...grant, scopes: ['jobs:read', 'jobs:write'] }, bytes(1));
  const expiring = mintApiToken({ ...grant, scopes: ['jobs:operate'], expiresAt: Date.UTC(2027, 0, 1) }, bytes(2));
  const key = bytes(3)(32);
  const scope = JSON.stringify(['acme', '/jobs', []]);
  const after = '01J00000000000000000000001';
  return {
    tokens: [unlimited, expiring].map(({ token, write }) => ({ token, row: toAttributes(write.key, write.item) })),
    cursors: [{ key: Buffer.from(key).toString('base64'), scope, after, cursor: signCursor(key, scope, after) }],
  };
}
export type RecordedAccess = ReturnType<typeof recordAccess>;
