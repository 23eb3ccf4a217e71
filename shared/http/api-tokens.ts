import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { tenantSchema } from '../jobs/messages.ts';
import type { Item, ItemKey, PutWrite } from '../jobs/ports/job-store.ts';
import { SCOPES } from './principal.ts';
import type { Principal } from './principal.ts';

/** Random bytes of the public part, which finds the row, and of the secret, which is never stored. */
const ID_BYTES = 8;
const SECRET_BYTES = 32;

const TOKEN = /^lh_([0-9a-f]{16})_([0-9a-f]{64})$/;

/** The row of a token: what it may do, and a hash of its secret. */
export const rowSchema = z.object({
  secretHash: z.string().regex(/^[0-9a-f]{64}$/),
  tenant: tenantSchema,
  subject: z.string().min(1).max(256),
  scopes: z.array(z.enum(SCOPES)),
  /** Milliseconds since the epoch. */
  createdAt: z.number(),
  expiresAt: z.number().exactOptional(),
});
export type ApiTokenRow = z.output<typeof rowSchema>;

export interface ParsedApiToken {
  id: string;
  secret: string;
}

/**
 * Makes a token `lh_<id>_<secret>` and the write that stores its row.
 * The secret has 256 random bits, so one SHA-256 protects it as well as a slow hash would.
 * @param randomBytes a cryptographic source
 */
export function mintApiToken(
  grant: Omit<ApiTokenRow, 'secretHash'>,
  randomBytes: (length: number) => Uint8Array,
): { token: string; write: PutWrite } {
  const id = Buffer.from(randomBytes(ID_BYTES)).toString('hex');
  const secret = Buffer.from(randomBytes(SECRET_BYTES)).toString('hex');
  const item: Item = { ...grant, secretHash: hashSecret(secret) };
  return {
    token: `lh_${id}_${secret}`,
    write: { kind: 'put', key: apiTokenKey(id), item, condition: { operator: 'absent', attribute: 'secretHash' } },
  };
}

/** The parts of a token, or undefined when it has not the form of one. */
export function parseApiToken(token: string): ParsedApiToken | undefined {
  const match = TOKEN.exec(token);
  return match === null ? undefined : { id: match[1]!, secret: match[2]! };
}

export const apiTokenKey = (id: string): ItemKey => ({ pk: `TOKEN#${id}`, sk: 'TOKEN' });

export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** Who bears the token; undefined when the row is missing or broken, the secret is another, or it has expired. */
export function verifyApiToken(token: ParsedApiToken, row: Item | undefined, now: number): Principal | undefined {
  const parsed = rowSchema.safeParse(row);
  // An unknown id is compared all the same: how long a refusal takes says nothing about which ids there are.
  const expected = parsed.success ? parsed.data.secretHash : '0'.repeat(64);
  const matches = timingSafeEqual(Buffer.from(hashSecret(token.secret), 'hex'), Buffer.from(expected, 'hex'));
  if (!parsed.success || !matches) return undefined;
  const { tenant, subject, scopes, expiresAt } = parsed.data;
  return (expiresAt ?? Infinity) <= now ? undefined : { tenant, subject, scopes };
}
