import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_JSON_DEPTH, parseJson } from '../../../shared/http/json.ts';

const code = (text: string): string => {
  try {
    parseJson(text);
    return 'taken';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

const errorOf = (text: string, field?: string): Error | undefined => {
  try {
    parseJson(text, field);
  } catch (error) {
    return error as Error;
  }
  return undefined;
};

describe('parseJson', () => {
  it('takes what JSON.parse takes, and gives the same', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 8 }), (text) => {
        fc.pre(!/"(__proto__|constructor|prototype)"/.test(text));
        expect(parseJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('refuses what JSON.parse refuses', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[]",:\\1a u0') }), (text) => {
        if (code(text) === 'taken') expect(() => void JSON.parse(text)).not.toThrow();
        if (code(text) === 'json-invalid') expect(() => void JSON.parse(text)).toThrow();
      }),
    );
  });

  it('takes nesting up to its limit and no deeper', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(code(nested(MAX_JSON_DEPTH))).toBe('taken');
    expect(code(nested(MAX_JSON_DEPTH + 1))).toBe('json-too-deep');
  });

  it('counts no brackets inside strings', () => {
    expect(parseJson(`"${'['.repeat(100)}\\"${'{'.repeat(100)}"`)).toBe(`${'['.repeat(100)}"${'{'.repeat(100)}`);
  });

  it.each([
    ['{', 'json-invalid', 'The text is not JSON.', 'Send JSON (RFC 8259) in UTF-8.'],
    ['{"a\n":1}', 'json-invalid', 'A key of the text is not a JSON string.', 'Send JSON (RFC 8259) in UTF-8.'],
    ['{"__proto__":1}', 'json-key-refused', 'The key "__proto__" is not taken.', 'Leave the key out.'],
    [
      `{"${'k'.repeat(50)}":1,"${'k'.repeat(50)}":2}`,
      'json-duplicate-key',
      `The key "${'k'.repeat(40)}" stands twice in one object.`,
      'Send each key once.',
    ],
    ['['.repeat(65), 'json-too-deep', 'The JSON is nested deeper than 64 levels.', 'Send a flatter document.'],
  ])('says of %s what is wrong, where, and what to do', (text, wanted, detail, remedy) => {
    const limit = wanted === 'json-too-deep' ? 64 : undefined;
    expect(errorOf(text, '/body')).toMatchObject({
      code: wanted,
      retryable: false,
      detail,
      remedy,
      field: '/body',
      limit,
    });
    expect(errorOf(text)).toMatchObject({ field: '' });
    expect(errorOf(text)?.cause instanceof Error).toBe(wanted === 'json-invalid');
  });

  it.each([
    ['{"a":1,"a":2}', 'json-duplicate-key'],
    ['{"a":1,"\\u0061":2}', 'json-duplicate-key'],
    ['{"a":{"b":1},"b":2}', 'taken'],
    ['[{"a":1},{"a":2}]', 'taken'],
    ['{"a":"a","b" :"a"}', 'taken'],
    ['{"__proto__":{"polluted":true}}', 'json-key-refused'],
    ['{"\\u005f_proto__":1}', 'json-key-refused'],
    ['{"constructor":{"prototype":{}}}', 'json-key-refused'],
    ['["__proto__"]', 'taken'],
    ['{"a":{"a":1}}', 'taken'],
    [`[${'[],'.repeat(100)}[]]`, 'taken'],
    [`[${'{},'.repeat(100)}{}]`, 'taken'],
    ['["a":1]', 'json-invalid'],
    ['["a":1,"a":2]', 'json-invalid'],
    ['"a":1', 'json-invalid'],
    ['{"a" :1,"a" :2}', 'json-duplicate-key'],
    ['{"a"\t\r\n :1,"a"\t\r\n :2}', 'json-duplicate-key'],
    ['{"prototype":1}', 'json-key-refused'],
    ['{"a', 'json-invalid'],
    ['{"a\n":1}', 'json-invalid'],
    ['', 'json-invalid'],
    ['{"a":', 'json-invalid'],
  ])('answers %s with %s', (text, expected) => {
    expect(code(text)).toBe(expected);
  });
});
