import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Content } from './contents.ts';
import type { GoldenVersion } from './golden.ts';
import type { Kind } from './schemas.ts';

/** Checks contents by the schemas that a version was recorded with; nothing of today's code takes part. */
export function validatorOf({ schemas }: Pick<GoldenVersion, 'schemas'>): (content: Content) => string[] {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  const validators = new Map(Object.entries(schemas).map(([kind, schema]) => [kind as Kind, ajv.compile(schema)]));
  return ({ kind, where, value }) => {
    const validate = validators.get(kind);
    // A kind that the version does not know is nothing that it reads.
    if (validate === undefined || validate(value)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message }) => `${kind} ${where}${instancePath}: ${message ?? ''}`,
    );
  };
}
