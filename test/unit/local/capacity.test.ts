import { describe, expect, it } from 'vitest';
import type { Condition, Item, UpdateWrite, Write } from '../../../shared/jobs/ports/job-store.ts';
import { itemSize } from '../../../shared/local/item-size.ts';
import { MemoryJobStore } from '../../../shared/local/memory-job-store.ts';
import { ManualClock } from '../../helpers/manual-clock.ts';

const KEY = { pk: 'TENANT#a', sk: 'JOB#1' };
const ACTIVE = { activePartition: 'active#0', dueAt: 1 };
const ANYHOW: Condition = {
  operator: 'any',
  conditions: [
    { operator: 'absent', attribute: 'pk' },
    { operator: 'exists', attribute: 'pk' },
  ],
};
const NEVER: Condition = { operator: 'exists', attribute: 'never' };

const createStore = (): MemoryJobStore => new MemoryJobStore({ clock: new ManualClock() });
const put = (item: Item, condition: Condition = ANYHOW, sk = KEY.sk): Write => ({
  kind: 'put',
  key: { ...KEY, sk },
  item,
  condition,
});
const update = (changes: Partial<UpdateWrite>): Write => ({ kind: 'update', key: KEY, condition: ANYHOW, ...changes });

/** An item of exactly so many bytes under KEY. */
function sized(bytes: number): Item {
  return { text: 'x'.repeat(bytes - itemSize(KEY, { text: '' })) };
}

/** Table and index units of the last write, after those that prepare it. */
async function costOf(write: Write, ...before: Write[]): Promise<[table: number, index: number]> {
  const store = createStore();
  for (const one of [...before, write]) await store.write(one);
  const line = store.capacity.lines.at(-1)!;
  expect(line.writeUnits).toBe(line.tableWriteUnits + line.indexWriteUnits);
  return [line.tableWriteUnits, line.indexWriteUnits];
}

describe('write units of the table', () => {
  it('are one for each started kB of the item', async () => {
    expect(await costOf(put(sized(1024)))).toEqual([1, 0]);
    expect(await costOf(put(sized(1025)))).toEqual([2, 0]);
    expect(await costOf(put(sized(400 * 1024)))).toEqual([400, 0]);
  });

  it('are those of the larger image', async () => {
    expect(await costOf(put({}), put(sized(3000)))).toEqual([3, 0]);
    expect(await costOf(update({ remove: ['text'] }), put(sized(3000)))).toEqual([3, 0]);
    expect(await costOf(update({ set: { a: 1 } }), put(sized(2048)))).toEqual([3, 0]);
  });

  it('are those of what is there when the condition does not hold', async () => {
    expect(await costOf(put(sized(5000), NEVER), put(sized(3000)))).toEqual([3, 0]);
    expect(await costOf(put(sized(5000), NEVER))).toEqual([1, 0]);
  });
});

describe('write units of the index', () => {
  it.each<[string, Write, Write[], number]>([
    ['none for an item that is not in it', put({ dueAt: 1 }), [], 0],
    ['one for an entry that comes', put(ACTIVE), [], 1],
    ['one for an entry that goes', update({ remove: ['dueAt'] }), [put(ACTIVE)], 1],
    ['two for an entry that is due at another time', update({ set: { dueAt: 2 } }), [put(ACTIVE)], 2],
    ['two for an entry that changes its partition', update({ set: { activePartition: 'b' } }), [put(ACTIVE)], 2],
    ['none for an entry that stays', update({ set: { version: 2, dueAt: 1 } }), [put(ACTIVE)], 0],
    ['none for a write that is rejected', put({ ...ACTIVE, dueAt: 9 }, NEVER), [put(ACTIVE)], 0],
  ])('are %s', async (_fact, write, before, units) => {
    expect(await costOf(write, ...before)).toEqual([1, units]);
  });
});

describe('units of a transaction', () => {
  it('are twice those of its writes, item by item', async () => {
    const store = createStore();
    await store.transact([put({ ...ACTIVE, ...sized(1500) }), put({}, ANYHOW, 'JOB#2')], 'token');
    expect(
      store.capacity.lines.map(({ item, tableWriteUnits, indexWriteUnits }) => [
        item,
        tableWriteUnits,
        indexWriteUnits,
      ]),
    ).toEqual([
      ['JOB#1', 4, 1],
      ['JOB#2', 2, 0],
    ]);
    expect(store.capacity.writeUnits).toBe(7);
  });

  it('are spent when it is rejected too', async () => {
    const store = createStore();
    await store.transact([put(ACTIVE), put({}, NEVER, 'JOB#2')], 'token');
    expect(store.capacity.lines).toMatchObject([{ accepted: false }, { accepted: false }]);
    expect(store.capacity.writeUnits).toBe(4);
  });

  it('are those of a transactional read when it was made before', async () => {
    const store = createStore();
    await store.transact([put(sized(5000))], 'token');
    store.capacity.reset();
    await store.transact([put(sized(5000))], 'token');
    expect([store.capacity.writeUnits, store.capacity.readUnits]).toEqual([0, 4]);
  });
});

describe('read units', () => {
  it('are one for each started 4 kB, and half of it without consistency', async () => {
    const store = createStore();
    const units = async (consistent: boolean): Promise<number> => {
      store.capacity.reset();
      await store.read(KEY, { consistent });
      return store.capacity.readUnits;
    };
    expect([await units(true), await units(false)]).toEqual([1, 0.5]);
    await store.write(put(sized(4096)));
    expect([await units(true), await units(false)]).toEqual([1, 0.5]);
    await store.write(put(sized(4097)));
    expect([await units(true), await units(false)]).toEqual([2, 1]);
  });

  it('of a listing are those of its items in sum', async () => {
    const store = createStore();
    for (const sk of ['a', 'b', 'c', 'd', 'e']) await store.write(put({ text: 'x'.repeat(900) }, ANYHOW, sk));
    store.capacity.reset();
    await store.list({ pk: KEY.pk, prefix: '', limit: 9, consistent: true });
    await store.list({ pk: KEY.pk, prefix: '', limit: 4 });
    await store.list({ pk: KEY.pk, prefix: 'none', limit: 4 });
    await store.listDue('active#0', 1, 10);
    expect(store.capacity.lines.map(({ readUnits }) => readUnits)).toEqual([2, 0.5, 0.5, 0.5]);
  });
});

describe('MemoryJobStore.labelled', () => {
  it('bills what goes through it under its label, also when calls overlap', async () => {
    const store = createStore();
    const [submit, settle] = [store.labelled('submit'), store.labelled('settle')];
    await Promise.all([submit.write(put({})), settle.write(put({}, ANYHOW, 'b')), submit.read(KEY), store.read(KEY)]);
    expect(store.capacity.lines.map(({ label, operation }) => `${label}:${operation}`)).toEqual([
      'submit:write',
      'settle:write',
      'submit:read',
      ':read',
    ]);
  });
});
