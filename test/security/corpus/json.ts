import fc from 'fast-check';

/** JSON text that stands in a value as it is: for numbers and depths that a value of JavaScript cannot say. */
class Raw {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

const deep = (levels: number): Raw => new Raw('['.repeat(levels) + ']'.repeat(levels));
const deepObject = (levels: number): Raw => new Raw('{"a":'.repeat(levels) + '0' + '}'.repeat(levels));

/** What stands in the place of a value. */
const HOSTILE_VALUES: readonly unknown[] = [
  ...['1e400', '-1e400', '-0', '1e-400', '9007199254740993', '-9007199254740993', '123456789012345678901234567890'],
  ...['1E+2', '0.1e-7', '01', '+1', '.5', '1.', '0x10', 'NaN', 'Infinity', 'undefined', "'a'", '', '"\\ud800"'],
  ...['"\\udc00\\ud800"', '"\\u0000"', '"\\x41"', '"\u0007"', '"\\u202e"', '{,}', '[1,]', '/**/1', '{"a":1,"a":2}'],
]
  .map<unknown>((text) => new Raw(text))
  .concat([63, 64, 65, 1_000].map(deep), [63, 64, 65, 1_000].map(deepObject))
  .concat([null, true, false, 0, -1, 0.5, 2 ** 31, 2 ** 53 - 1, Number.MIN_VALUE, '', ' ', '\n', 'ä', '𝄞', '\ufeff'])
  .concat(['a'.repeat(2_000), '../../other', 'other', 'TENANT#other', '__proto__', '${jndi:ldap://a}', "' OR 1=1 --"])
  .concat([[], {}, [[]], [{}], [null], { value: 1 }, { value: { value: {} } }, { href: 'https://data.example/a' }])
  .concat(['https://data.example/ä', 'https://data.example/\ud800>; rel="x"', 'http://[::1', 'javascript:alert(1)'])
  .concat([{ href: 'file:///etc/passwd' }, { bbox: [0, 0, 1, 1] }, { bbox: [0, 0, 1, 1], crs: '' }, { bbox: 'x' }]);

/** Names of members that reach for more than a member. */
const HOSTILE_KEYS = [
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', 'then', 'length', 'toJSON'],
  ...['', ' ', '0', '-1', 'a/b', '~', '~1', '\u0000', '\ud800', 'ä', 'x'.repeat(500), 'inputs', 'value', 'href', 'f'],
];

type Change =
  | { kind: 'replace'; place: number; value: number }
  | { kind: 'add'; place: number; key: number; value: number }
  | { kind: 'drop'; place: number }
  | { kind: 'wrap'; place: number; levels: number }
  | { kind: 'repeat'; place: number; times: number };

const place = fc.nat(10_000);
const value = fc.nat(HOSTILE_VALUES.length - 1);

const changes: fc.Arbitrary<Change[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('replace' as const), place, value }) },
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constant('add' as const), place, key: fc.nat(HOSTILE_KEYS.length - 1), value }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('drop' as const), place }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('wrap' as const), place, levels: fc.constantFrom(1, 2, 62, 70) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('repeat' as const), place, times: fc.constantFrom(2, 17, 40) }),
    },
  ),
  { minLength: 1, maxLength: 3 },
);

/** What is done to the text when the values are right. */
const TEXT_CHANGES: readonly ((text: string, at: number) => string)[] = [
  (text) => text,
  (text) => text,
  (text) => text,
  (text) => text,
  (text, at) => text.slice(0, at % (text.length + 1)),
  (text, at) => text.slice(at % (text.length + 1)),
  (text, at) => text.slice(0, at % (text.length + 1)) + '\u0000' + text.slice(at % (text.length + 1)),
  (text) => `\ufeff${text}`,
  (text) => `${text}${text}`,
  (text) => text.replaceAll('"', "'"),
  (text) => text.replace(/"(\w)/g, (_, letter: string) => `"\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`),
];

/** Texts that are one of the documents but for what was changed in it: in its values, its members, or its letters. */
export function hostileJson(documents: readonly unknown[]): fc.Arbitrary<string> {
  return fc
    .tuple(fc.nat(documents.length - 1), changes, fc.nat(TEXT_CHANGES.length - 1), fc.nat(10_000))
    .map(([index, list, textChange, at]) => {
      const document = list.reduce<unknown>(changed, documents[index]);
      return TEXT_CHANGES[textChange]!(write(document), at);
    });
}

/** Values that are one of the documents but for what was changed in them, without what JSON text alone can say. */
export function hostileValues(documents: readonly unknown[]): fc.Arbitrary<unknown> {
  return fc
    .tuple(fc.nat(documents.length - 1), changes)
    .map(([index, list]) => plain(list.reduce<unknown>(changed, documents[index])));
}

/** The document with one change, at the place that a number names: one of its values, in the order of its text. */
function changed(document: unknown, change: Change): unknown {
  const target = change.place % countOf(document);
  let seen = 0;
  const visit = (node: unknown): unknown => {
    if (seen++ === target) return changedNode(node, change);
    if (Array.isArray(node)) return (node as unknown[]).map(visit);
    if (!isObject(node)) return node;
    return Object.fromEntries(Object.entries(node).map(([name, member]) => [name, visit(member)]));
  };
  return visit(document);
}

function changedNode(node: unknown, change: Change): unknown {
  switch (change.kind) {
    case 'replace':
      return HOSTILE_VALUES[change.value];
    case 'add': {
      const member = HOSTILE_VALUES[change.value];
      if (Array.isArray(node)) return [...(node as unknown[]), member];
      return isObject(node)
        ? Object.fromEntries([...Object.entries(node), [HOSTILE_KEYS[change.key], member]])
        : member;
    }
    case 'drop':
      if (Array.isArray(node)) return node.slice(1) as unknown[];
      return isObject(node) ? Object.fromEntries(Object.entries(node).slice(1)) : null;
    case 'wrap':
      return new Raw('['.repeat(change.levels) + write(node) + ']'.repeat(change.levels));
    case 'repeat':
      return Array.isArray(node)
        ? Array.from({ length: change.times }, () => node as unknown[]).flat()
        : Array<unknown>(change.times).fill(node);
  }
}

function countOf(node: unknown): number {
  if (Array.isArray(node)) return (node as unknown[]).reduce<number>((sum, item) => sum + countOf(item), 1);
  return isObject(node) ? Object.values(node).reduce<number>((sum, member) => sum + countOf(member), 1) : 1;
}

function write(node: unknown): string {
  if (node instanceof Raw) return node.text;
  if (Array.isArray(node)) return `[${(node as unknown[]).map(write).join(',')}]`;
  if (!isObject(node)) return JSON.stringify(node);
  return `{${Object.entries(node)
    .map(([name, member]) => `${JSON.stringify(name)}:${write(member)}`)
    .join(',')}}`;
}

/** Raw texts as the nearest values: those that are no JSON become texts. */
function plain(node: unknown): unknown {
  if (node instanceof Raw) return rawValue(node.text);
  if (Array.isArray(node)) return (node as unknown[]).map(plain);
  if (!isObject(node)) return node;
  return Object.fromEntries(Object.entries(node).map(([name, member]) => [name, plain(member)]));
}

function rawValue(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

const isObject = (node: unknown): node is Record<string, unknown> =>
  node !== null && typeof node === 'object' && !(node instanceof Raw);
