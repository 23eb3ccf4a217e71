import { SHARD_PREFIX } from '../../shared/jobs/items/keys.ts';
import type { ItemKey, Write } from '../../shared/jobs/ports/job-store.ts';
import { canonical, type Call } from './calls.ts';

/** A call as a trace tells it: a verb and its object. */
export function describeCall(call: Call): string {
  switch (call.operation) {
    case 'read':
      return `reads ${describeKey(call.parameters[0])}`;
    case 'list':
      return 'lists the shards';
    case 'write':
      return describeWrite(call.parameters[0]);
    case 'transact':
      return 'publishes';
    case 'send':
      return `sends ${call.parameters[1].map(({ body }) => describeMessage(body)).join(', ')}`;
    case 'sendToDeadLetters':
      return `gives up ${describeMessage(call.parameters[1])}`;
    case 'depth':
      return 'asks how many messages there are';
    default:
      return call.operation;
  }
}

/** A message by what it is for. */
export function describeMessage(body: string): string {
  const { kind, attempt, shard, chunk } = JSON.parse(body) as Record<string, string | number>;
  return kind === 'chunk' ? `chunk ${shard}/${chunk}` : `${kind} ${attempt}`;
}

function describeKey({ sk }: ItemKey): string {
  return sk.startsWith(SHARD_PREFIX) ? `shard ${Number(sk.slice(SHARD_PREFIX.length))}` : 'the row';
}

function describeWrite(write: Write): string {
  if (write.kind === 'put') return `puts ${write.key.sk}`;
  const { set = {}, add = {} } = write;
  const members = (name: string): string => [...(add[name] as ReadonlySet<number>)].join();
  if (add['settledShards'] !== undefined) {
    return `settles shard ${members('settledShards')}${set['state'] === undefined ? '' : ' as the last'}`;
  }
  if (add['settled'] !== undefined) return `settles chunk ${members('settled')} of ${describeKey(write.key)}`;
  if (set['leaseToken'] !== undefined) return `claims the planning (${canonical(set['leaseToken'])})`;
  if (set['dueAt'] !== undefined) return 'claims the look';
  if (set['state'] !== undefined) return `moves the job to ${canonical(set['state'])}`;
  return `writes ${Object.keys(set).join(', ')} of ${describeKey(write.key)}`;
}
