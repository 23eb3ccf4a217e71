import { LonghaulError } from '../shared/errors/longhaul-error.ts';

/** The command line is wrong; nothing was done. */
export class UsageError extends LonghaulError {
  override readonly name = 'UsageError';
}

/** Why a command ends before its work is done. */
export class Interruption extends Error {
  override readonly name = 'Interruption';
}

export const optionInvalid = (option: string, detail: string, remedy: string): UsageError =>
  new UsageError({ code: 'option-invalid', retryable: false, detail: `${option}: ${detail}`, field: option, remedy });

export const processUnknown = (id: string, known: readonly string[]): UsageError =>
  new UsageError({
    code: 'process-unknown',
    retryable: false,
    detail: `There is no process ${JSON.stringify(id)}.`,
    remedy: `Take one of ${known.join(', ')}.`,
  });

export const processFolderUnreadable = (cause: unknown): UsageError =>
  new UsageError({
    code: 'process-folder-unreadable',
    retryable: false,
    detail: `The processes cannot be loaded: ${cause instanceof Error ? cause.message : String(cause)}`,
    remedy: 'Correct LONGHAUL_PROCESS_FOLDERS, or the process.ts of the folder that is named.',
    cause,
  });

export const fileUnreadable = (path: string, reason: string, cause?: unknown): UsageError =>
  new UsageError({
    code: 'file-unreadable',
    retryable: false,
    detail: `${path} cannot be read: ${reason}.`,
    remedy: 'Name a file that is there and readable.',
    cause,
  });

export const outputExists = (path: string, what: string): UsageError =>
  new UsageError({
    code: 'output-exists',
    retryable: false,
    detail: `${path} ${what}.`,
    remedy: 'Choose another place, or replace what is there with --force.',
  });

export const outputImpossible = (path: string, reason: string, cause?: unknown): LonghaulError =>
  new LonghaulError({
    code: 'output-impossible',
    retryable: false,
    detail: `Nothing can be written to ${path}: ${reason}.`,
    remedy: 'Choose a place in a folder that exists and that you may write to.',
    cause,
  });

export const jobStalled = (jobId: string, state: string): LonghaulError =>
  new LonghaulError({
    code: 'job-stalled',
    retryable: false,
    detail: `Job ${jobId} is ${state}, and nothing is left that would take it on.`,
    remedy: 'This is a defect: please report it with the command line.',
  });

export const apiUnknown = (): UsageError =>
  new UsageError({
    code: 'api-unknown',
    retryable: false,
    detail: 'No API to speak to: neither --api nor LONGHAUL_API is set, and there is no .longhaul/local.json here.',
    remedy: 'Give --api and --token, set LONGHAUL_API and LONGHAUL_TOKEN, or start the local cloud with npm start.',
  });

export const apiInvalid = (origin: string, detail: string): UsageError =>
  new UsageError({
    code: 'api-invalid',
    retryable: false,
    detail: `${origin}: ${detail}.`,
    remedy: 'Give the https address of the API, without query; http is taken for this machine only.',
  });

export const apiUnreachable = (url: URL, cause: unknown): LonghaulError =>
  new LonghaulError({
    code: 'api-unreachable',
    retryable: true,
    detail: `${url.origin} does not answer: ${reasonOf(cause)}.`,
    remedy: 'Check the address of the API and the network, then try again.',
    cause,
  });

/** @param place path below the API's root */
export const answerInvalid = (place: string, detail: string, cause?: unknown): LonghaulError =>
  new LonghaulError({
    code: 'answer-invalid',
    retryable: false,
    detail: `/${place} is answered with something else than what the API of Longhaul gives: ${detail}.`,
    remedy: 'Check the address of the API.',
    cause,
  });

/** @param cause what became of the last try */
export const partNotSent = (partNumber: number, cause: unknown): LonghaulError =>
  new LonghaulError({
    code: 'part-not-sent',
    retryable: true,
    detail: `Part ${partNumber} of the file could not be sent: ${reasonOf(cause)}.`,
    remedy:
      'Run the same command again: it goes on with the parts that are missing. The file must not change meanwhile.',
    cause,
  });

export const uploadUnfinished = (uploadId: string, reason: string): LonghaulError =>
  new LonghaulError({
    code: 'upload-unfinished',
    retryable: true,
    detail: `Upload ${uploadId} is not finished: ${reason}.`,
    remedy: 'Run the same command again later; --new makes another upload.',
  });

/** What `fetch` hides behind `fetch failed`. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : reasonOf(error.cause);
}
