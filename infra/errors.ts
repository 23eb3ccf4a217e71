import { LonghaulError } from '../shared/errors/longhaul-error.ts';

/** A value given by `-c key=value` or cdk.json that the stack cannot be built with. */
export function contextInvalid(key: string, problem: string): LonghaulError {
  return new LonghaulError({
    code: 'context-invalid',
    retryable: false,
    detail: `The context value "${key}" ${problem}.`,
    remedy: 'See the table of context values in docs/deploy.md.',
    field: `/${key}`,
  });
}

/** A process whose definition cannot be deployed as it is. */
export function processInvalid(id: string, problem: string): LonghaulError {
  return new LonghaulError({
    code: 'process-invalid',
    retryable: false,
    detail: `The process "${id}" ${problem}.`,
    remedy: 'Correct its process.ts, or the context value "processes" that overrides its limits.',
  });
}
