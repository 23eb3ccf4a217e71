import { z } from 'zod';
import { callJson } from './emulator-request.ts';

/** Errors that are shown, and log events that are looked through for them. */
const MAX_ERRORS = 5;
const MAX_EVENTS = 1_000;

const groupsSchema = z.object({ logGroups: z.array(z.object({ logGroupName: z.string() })) });
const eventsSchema = z.object({ events: z.array(z.object({ message: z.string(), timestamp: z.number() })) });

/** A line of the structured log of a function. */
const lineSchema = z.object({
  level: z.enum(['ERROR', 'CRITICAL']),
  message: z.string(),
  error: z.object({ message: z.string(), location: z.string().optional() }).optional(),
});

/** The last errors that the functions logged, one line each, oldest first. */
export async function functionErrors(endpoint: URL): Promise<string[]> {
  const { logGroups } = groupsSchema.parse(await callLogs(endpoint, 'DescribeLogGroups', {}));
  const perGroup = await Promise.all(logGroups.map(({ logGroupName }) => errorsOf(endpoint, logGroupName)));
  const errors = perGroup.flat().sort((a, b) => a.timestamp - b.timestamp);
  return errors.slice(-MAX_ERRORS).map(({ text }) => text);
}

async function errorsOf(endpoint: URL, logGroupName: string) {
  const input = { logGroupName, limit: MAX_EVENTS, filterPattern: 'ERROR' };
  const { events } = eventsSchema.parse(await callLogs(endpoint, 'FilterLogEvents', input));
  return events.flatMap(({ message, timestamp }) => {
    const text = describeLine(message);
    return text === undefined ? [] : [{ timestamp, text: `${logGroupName}: ${text}` }];
  });
}

/** The error in a line of a log; undefined when it holds none. */
export function describeLine(line: string): string | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const parsed = lineSchema.safeParse(JSON.parse(line));
    if (!parsed.success) return undefined;
    const { message, error } = parsed.data;
    return [message, error?.message, error?.location].filter((part) => part !== undefined).join(' · ');
  } catch (error) {
    // A line that was cut.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function callLogs(endpoint: URL, action: string, input: unknown): Promise<unknown> {
  return callJson(endpoint, 'logs', `Logs_20140328.${action}`, input);
}
