import type { Condition, Item, ItemKey, UpdateWrite, Write } from '../../shared/jobs/ports/job-store.ts';
import type { Step } from './job-store-steps.ts';

/** Steps with the outcome that each must have, on every adapter. */
export interface Sequence {
  /** A fact in the present tense. */
  name: string;
  /** Why the emulator answers otherwise than AWS: it is left out there, and stands in README.md. */
  emulatorDeviation?: string;
  /** The same of DynamoDB Local. */
  dynamoDbLocalDeviation?: string;
  steps: [step: Step, outcome: string][];
}

export const PARTITION = 'TENANT#alpha';
export const OTHER_PARTITION = 'JOB#alpha#1';

const key = (sk: string, pk = PARTITION): ItemKey => ({ pk, sk });
const JOB = key('JOB#1');
const IS_NEW: Condition = { operator: 'absent', attribute: 'pk' };
const ANYHOW: Condition = { operator: 'any', conditions: [IS_NEW, { operator: 'exists', attribute: 'pk' }] };

const put = (item: Item, at = JOB, condition: Condition = IS_NEW): Write => ({ kind: 'put', key: at, item, condition });
const update = (changes: Partial<UpdateWrite>, at = JOB): Write => ({
  kind: 'update',
  key: at,
  condition: ANYHOW,
  ...changes,
});
const write = (one: Write): Step => ({ do: 'write', write: one });
const transact = (token: string, ...writes: Write[]): Step => ({ do: 'transact', token, writes });
const read = (at = JOB): Step => ({ do: 'read', key: at });
const check = (condition: Condition): Step => write(update({ condition, set: { seen: 1 } }));
const settle = (chunk: number): Step =>
  write(
    update(
      {
        condition: { operator: 'not-contains', attribute: 'settled', value: chunk },
        add: { settled: new Set([chunk]), done: 10 },
      },
      key('SHARD#00000', OTHER_PARTITION),
    ),
  );

const POINTER = key('DATASET#a');
const IS_ABSENT: Condition = { operator: 'absent', attribute: 'jobId' };
const isStill = (jobId: string, now = 5): Condition => ({
  operator: 'all',
  conditions: [
    { operator: 'equals', attribute: 'jobId', value: jobId },
    { operator: 'at-most', attribute: 'publishedAt', value: now },
  ],
});
/** The end of a job, and the pointer that moves with it. */
const movePointer = (jobId: string, condition: Condition): Step =>
  transact(
    `${jobId} ${JSON.stringify(condition)}`,
    put({ state: 'succeeded' }, key(`JOB#${jobId}`)),
    put({ jobId, publishedAt: 5 }, POINTER, condition),
  );

const EVERY_TYPE: Item = {
  text: 'tiles of Zürich 🗺',
  empty: '',
  whole: 42,
  fraction: -0.125,
  large: Number.MAX_SAFE_INTEGER,
  yes: true,
  nothing: null,
  members: new Set([3, 1, 2]),
  list: [1, 'two', [3, { four: new Set([4]) }], []],
  map: { inner: { deep: 'value' }, list: [null, false], none: {} },
};

