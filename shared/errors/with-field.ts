import { LonghaulError } from './longhaul-error.ts';

/** The same error with the JSON pointer of the input that it is about. */
export function withField(error: unknown, field: string): unknown {
  if (!(error instanceof LonghaulError) || error.field !== undefined) return error;
  const { code, retryable, detail, remedy, limit, actual, retryAfterMs } = error;
  return new LonghaulError({
    code,
    retryable,
    detail,
    field,
    cause: error,
    ...(remedy === undefined ? {} : { remedy }),
    ...(limit === undefined ? {} : { limit }),
    ...(actual === undefined ? {} : { actual }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}
