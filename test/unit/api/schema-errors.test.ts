import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { schemaError } from '../../../functions/api/execute/schema-errors.ts';

function errorOf(schema: z.ZodType, value: unknown) {
  const result = schema.safeParse(value);
  if (result.success) throw new Error('the schema takes the value');
  return schemaError(result.error, '/inputs', value);
}

describe('schemaError', () => {
  it('tells what is missing from what is wrong', () => {
    const schema = z.strictObject({ a: z.string(), b: z.string() });
    expect(errorOf(schema, { b: 1 })).toMatchObject({
      code: 'input-missing',
      field: '/inputs/a',
      errors: [{ field: '/inputs/a' }, { field: '/inputs/b' }],
    });
    expect(errorOf(schema, { a: '', b: null }).code).toBe('input-invalid');
  });

  it('speaks of the alternative of a union that came closest', () => {
    const byValue = z.strictObject({ value: z.string(), type: z.enum(['a', 'b']) });
    const schema = z.strictObject({ x: z.union([z.number(), z.strictObject({ href: z.url() }), byValue]) });
    expect(errorOf(schema, { x: { value: 'v', type: 'c' } })).toMatchObject({ field: '/inputs/x/type' });
    expect(errorOf(schema, { x: { href: 'no address' } })).toMatchObject({ field: '/inputs/x/href' });
  });

  it('names the bound that is passed', () => {
    expect(errorOf(z.object({ n: z.number().max(24) }), { n: 30 })).toMatchObject({ field: '/inputs/n', limit: 24 });
    expect(errorOf(z.object({ n: z.array(z.number()).min(1) }), { n: [] })).toMatchObject({ limit: 1 });
  });

  it('names each member that is unknown, escaped', () => {
    expect(errorOf(z.strictObject({}), { 'a/b': 1, 'c~d': 2 })).toMatchObject({
      code: 'input-unknown',
      errors: [{ field: '/inputs/a~1b' }, { field: '/inputs/c~0d' }],
    });
  });
});
