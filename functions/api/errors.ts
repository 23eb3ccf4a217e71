import { LonghaulError } from '../../shared/errors/longhaul-error.ts';

/** One input that is wrong. */
export interface FieldError {
  /** JSON pointer. */
  field: string;
  detail: string;
}

/** The bound that the first of the inputs passes, if it is a matter of size. */
export interface Bound {
  limit?: number;
  actual?: number;
}

/** Inputs that the declared schema refuses: the first is the error's own field, all are listed. */
export class InputError extends LonghaulError {
  override readonly name = 'InputError';
  readonly errors: readonly FieldError[];

  constructor(code: string, errors: readonly [FieldError, ...FieldError[]], remedy: string, bound: Bound = {}) {
    super({ code, retryable: false, detail: errors[0].detail, field: errors[0].field, remedy, ...bound });
    this.errors = errors;
  }
}

export const noSuchProcess = (id: string): LonghaulError =>
  new LonghaulError({
    code: 'no-such-process',
    retryable: false,
    detail: `There is no process ${JSON.stringify(id.slice(0, 80))}.`,
    remedy: 'Take an id of GET /processes.',
  });

/** Also said of another tenant's job: whether it exists is none of the caller's business. */
export const noSuchJob = (id: string): LonghaulError =>
  new LonghaulError({
    code: 'job-not-found',
    retryable: false,
    detail: `There is no job ${JSON.stringify(id.slice(0, 80))}.`,
    remedy: 'Take a jobID of GET /jobs; jobs are kept for a limited time.',
  });

export const noSuchDataset = (id: string): LonghaulError =>
  new LonghaulError({
    code: 'dataset-not-found',
    retryable: false,
    detail: `There is no published dataset ${JSON.stringify(id.slice(0, 80))}.`,
    remedy: 'Take an id of GET /datasets.',
  });

export const noSuchOutput = (id: string): LonghaulError =>
  new LonghaulError({
    code: 'output-not-found',
    retryable: false,
    detail: `The job has no result ${JSON.stringify(id.slice(0, 80))}.`,
    remedy: 'Take an output that the request named, or one of the process description.',
  });

/** @param retryAfterMs when it makes sense to ask again */
export const resultNotReady = (id: string, state: string, retryAfterMs: number): LonghaulError =>
  new LonghaulError({
    code: 'result-not-ready',
    retryable: true,
    detail: `Job ${id} is ${state}: it has no results yet.`,
    remedy: 'Poll GET /jobs/{jobId} until its status is successful.',
    retryAfterMs,
  });

export const jobCancelled = (id: string): LonghaulError =>
  new LonghaulError({
    code: 'job-cancelled',
    retryable: false,
    detail: `Job ${id} was dismissed: it has no results.`,
    remedy: 'Submit it again.',
  });

export const jobAlreadyFinished = (id: string, state: string): LonghaulError =>
  new LonghaulError({
    code: 'job-already-finished',
    retryable: false,
    detail: `Job ${id} is ${state} and cannot be dismissed any more.`,
    remedy: 'Nothing has to be done: its results and records expire by themselves.',
  });

export const invalidParameter = (name: string, detail: string, remedy: string): LonghaulError =>
  new LonghaulError({ code: 'parameter-invalid', retryable: false, detail, field: name, remedy });

export const unknownParameter = (name: string, known: readonly string[]): LonghaulError =>
  new LonghaulError({
    code: 'parameter-unknown',
    retryable: false,
    detail: `The query parameter ${JSON.stringify(name.slice(0, 80))} is not known here.`,
    field: name.slice(0, 80),
    remedy: known.length === 0 ? 'Leave it out.' : `Known are ${known.join(', ')}.`,
  });

export const notAcceptable = (accept: string, offered: readonly string[]): LonghaulError =>
  new LonghaulError({
    code: 'not-acceptable',
    retryable: false,
    detail: `Nothing here is of the media type ${JSON.stringify(accept.slice(0, 120))}.`,
    remedy: `Accept one of ${offered.join(', ')}.`,
  });

export const scopeMissing = (scope: string): LonghaulError =>
  new LonghaulError({
    code: 'scope-missing',
    retryable: false,
    detail: `The token does not allow ${scope}.`,
    remedy: `Use a token with the scope ${scope}.`,
  });

export const unauthenticated = (): LonghaulError =>
  new LonghaulError({
    code: 'unauthenticated',
    retryable: false,
    detail: 'This resource needs a bearer token.',
    remedy: 'Send Authorization: Bearer <token>.',
  });

export const routeNotFound = (method: string, path: string): LonghaulError =>
  new LonghaulError({
    code: 'route-not-found',
    retryable: false,
    detail: `There is nothing at ${method.slice(0, 10)} ${JSON.stringify(path.slice(0, 120))}.`,
    remedy: 'See GET /api for what there is.',
  });

export const bodyTooLarge = (limit: number, actual: number): LonghaulError =>
  new LonghaulError({
    code: 'body-too-large',
    retryable: false,
    detail: `The request body has ${actual} bytes, the limit is ${limit}.`,
    limit,
    actual,
    remedy: 'Pass large inputs by reference.',
  });

export const requestTimedOut = (): LonghaulError =>
  new LonghaulError({
    code: 'request-timed-out',
    retryable: true,
    detail: 'The request took longer than one may take.',
    remedy: 'Send it again; execute long processes with Prefer: respond-async.',
    retryAfterMs: 1_000,
  });
