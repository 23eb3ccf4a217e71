import { readFile, rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { functionNamesSchema } from './stack-outputs.ts';

/** Readable by its owner only: it holds a token. */
const PRIVATE = 0o600;

const schema = z.object({
  /** Root of the API: one clean origin, in front of the local cloud. */
  api: z.url(),
  /** A bearer token of the tenant with every scope. */
  token: z.string(),
  tenant: z.string(),
  /** The local cloud, for the AWS SDK and CLI. */
  endpoint: z.url(),
  region: z.string(),
  buckets: z.object({ data: z.string() }),
  tables: z.object({ jobs: z.string(), idempotency: z.string() }),
  /** URLs by process. */
  queues: z.record(z.string(), z.url()),
  deadLetterQueues: z.record(z.string(), z.url()),
  functions: functionNamesSchema,
  /** Process that keeps the local cloud: SIGUSR2 makes it restart the emulator. */
  supervisor: z.int(),
  /** File with the emulator's process id. */
  emulatorProcessFile: z.string(),
});

/** What other tools need to use a local stack that is up. */
export type StackDescription = z.output<typeof schema>;

export async function writeStackDescription(file: string, description: StackDescription): Promise<void> {
  await rm(file, { force: true });
  await writeFile(file, `${JSON.stringify(description, undefined, 2)}\n`, { mode: PRIVATE });
}

export async function readStackDescription(file: string): Promise<StackDescription> {
  return schema.parse(JSON.parse(await readFile(file, 'utf8')));
}
