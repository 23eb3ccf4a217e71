import { randomBytes } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDbJobStore } from '../../shared/aws/dynamodb-job-store.ts';
import { systemClock } from '../../shared/config/system.ts';
import { apiTokenKey, mintApiToken, parseApiToken, verifyApiToken } from '../../shared/http/api-tokens.ts';
import { SCOPES } from '../../shared/http/principal.ts';
import { readIfThere } from './read-if-there.ts';

/** The tenant and subject of the development token. */
export const DEVELOPMENT_TENANT = 'local';
const SUBJECT = 'developer';

/** Readable by its owner only. */
const PRIVATE = 0o600;

/**
 * A token with every scope for the local stack: the one of the last run while the table knows it, else a new one.
 * @param file keeps the token between runs
 */
export async function developmentToken(file: string, client: DynamoDBClient, tableName: string): Promise<string> {
  const store = new DynamoDbJobStore({ client, tableName });
  const now = systemClock.now();
  const known = (await readIfThere(file)) ?? '';
  const parsed = parseApiToken(known);
  if (parsed !== undefined) {
    const row = await store.read(apiTokenKey(parsed.id), { consistent: true });
    if (verifyApiToken(parsed, row, now) !== undefined) return known;
  }
  const grant = { tenant: DEVELOPMENT_TENANT, subject: SUBJECT, scopes: [...SCOPES], createdAt: now };
  const { token, write } = mintApiToken(grant, randomBytes);
  await store.write(write);
  await rm(file, { force: true });
  await writeFile(file, token, { mode: PRIVATE });
  return token;
}
