import fc from 'fast-check';

/** Texts that break readers: empty, long, not printable, half a character, another direction, somebody's syntax. */
export const HOSTILE_TEXTS: readonly string[] = [
  ...['', ' ', '\t', '\n', '\r\nx-injected: 1', '\u0000', '\u007f', '\ufeff', '\ud800', '\udc00', '\u202e', 'ä', '𝄞'],
  ...['%', '%0', '%00', '%zz', '%2e%2e%2f', '%252e', '%c0%af', '%ed%a0%80', '%ff', '+', '&', '=', ';', ',', '/', '..'],
  ...['../../other', './', '//', '\\', '*', '?', '#', 'other', 'TENANT#other', 'JOB#', 'DATASET#', 'SHARD#00000', '~'],
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'null', 'undefined', 'true', 'NaN', '[]'],
  ...['0', '-0', '-1', '1.5', '1e400', '1e3', '0x10', '9007199254740993', '99999999999999999999', '１', '٣', '1_000'],
  ...['<script>', '"', "'", "' OR 1=1 --", '${jndi:ldap://a}', '{{7*7}}', '$(id)', '`id`', '(((((((((((((((((((a+)+)+'],
  ...['a'.repeat(200), 'a'.repeat(2_000), ','.repeat(1_000), ';q='.repeat(400), '"'.repeat(300), '%20'.repeat(300)],
];

/** Any text: of the list, of any characters with halves of characters among them, or several of those in a row. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...HOSTILE_TEXTS),
  fc.string({ unit: 'binary', maxLength: 24 }),
  fc.array(fc.nat(0xffff), { minLength: 1, maxLength: 8 }).map((units) => String.fromCharCode(...units)),
  fc.array(fc.constantFrom(...HOSTILE_TEXTS), { minLength: 2, maxLength: 3 }).map((parts) => parts.join('')),
);

/** A text that is right but for some of its letters: changed, left out, or with others between them. */
export function changedText(texts: readonly string[]): fc.Arbitrary<string> {
  const letter = fc.constantFrom(...'0123456789abcdefXYZ.-_');
  const change = fc.oneof(
    fc.record({ at: fc.nat(10_000), remove: fc.constant(1), insert: letter }),
    fc.record({ at: fc.nat(10_000), remove: fc.nat(4), insert: fc.oneof(fc.constant(''), hostileText) }),
  );
  return fc.tuple(fc.constantFrom(...texts), fc.array(change, { minLength: 1, maxLength: 3 })).map(([text, changes]) =>
    changes.reduce((before, { at, remove, insert }) => {
      const start = at % (before.length + 1);
      return before.slice(0, start) + insert + before.slice(start + remove);
    }, text),
  );
}
