import { ApiClient } from '../../../scripts/local/api-client.ts';
import { emulatorClients, type EmulatorClients } from '../../../scripts/local/emulator-clients.ts';
import { readStackDescription, type StackDescription } from '../../../scripts/local/stack-description.ts';

/** The stack that the end-to-end tests run against. */
export interface TestStack {
  description: StackDescription;
  api: ApiClient;
  clients: EmulatorClients;
}

/** Path of the stack's description; `npm test -- --only e2e` deploys a stack and sets it. */
const DESCRIPTION = 'LONGHAUL_E2E';

/** Whether there is a stack: without one the end-to-end tests are skipped. */
export const hasStack = process.env[DESCRIPTION] !== undefined;

/** @throws when LONGHAUL_E2E names no description of a stack */
export async function testStack(): Promise<TestStack> {
  const description = await readStackDescription(process.env[DESCRIPTION] ?? '');
  const api = new ApiClient(new URL(description.api), description.token);
  return { description, api, clients: emulatorClients(new URL(description.endpoint)) };
}
