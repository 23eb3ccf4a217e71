import { loadShard } from '../../../shared/jobs/settle.ts';
import { parseMessage, type JobMessage } from '../../../shared/jobs/messages.ts';
import type { World } from '../core/world.ts';
import { changesByJob } from './life.ts';

export function checkMessages({ observation: { queue }, queue: { size } }: World): string[] {
  const { sent, deleted, purged, dead } = queue;
  if (sent === deleted + purged + dead + size) return [];
  return [`${sent} messages were sent; ${deleted} deleted, ${purged} purged, ${dead} dead, ${size} are left`];
}

export async function checkDeadLetters(world: World): Promise<string[]> {
  const breaches: string[] = [];
  const archived = [...world.objects.objects.keys()].filter((url) => url.startsWith('s3://data/dead-letters/'));
  const byJob = changesByJob(world);
  for (const [messageId, { body, processId }] of world.observation.deadLetters) {
    if (!archived.some((url) => url.endsWith(`/${messageId}.json`))) breaches.push(`${messageId} is not archived`);
    const message = processId === 'notifications' ? undefined : parse(body);
    if (message?.kind !== 'chunk') continue;
    const job = byJob.get(`${message.tenant}/${message.jobId}`)?.at(-1)?.after;
    if (job === undefined || !['succeeded', 'partial'].includes(job.state)) continue;
    const { settled } = await loadShard(world.platform, job, message.shard);
    if (!settled.has(message.chunk)) breaches.push(`the chunk of ${messageId} is not settled`);
  }
  return breaches;
}

function parse(body: string): JobMessage | undefined {
  try {
    return parseMessage(body);
  } catch {
    // What cannot be read belongs to no chunk.
    return undefined;
  }
}
