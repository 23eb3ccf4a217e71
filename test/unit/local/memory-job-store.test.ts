import { describe, expect, it } from 'vitest';
import type { Condition, Item, Write } from '../../../shared/jobs/ports/job-store.ts';
import { MemoryJobStore } from '../../../shared/local/memory-job-store.ts';
import { ManualClock } from '../../helpers/manual-clock.ts';

const MINUTE = 60_000;
const KEY = { pk: 'TENANT#a', sk: 'JOB#1' };
const IS_NEW: Condition = { operator: 'absent', attribute: 'pk' };
const IS_THERE: Condition = { operator: 'exists', attribute: 'pk' };

const put = (item: Item, sk = KEY.sk): Write => ({ kind: 'put', key: { ...KEY, sk }, item, condition: IS_NEW });
const set = (changes: Item, condition = IS_THERE): Write => ({ kind: 'update', key: KEY, condition, set: changes });

function createStore(options: { stale?: () => boolean } = {}): { store: MemoryJobStore; clock: ManualClock } {
  const clock = new ManualClock(1000);
  return { store: new MemoryJobStore({ clock, ...options }), clock };
}

describe('MemoryJobStore', () => {
  it('keeps what was written from changes of what was handed in', async () => {
    const { store } = createStore();
    const history = ['submitted'];
    const settled = new Set([1]);
    await store.write(put({ history, settled }));
    history.push('changed');
    settled.add(2);
    expect(await store.read(KEY)).toStrictEqual({ history: ['submitted'], settled: new Set([1]) });
  });

  it('hands out what nobody can change', async () => {
    const { store } = createStore();
    const outcome = await store.write(put({ history: [{ state: 'accepted' }], settled: new Set([1]) }));
    const [record] = store.stream.take();
    const [listed] = (await store.list({ pk: KEY.pk, prefix: '', limit: 1 })).items;
    const [all] = store.items();
    for (const item of [outcome.item, await store.read(KEY), record?.after, listed?.item, all?.item]) {
      const changeable = item as { history: { state: string }[]; settled: Set<number>; version?: number };
      expect(() => (changeable.version = 1)).toThrow(TypeError);
      expect(() => changeable.history.push({ state: 'changed' })).toThrow(TypeError);
      expect(() => (changeable.history[0]!.state = 'changed')).toThrow(TypeError);
      expect(() => changeable.settled.add(2)).toThrow('A set that is stored cannot be changed.');
      expect(() => changeable.settled.delete(1)).toThrow('A set that is stored cannot be changed.');
      expect(() => changeable.settled.clear()).toThrow('A set that is stored cannot be changed.');
    }
    await store.write({ kind: 'update', key: KEY, condition: IS_THERE, add: { settled: new Set([2]) } });
    expect(outcome.item?.['settled']).toStrictEqual(new Set([1]));
    expect((await store.read(KEY))?.['settled']).toStrictEqual(new Set([1, 2]));
  });

  it('gives the item before its last change to a read that need not be consistent, when told to', async () => {
    const { store } = createStore({ stale: () => true });
    await store.write(put({ version: 1, activePartition: 'active#0', dueAt: 1 }));
    expect(await store.read(KEY)).toBeUndefined();
    expect((await store.list({ pk: KEY.pk, prefix: '', limit: 9 })).items).toEqual([]);
    expect(await store.listDue('active#0', 9, 9)).toEqual([]);
    await store.write(set({ version: 2, dueAt: 99 }));
    expect(await store.read(KEY)).toMatchObject({ version: 1 });
    expect(await store.listDue('active#0', 9, 9)).toEqual([KEY]);
    expect(await store.read(KEY, { consistent: true })).toMatchObject({ version: 2 });
  });

  it('ends a page with the item that passes 1 MB', async () => {
    const { store } = createStore();
    for (const sk of ['a', 'b', 'c', 'd', 'e']) await store.write(put({ text: 'x'.repeat(300 * 1024) }, sk));
    const page = await store.list({ pk: KEY.pk, prefix: '', limit: 100 });
    expect([page.items.length, page.next]).toEqual([4, 'd']);
    expect(await store.list({ pk: KEY.pk, prefix: '', limit: 100, after: 'd' })).toMatchObject({ items: [{}] });
  });

  it.each([
    [10 * MINUTE - 1, 1],
    [10 * MINUTE, 2],
  ])('knows the token of a transaction for ten minutes: after %i ms it has moved %i times', async (later, moves) => {
    const { store, clock } = createStore();
    const move: Write = {
      kind: 'update',
      key: KEY,
      condition: { operator: 'any', conditions: [IS_NEW, IS_THERE] },
      add: { moves: 1 },
    };
    await store.transact([move], 'token');
    clock.advance(later);
    expect(await store.transact([move], 'token')).toEqual({ accepted: true });
    expect(await store.read(KEY)).toEqual({ moves });
  });

  it('takes on what another holds, and goes its own way from there', async () => {
    const { store } = createStore();
    await store.transact([put({ version: 1, activePartition: 'active#0', dueAt: 1 })], 'token');
    const { store: copy } = createStore();
    copy.copyFrom(store);
    await copy.transact([put({ version: 1, activePartition: 'active#0', dueAt: 1 })], 'token');
    await copy.write(set({ version: 2 }));
    await store.write(put({}, 'JOB#2'));
    expect([await store.read(KEY), await copy.read(KEY)]).toMatchObject([{ version: 1 }, { version: 2 }]);
    expect(await copy.read({ ...KEY, sk: 'JOB#2' })).toBeUndefined();
    expect(await copy.listDue('active#0', 1, 9)).toEqual([KEY]);
    expect(copy.stream.take().map(({ sequence }) => sequence)).toEqual([1, 2]);
    expect(copy.capacity.lines).toHaveLength(6);
  });

  it('loses an item that is removed', async () => {
    const { store } = createStore();
    await store.write(put({ activePartition: 'active#0', dueAt: 1 }));
    store.remove(KEY);
    expect(await store.read(KEY)).toBeUndefined();
    expect(await store.listDue('active#0', 9, 9)).toEqual([]);
    expect(store.items()).toEqual([]);
    expect((await store.write(put({ fresh: true }))).accepted).toBe(true);
  });
});

