import fc from 'fast-check';
import type { Condition, ItemKey, UpdateWrite, Value, Write } from '../../shared/jobs/ports/job-store.ts';
import type { Step } from './job-store-steps.ts';

/** Names of a small world: what is written is soon met again. */
const SORT_KEYS = ['JOB#1', 'JOB#2'];
const ATTRIBUTES = ['count', 'settled', 'history', 'state'];
const SMALL = { min: -2, max: 3 };

const small = fc.integer(SMALL);
const members = fc.uniqueArray(small, { minLength: 1, maxLength: 3 }).map((numbers) => new Set(numbers));
const word = fc.constantFrom('accepted', 'running', '');
const attribute = fc.constantFrom(...ATTRIBUTES);
const list = fc.array(fc.oneof(small, word), { maxLength: 2 });
const value: fc.Arbitrary<Value> = fc.oneof(small, members, word, list, fc.constant(null), fc.record({ inner: small }));

const clause: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ operator: fc.constant('equals' as const), attribute, value: fc.oneof(small, word) }),
  fc.record({
    operator: fc.constant('in' as const),
    attribute,
    values: fc.array(fc.oneof(small, word), { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ operator: fc.constant('at-most' as const), attribute, value: small }),
  fc.record({ operator: fc.constantFrom('exists' as const, 'absent' as const), attribute }),
  fc.record({ operator: fc.constant('not-contains' as const), attribute, value: small }),
  fc.record({ operator: fc.constant('set-size' as const), attribute, value: fc.nat(2) }),
);
const condition: fc.Arbitrary<Condition> = fc.oneof(
  { weight: 3, arbitrary: clause },
  fc.record({
    operator: fc.constantFrom('all' as const, 'any' as const),
    conditions: fc.array(clause, { minLength: 1, maxLength: 3 }),
  }),
);
const anyhow: Condition = {
  operator: 'any',
  conditions: [
    { operator: 'exists', attribute: 'pk' },
    { operator: 'absent', attribute: 'pk' },
  ],
};

const changes = fc.uniqueArray(attribute, { minLength: 1, maxLength: 3 }).chain((attributes) =>
  fc
    .tuple(
      ...attributes.map((name) =>
        fc.oneof(
          value.map((to) => ({ set: { [name]: to } })),
          fc.oneof(small, members).map((by) => ({ add: { [name]: by } })),
          fc.constant({ remove: [name] }),
        ),
      ),
    )
    .map(merge),
);

function merge(parts: Partial<UpdateWrite>[]): Partial<UpdateWrite> {
  const remove = parts.flatMap((part) => part.remove ?? []);
  const add = Object.assign({}, ...parts.map((part) => part.add)) as Record<string, number>;
  const set = Object.assign({}, ...parts.map((part) => part.set)) as Record<string, Value>;
  return { remove, add, set };
}

const key: fc.Arbitrary<ItemKey> = fc.constantFrom(...SORT_KEYS).map((sk) => ({ pk: 'drawn', sk }));
const guard = fc.oneof(fc.constant(anyhow), condition);
const write: fc.Arbitrary<Write> = fc.oneof(
  fc.record({
    kind: fc.constant('put' as const),
    key,
    condition: guard,
    item: fc.dictionary(attribute, value, { maxKeys: 3, noNullPrototype: true }),
  }),
  fc
    .tuple(key, guard, changes)
    .map(([at, when, what]): Write => ({ kind: 'update', key: at, condition: when, ...what })),
);
const writes = fc.uniqueArray(write, { minLength: 1, maxLength: 2, selector: (one) => one.key.sk });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: write.map((one): Step => ({ do: 'write', write: one })) },
  { weight: 2, arbitrary: fc.tuple(writes, fc.nat(3)).map(([all, token]): Step => transact(all, String(token))) },
  { weight: 1, arbitrary: key.map((at): Step => ({ do: 'read', key: at })) },
);
/** Sequences of writes, transactions and reads of two items, drawn so that conditions hold about as often as not. */
export const drawnSteps: fc.Arbitrary<Step[]> = fc.array(step, { minLength: 1, maxLength: 12 });

function transact(all: Write[], token: string): Step {
  return { do: 'transact', writes: all, token };
}

/** The step on a partition, and with tokens, of this run alone: shrinking takes the same steps on fresh ground. */
export function within(pk: string, drawn: Step): Step {
  const moved = (one: Write): Write => ({ ...one, key: { ...one.key, pk } });
  if (drawn.do === 'write') return { do: 'write', write: moved(drawn.write) };
  if (drawn.do === 'transact') return transact(drawn.writes.map(moved), `${pk}-${drawn.token}`);
  return drawn.do === 'read' ? { do: 'read', key: { ...drawn.key, pk } } : drawn;
}
