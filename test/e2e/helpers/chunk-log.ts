import { z } from 'zod';
import { callJson, callLambda } from '../../../scripts/local/emulator-request.ts';
import type { TestStack } from './stack.ts';

const PAGE = 10_000;

const pageSchema = z.object({
  events: z.array(z.object({ message: z.string() })),
  nextToken: z.string().optional(),
});
const lineSchema = z.object({
  message: z.literal('job.chunk.settled'),
  tenant: z.string(),
  timestamp: z.iso.datetime(),
});
const configurationSchema = z.object({ LoggingConfig: z.object({ LogGroup: z.string() }) });

/** One chunk that a worker settled. */
export interface SettledChunk {
  tenant: string;
  /** Milliseconds since the epoch. */
  at: number;
}

/** The chunks that the workers of a process said that they settled since a time, the first one first. */
export async function settledChunks(stack: TestStack, processId: string, since: number): Promise<SettledChunk[]> {
  const endpoint = new URL(stack.description.endpoint);
  const logGroupName = await logGroupOf(endpoint, stack.description.functions.workers[processId] ?? '');
  const chunks: SettledChunk[] = [];
  let nextToken: string | undefined;
  do {
    const page = pageSchema.parse(
      await callJson(endpoint, 'logs', 'Logs_20140328.FilterLogEvents', {
        logGroupName,
        filterPattern: 'job.chunk.settled',
        startTime: since,
        limit: PAGE,
        ...(nextToken === undefined ? {} : { nextToken }),
      }),
    );
    chunks.push(...page.events.flatMap(({ message }) => parseLine(message)));
    ({ nextToken } = page);
  } while (nextToken !== undefined);
  return chunks.filter(({ at }) => at >= since).sort((a, b) => a.at - b.at);
}

async function logGroupOf(endpoint: URL, functionName: string): Promise<string> {
  const path = `/2015-03-31/functions/${encodeURIComponent(functionName)}/configuration`;
  return configurationSchema.parse(await callLambda(endpoint, 'GET', path)).LoggingConfig.LogGroup;
}

function parseLine(line: string): SettledChunk[] {
  const parsed = lineSchema.safeParse(parseWhole(line.slice(line.indexOf('{'))));
  return parsed.success ? [{ tenant: parsed.data.tenant, at: Date.parse(parsed.data.timestamp) }] : [];
}

/** The value of a JSON text; undefined for the line of a worker that was killed while it wrote it. */
function parseWhole(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