export const SEQUENCES: Sequence[] = [
  {
    name: 'keeps a value of every type as it was written',
    steps: [
      [write(put(EVERY_TYPE)), 'accepted'],
      [read(), 'found'],
      [write(update({ set: { text: EVERY_TYPE['map']!, map: EVERY_TYPE['list']! } })), 'accepted'],
      [read(), 'found'],
      [read(key('JOB#absent')), 'nothing'],
    ],
  },
  {
    name: 'creates an item once, and hands out the one that stands in the way',
    steps: [
      [write(put({ state: 'accepted', version: 1 })), 'accepted'],
      [write(put({ state: 'other', version: 1 })), 'rejected'],
      [write(put({ state: 'replaced' }, JOB, { operator: 'equals', attribute: 'version', value: 1 })), 'accepted'],
      [read(), 'found'],
      [write(update({ condition: { operator: 'exists', attribute: 'pk' }, set: { a: 1 } }, key('JOB#2'))), 'rejected'],
      [write(update({ set: { a: 1 } }, key('JOB#2'))), 'accepted'],
    ],
  },
  {
    name: 'takes a comparison with an absent attribute, or one of another type, as false',
    steps: [
      [write(put({ count: 5, text: '5', flag: true, list: [1], members: new Set([1, 2]) })), 'accepted'],
      [check({ operator: 'equals', attribute: 'count', value: 5 }), 'accepted'],
      [check({ operator: 'equals', attribute: 'count', value: '5' }), 'rejected'],
      [check({ operator: 'equals', attribute: 'none', value: 5 }), 'rejected'],
      [check({ operator: 'in', attribute: 'text', values: [5, 'five'] }), 'rejected'],
      [check({ operator: 'in', attribute: 'text', values: [5, '5'] }), 'accepted'],
      [check({ operator: 'in', attribute: 'none', values: [5] }), 'rejected'],
      [check({ operator: 'at-most', attribute: 'count', value: 5 }), 'accepted'],
      [check({ operator: 'at-most', attribute: 'count', value: 4.5 }), 'rejected'],
      [check({ operator: 'at-most', attribute: 'none', value: 5 }), 'rejected'],
      [check({ operator: 'at-most', attribute: 'text', value: 5 }), 'rejected'],
      [check({ operator: 'exists', attribute: 'flag' }), 'accepted'],
      [check({ operator: 'absent', attribute: 'flag' }), 'rejected'],
      [check({ operator: 'absent', attribute: 'none' }), 'accepted'],
    ],
  },
  {
    name: 'asks sets for members and size, and takes an absent one as empty',
    steps: [
      [write(put({ count: 2, text: 'ab', list: [1, 2], members: new Set([1, 2]) })), 'accepted'],
      [check({ operator: 'not-contains', attribute: 'members', value: 2 }), 'rejected'],
      [check({ operator: 'not-contains', attribute: 'members', value: 3 }), 'accepted'],
      [check({ operator: 'not-contains', attribute: 'none', value: 3 }), 'accepted'],
      [check({ operator: 'not-contains', attribute: 'count', value: 2 }), 'accepted'],
      [check({ operator: 'not-contains', attribute: 'list', value: 2 }), 'rejected'],
      [check({ operator: 'not-contains', attribute: 'list', value: 3 }), 'accepted'],
      [check({ operator: 'set-size', attribute: 'members', value: 2 }), 'accepted'],
      [check({ operator: 'set-size', attribute: 'members', value: 1 }), 'rejected'],
      [check({ operator: 'set-size', attribute: 'members', value: 0 }), 'rejected'],
      [check({ operator: 'set-size', attribute: 'none', value: 0 }), 'accepted'],
      [check({ operator: 'set-size', attribute: 'none', value: 1 }), 'rejected'],
      [check({ operator: 'set-size', attribute: 'text', value: 2 }), 'rejected'],
      [check({ operator: 'set-size', attribute: 'list', value: 2 }), 'rejected'],
      [check({ operator: 'set-size', attribute: 'count', value: 2 }), 'rejected'],
    ],
  },
  {
    name: 'joins conditions by all and any',
    steps: [
      [write(put({ a: 1, b: 2 })), 'accepted'],
      [
        check({
          operator: 'all',
          conditions: [
            { operator: 'equals', attribute: 'a', value: 1 },
            { operator: 'equals', attribute: 'b', value: 3 },
          ],
        }),
        'rejected',
      ],
      [
        check({
          operator: 'any',
          conditions: [
            { operator: 'equals', attribute: 'b', value: 3 },
            { operator: 'all', conditions: [{ operator: 'exists', attribute: 'a' }, ANYHOW] },
          ],
        }),
        'accepted',
      ],
    ],
  },
  {
    name: 'settles a chunk once, and counts it once',
    steps: [
      [settle(0), 'accepted'],
      [settle(7), 'accepted'],
      [settle(7), 'rejected'],
      [settle(255), 'accepted'],
      [settle(0), 'rejected'],
      [read(key('SHARD#00000', OTHER_PARTITION)), 'found'],
    ],
  },
  {
    name: 'adds, appends, sets and removes in one update, each from what was there before',
    steps: [
      [write(put({ count: 1, history: ['a'], state: 'accepted', dueAt: 9, leaseToken: 'x' })), 'accepted'],
      [
        write(
          update({
            add: { count: -3, fresh: 2, members: new Set([4, 5]) },
            append: { history: ['b', { c: 1 }] },
            set: { state: 'planning' },
            remove: ['leaseToken', 'dueAt', 'never-there'],
          }),
        ),
        'accepted',
      ],
      [write(update({ add: { members: new Set([5, 6]) } })), 'accepted'],
      [read(), 'found'],
    ],
  },
  {
    name: 'refuses an update that does not fit what is stored, and leaves it as it was',
    steps: [
      [write(put({ count: 1, text: 'a', list: [1], members: new Set([1]) })), 'accepted'],
      [write(update({ append: { none: [1] } })), 'store-request-invalid'],
      [write(update({ add: { text: 1 } })), 'store-request-invalid'],
      [write(update({ add: { count: new Set([1]) } })), 'store-request-invalid'],
      [write(update({ add: { members: 1 } })), 'store-request-invalid'],
      [transact('mismatch', update({ append: { none: [1] } }), put({}, key('JOB#2'))), 'store-request-invalid'],
      [write(update({ condition: IS_NEW, append: { none: [1] } })), 'rejected'],
      [read(), 'found'],
      [read(key('JOB#2')), 'nothing'],
    ],
  },
  {
    name: 'refuses to append to what is no list',
    emulatorDeviation: 'list_append takes anything but a list as an empty list',
    steps: [
      [write(put({ text: 'a' })), 'accepted'],
      [write(update({ append: { text: [1] } })), 'store-request-invalid'],
      [read(), 'found'],
    ],
  },
  {
    name: 'refuses what no store takes',
    steps: [
      [write(put({ members: new Set() })), 'store-request-invalid'],
      [write(put({ number: Number.NaN })), 'store-request-invalid'],
      [write(put({ number: 2 ** 53 })), 'store-request-invalid'],
      [write(put({ pk: 'TENANT#other' })), 'store-request-invalid'],
      [write(put({}, key(''))), 'store-request-invalid'],
      [write(update({})), 'store-request-invalid'],
      [write(update({ set: { a: 1 }, add: { a: 1 } })), 'store-request-invalid'],
      [write(update({ condition: { operator: 'all', conditions: [] }, set: { a: 1 } })), 'store-request-invalid'],
      [
        write(update({ condition: { operator: 'in', attribute: 'a', values: [] }, set: { a: 1 } })),
        'store-request-invalid',
      ],
      [transact('same-item', update({ set: { a: 1 } }), update({ set: { b: 1 } })), 'store-request-invalid'],
      [transact('none'), 'store-request-invalid'],
      [transact('', put({})), 'store-request-invalid'],
      [
        transact('too-many', ...Array.from({ length: 101 }, (_, index) => put({}, key(`JOB#${index}`)))),
        'store-request-invalid',
      ],
      [{ do: 'list', query: { pk: PARTITION, prefix: '', limit: 0 } }, 'store-request-invalid'],
      [{ do: 'list', query: { pk: PARTITION, prefix: 'JOB#', after: 'A', limit: 1 } }, 'store-request-invalid'],
    ],
  },
  {
    name: 'refuses an item beyond 400 kB',
    steps: [
      [write(put({ text: 'x'.repeat(400 * 1024 - 'pkTENANT#alphaskJOB#1text'.length) })), 'accepted'],
      [write(update({ set: { m: '' } })), 'store-request-invalid'],
      [write(put({ text: 'x'.repeat(400 * 1024) }, key('JOB#2'))), 'store-request-invalid'],
      [read(key('JOB#2')), 'nothing'],
    ],
  },
  {
    name: 'moves a pointer from the version that is named, to one of two that name it',
    steps: [
      [movePointer('first', IS_ABSENT), 'accepted'],
      [movePointer('other', IS_ABSENT), 'rejected'],
      [movePointer('second', isStill('first')), 'accepted'],
      [movePointer('third', isStill('first')), 'rejected'],
      [movePointer('third', isStill('second', 4)), 'rejected'],
      [read(POINTER), 'found'],
      [movePointer('third', isStill('second')), 'accepted'],
      [read(POINTER), 'found'],
    ],
  },
  {
    name: 'writes all of a transaction or nothing, and names what stood in the way',
    steps: [
      [
        transact('submit', put({ state: 'accepted' }), put({ job: '1' }, key('SUBMISSION', 'SUBMISSION#h'))),
        'accepted',
      ],
      [transact('again', put({ state: 'other' }), put({ job: '2' }, key('SUBMISSION', 'SUBMISSION#i'))), 'rejected'],
      [read(key('SUBMISSION', 'SUBMISSION#i')), 'nothing'],
      [
        transact(
          'publish',
          update({ condition: { operator: 'equals', attribute: 'state', value: 'accepted' }, set: { state: 'done' } }),
          update({ set: { job: '1' }, add: { moves: 1 } }, key('DATASET#scene')),
          put({}, key('JOB#none'), { operator: 'exists', attribute: 'pk' }),
          update({ condition: IS_NEW, set: { job: '3' } }, key('SUBMISSION', 'SUBMISSION#h')),
        ),
        'rejected',
      ],
      [read(), 'found'],
      [read(key('DATASET#scene')), 'nothing'],
    ],
  },
  {
    name: 'takes the same token with the same writes as the same transaction',
    steps: [
      [transact('move', update({ add: { moves: 1, members: new Set([2, 1]) } })), 'accepted'],
      [transact('move', update({ add: { moves: 1, members: new Set([1, 2]) } })), 'accepted'],
      [transact('move', update({ add: { moves: 2 } })), 'store-token-reused'],
      [transact('move-on', update({ add: { moves: 1 } })), 'accepted'],
      [read(), 'found'],
    ],
  },
  {
    name: 'forgets the token of a transaction that was rejected',
    steps: [
      [transact('late', update({ condition: { operator: 'exists', attribute: 'pk' }, set: { a: 1 } })), 'rejected'],
      [write(put({})), 'accepted'],
      [transact('late', update({ condition: { operator: 'exists', attribute: 'pk' }, set: { a: 1 } })), 'accepted'],
      [read(), 'found'],
    ],
  },
  {
    name: 'lists a prefix in the order of its bytes, both ways, page by page',
    steps: [
      ...['JOB#b', 'JOB#a', 'JOB#ü', 'JOB#🗺', 'JOB#\uFF5E', 'DATASET#x', 'JOB', 'JOB#'].map((sk): [Step, string] => [
        write(put({ name: sk }, key(sk))),
        'accepted',
      ]),
      [{ do: 'list', query: { pk: PARTITION, prefix: '', limit: 20 } }, 'found'],
      [{ do: 'list', query: { pk: PARTITION, prefix: 'JOB#', limit: 20 } }, 'found'],
      [{ do: 'list', query: { pk: PARTITION, prefix: 'JOB#', limit: 2 } }, 'found'],
      [{ do: 'list', query: { pk: PARTITION, prefix: 'JOB#', limit: 2, after: 'JOB#a' } }, 'found'],
      [{ do: 'list', query: { pk: PARTITION, prefix: 'JOB#', limit: 2, after: 'JOB#ab' } }, 'found'],
      [{ do: 'list', query: { pk: PARTITION, prefix: 'JOB#', limit: 3, descending: true } }, 'found'],
      [{ do: 'list', query: { pk: PARTITION, prefix: 'JOB#', limit: 9, after: 'JOB#b', descending: true } }, 'found'],
      [write(put({ name: 'between' }, key('JOB#ab'))), 'accepted'],
      [{ do: 'list', query: { pk: PARTITION, prefix: 'JOB#', limit: 20 } }, 'found'],
      [{ do: 'list', query: { pk: 'TENANT#none', prefix: 'JOB#', limit: 9 } }, 'found'],
    ],
  },
  {
    name: 'finds in the index what has both attributes and is due, earliest first',
    steps: [
      [write(put({ activePartition: 'active#0', dueAt: 30 }, key('JOB#1'))), 'accepted'],
      [write(put({ activePartition: 'active#0', dueAt: 10 }, key('JOB#2'))), 'accepted'],
      [write(put({ activePartition: 'active#1', dueAt: 10 }, key('JOB#3'))), 'accepted'],
      [write(put({ activePartition: 'active#0' }, key('JOB#4'))), 'accepted'],
      [write(put({ activePartition: 'active#0', dueAt: 20 }, key('JOB#5'))), 'accepted'],
      [{ do: 'list-due', partition: 'active#0', now: 30, limit: 10 }, 'found'],
      [{ do: 'list-due', partition: 'active#0', now: 29, limit: 10 }, 'found'],
      [{ do: 'list-due', partition: 'active#0', now: 30, limit: 1 }, 'found'],
      [write(update({ set: { dueAt: 5 } }, key('JOB#1'))), 'accepted'],
      [write(update({ remove: ['dueAt'] }, key('JOB#2'))), 'accepted'],
      [{ do: 'list-due', partition: 'active#0', now: 30, limit: 10 }, 'found'],
      [{ do: 'list-due', partition: 'active#9', now: 30, limit: 10 }, 'found'],
      [write(put({ activePartition: 1 }, key('JOB#6'))), 'store-request-invalid'],
    ],
  },
  {
    name: 'refuses an update that gives an attribute of the index another type',
    dynamoDbLocalDeviation: 'an update may give an attribute of an index any type',
    steps: [
      [write(put({ activePartition: 'active#0', dueAt: 20 })), 'accepted'],
      [write(update({ set: { dueAt: 'soon' } })), 'store-request-invalid'],
      [read(), 'found'],
      [{ do: 'list-due', partition: 'active#0', now: 30, limit: 10 }, 'found'],
    ],
  },
];
