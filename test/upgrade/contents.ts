import { fromAttributes, fromKeyAttributes } from '../../shared/aws/attribute-value.ts';
import { headerLength, PREFIX_BYTES } from '../../shared/jobs/chunk-object.ts';
import type { Kind } from './schemas.ts';
import { bytesOf, type StoredWorld } from './upgrade-world.ts';

/** One thing that is stored, of a kind that has a schema. */
export interface Content {
  kind: Kind;
  /** Where it is: a key, a URL, or a queue. */
  where: string;
  value: unknown;
}

const ROW_KINDS: readonly (readonly [prefix: string, kind: Kind])[] = [
  ['JOB#', 'jobRow'],
  ['SHARD#', 'shardRow'],
  ['DATASET#', 'datasetRow'],
  ['SUBMISSION', 'submissionRow'],
  ['DEADLETTER#', 'deadLetterRow'],
  ['CLEANUP#', 'cleanUpRow'],
];

/** Everything in a world that versions have to agree on. @throws Error for what has no kind: it would go unseen */
export function contentsOf(world: StoredWorld): Content[] {
  const images = world.records.flatMap(({ before, after }) => [before, after]).filter((image) => image !== undefined);
  const rows = [...world.rows, ...images].map((row): Content => {
    const { pk, sk } = fromKeyAttributes(row);
    return { kind: kindOf(ROW_KINDS, sk), where: `${pk} ${sk}`, value: plain(fromAttributes(row)) };
  });
  const messages = [...world.messages, ...world.deadLetters].map(({ queue, body }): Content => {
    const kind = queue === 'notifications' ? 'notification' : 'message';
    return { kind, where: queue, value: JSON.parse(body) };
  });
  const objects = Object.entries(world.objects).flatMap(([url, object]) => objectContents(url, bytesOf(object)));
  return [...rows, ...messages, ...objects];
}

function objectContents(where: string, bytes: Uint8Array): Content[] {
  const text = (): string => Buffer.from(bytes).toString();
  if (where.endsWith('/request.json')) return [{ kind: 'request', where, value: JSON.parse(text()) }];
  if (where.endsWith('/plan.json')) return [{ kind: 'plan', where, value: JSON.parse(text()) }];
  if (where.endsWith('/results.json')) return [{ kind: 'results', where, value: JSON.parse(text()) }];
  if (where.includes('/dead-letters/')) return [{ kind: 'deadLetterArchive', where, value: JSON.parse(text()) }];
  if (where.endsWith('/errors.ndjson')) {
    const lines = text().trimEnd().split('\n');
    return lines.map((line) => ({ kind: 'unitError', where, value: JSON.parse(line) as unknown }));
  }
  if (where.includes('/chunks/')) {
    const header = bytes.subarray(PREFIX_BYTES, PREFIX_BYTES + headerLength(bytes));
    return [{ kind: 'chunkHeader', where, value: JSON.parse(Buffer.from(header).toString()) }];
  }
  if (where.endsWith('.pmtiles')) return [];
  throw new Error(`${where} has no schema`);
}

function kindOf(kinds: typeof ROW_KINDS, sk: string): Kind {
  const found = kinds.find(([prefix]) => sk.startsWith(prefix));
  if (found === undefined) throw new Error(`rows such as ${sk} have no schema`);
  return found[1];
}

/** Sets as arrays, which JSON Schema can check. */
function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_name, member: unknown) => (member instanceof Set ? [...(member as Set<number>)] : member)),
  );
}
