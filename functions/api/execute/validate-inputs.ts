import type { ProcessDefinition } from '../../../shared/jobs/process.ts';
import { schemaError } from './schema-errors.ts';

/**
 * Inputs as the process declares them: checked, with defaults.
 * @throws InputError `input-unknown`, `input-missing`, `input-invalid` with every place that is wrong
 */
export function validateInputs(
  process: ProcessDefinition,
  inputs: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const result = process.inputs.safeParse(inputs);
  if (!result.success) throw schemaError(result.error, '/inputs', inputs);
  return result.data;
}
