import type { Item, ItemKey, JobStore, ListQuery, Write } from '../../shared/jobs/ports/job-store.ts';
import { LonghaulError } from '../../shared/errors/longhaul-error.ts';

/** One call of the port, as data: the same steps are taken on every adapter. */
export type Step =
  | { do: 'write'; write: Write }
  | { do: 'transact'; writes: Write[]; token: string }
  | { do: 'read'; key: ItemKey }
  | { do: 'list'; query: ListQuery }
  | { do: 'list-due'; partition: string; now: number; limit: number };

/** What a step answered: its outcome in a word, and the whole answer. */
export interface Answer {
  outcome: string;
  value: unknown;
}

/** Takes the steps one after the other. A typed error is an answer; anything else fails the test. */
export async function takeSteps(store: JobStore, steps: readonly Step[]): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const step of steps) answers.push(await takeStep(store, step));
  return answers;
}

async function takeStep(store: JobStore, step: Step): Promise<Answer> {
  try {
    const value = await call(store, step);
    return { outcome: outcomeOf(value), value };
  } catch (error) {
    if (!(error instanceof LonghaulError)) throw error;
    return { outcome: error.code, value: { retryable: error.retryable } };
  }
}

async function call(store: JobStore, step: Step): Promise<unknown> {
  switch (step.do) {
    case 'write':
      return store.write(step.write);
    case 'transact':
      return store.transact(step.writes, step.token);
    case 'read':
      return store.read(step.key, { consistent: true });
    case 'list':
      return store.list({ ...step.query, consistent: true });
    case 'list-due':
      return store.listDue(step.partition, step.now, step.limit);
  }
}

function outcomeOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value !== 'object' || value === null || !('accepted' in value)) return 'found';
  return value.accepted === true ? 'accepted' : 'rejected';
}

/** Everything below some partitions, page by page. */
export async function contentOf(
  store: JobStore,
  partitions: readonly string[],
): Promise<{ key: ItemKey; item: Item }[]> {
  const found: { key: ItemKey; item: Item }[] = [];
  for (const pk of partitions) {
    let after: string | undefined;
    do {
      const query = { pk, prefix: '', limit: 3, consistent: true, ...(after !== undefined && { after }) };
      const page = await store.list(query);
      found.push(...page.items);
      after = page.next;
    } while (after !== undefined);
  }
  return found;
}
