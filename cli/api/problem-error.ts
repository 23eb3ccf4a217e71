import { z } from 'zod';
import { LonghaulError } from '../../shared/errors/longhaul-error.ts';

/** RFC 9457, as the API gives it; a gateway in front of it gives less. */
const problemSchema = z.object({
  code: z.string().optional(),
  title: z.string().optional(),
  detail: z.string().optional(),
  message: z.string().optional(),
  field: z.string().optional(),
  limit: z.number().optional(),
  actual: z.number().optional(),
  remedy: z.string().optional(),
  errors: z.array(z.object({ field: z.string(), detail: z.string() })).optional(),
});

const UNAUTHORIZED = 401;
const FORBIDDEN = 403;
const TOO_MANY_REQUESTS = 429;
const SERVER_ERROR = 500;

/** A refusal of the API, in its own words. */
export class ApiError extends LonghaulError {
  override readonly name = 'ApiError';
  readonly status: number;
  /** Every input that is wrong, when there are several. */
  readonly errors: readonly { field: string; detail: string }[];

  constructor(status: number, body: unknown, retryAfterMs?: number) {
    const parsed = problemSchema.safeParse(body);
    const problem = parsed.success ? parsed.data : {};
    const { code, field, limit, actual } = problem;
    const remedy = problem.remedy ?? remedyOf(status);
    super({
      code: code ?? `http-${status}`,
      retryable: status >= SERVER_ERROR || status === TOO_MANY_REQUESTS,
      detail: problem.detail ?? problem.title ?? problem.message ?? `The API answers with status ${status}.`,
      ...(field === undefined ? {} : { field }),
      ...(limit === undefined ? {} : { limit }),
      ...(actual === undefined ? {} : { actual }),
      ...(remedy === undefined ? {} : { remedy }),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
    this.status = status;
    this.errors = problem.errors ?? [];
  }
}

/** For what API Gateway answers by itself: it knows no remedy. */
function remedyOf(status: number): string | undefined {
  if (status === UNAUTHORIZED) return 'Give a token with --token or LONGHAUL_TOKEN.';
  if (status === FORBIDDEN) return 'Use a token that is valid, and whose scopes allow this.';
  return status === TOO_MANY_REQUESTS || status >= SERVER_ERROR ? 'Try again in a moment.' : undefined;
}
