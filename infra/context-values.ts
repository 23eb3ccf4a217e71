import { z } from 'zod';

/** Context comes as text from `-c key=value` and as JSON from cdk.json: these schemas take both. */

/** `true` or `false`. */
export const contextFlag = z.union([
  z.boolean(),
  z.enum(['true', 'false'], 'must be true or false').transform((text) => text === 'true'),
]);

/** A whole number. */
export const contextInteger = z.union(
  [
    z.int(),
    z
      .string()
      .regex(/^\d{1,15}$/)
      .transform(Number),
  ],
  'must be a whole number',
);

/** A list, or its members separated by commas. */
export const contextList = z.union([
  z.array(z.string()),
  z.string().transform((text) =>
    text
      .split(',')
      .map((member) => member.trim())
      .filter((member) => member !== ''),
  ),
]);

/** Any JSON value but text, or its text. */
export const contextJson = z.unknown().transform((value, context) => {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    context.addIssue({ code: 'custom', message: 'must be JSON' });
    return z.NEVER;
  }
});
