import { randomBytes } from 'node:crypto';
import { ApiClient } from '../../../scripts/local/api-client.ts';
import { DynamoDbJobStore } from '../../../shared/aws/dynamodb-job-store.ts';
import { systemClock } from '../../../shared/config/system.ts';
import { mintApiToken } from '../../../shared/http/api-tokens.ts';
import { SCOPES } from '../../../shared/http/principal.ts';
import type { TestStack } from './stack.ts';

/** The table, read past the API and its faults. */
export function tableOf({ clients, description }: TestStack): DynamoDbJobStore {
  return new DynamoDbJobStore({ client: clients.dynamodb, tableName: description.tables.jobs });
}

/** The API as a tenant that is given a token for it. */
export async function apiOf(stack: TestStack, tenant: string): Promise<ApiClient> {
  const grant = { tenant, subject: 'storm', scopes: [...SCOPES], createdAt: systemClock.now() };
  const { token, write } = mintApiToken(grant, randomBytes);
  await tableOf(stack).write(write);
  return new ApiClient(new URL(stack.description.api), token);
}