describe('MemoryJobStore.stream', () => {
  it('has both images of each accepted change, in order', async () => {
    const { store, clock } = createStore();
    await store.write(put({ version: 1 }));
    await store.write(put({ version: 9 }));
    clock.advance(5);
    await store.transact([set({ version: 2 }), put({}, 'JOB#2')], 'token');
    store.remove(KEY);
    expect(store.stream.take()).toEqual([
      { sequence: 1, at: 1000, key: KEY, before: undefined, after: { version: 1 } },
      { sequence: 2, at: 1005, key: KEY, before: { version: 1 }, after: { version: 2 } },
      { sequence: 3, at: 1005, key: { pk: KEY.pk, sk: 'JOB#2' }, before: undefined, after: {} },
      { sequence: 4, at: 1005, key: KEY, before: { version: 2 }, after: undefined },
    ]);
    expect(store.stream.length).toBe(0);
  });

  it('has no record of a write that changes nothing, or of a repeated transaction', async () => {
    const { store } = createStore();
    await store.transact([put({ version: 1, settled: new Set([1, 2]) })], 'token');
    await store.transact([put({ version: 1, settled: new Set([2, 1]) })], 'token');
    await store.write(set({ version: 1 }));
    await store.write({ kind: 'update', key: KEY, condition: IS_THERE, add: { settled: new Set([2]), version: 0 } });
    expect(store.stream.take()).toHaveLength(1);
  });

  it('is taken as far as one likes', async () => {
    const { store } = createStore();
    for (const sk of ['a', 'b', 'c']) await store.write(put({}, sk));
    expect(store.stream.take(2).map(({ key }) => key.sk)).toEqual(['a', 'b']);
    expect(store.stream.take(2).map(({ key }) => key.sk)).toEqual(['c']);
  });

  it('leaves out what is not streamed', async () => {
    const clock = new ManualClock();
    const store = new MemoryJobStore({ clock, streamed: ({ sk }) => sk.startsWith('JOB#') });
    await store.write(put({}, 'DATASET#x'));
    await store.write(put({}));
    expect(store.stream.take().map(({ key }) => key.sk)).toEqual(['JOB#1']);
  });
});
