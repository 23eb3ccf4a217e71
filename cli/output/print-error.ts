import { LonghaulError } from '../../shared/errors/longhaul-error.ts';
import type { ErrorRecord } from '../../shared/jobs/job.ts';
import { sourceStack } from '../bundle/source-stack.ts';
import type { TextStream } from '../context.ts';
import { formatCount, writeLine } from './text.ts';

/** Prints what is wrong, where, by how much, and what to do; of a defect its stack, which a report of it needs. */
export function printError(stream: TextStream, error: unknown): void {
  if (!(error instanceof LonghaulError)) {
    const text = error instanceof Error ? sourceStack(error.stack ?? error.message) : String(error);
    writeLine(stream, `Error: this is a defect of longhaul. ${text}`);
    return;
  }
  writeLine(stream, `Error: ${error.detail}`);
  writeLine(stream, `  code: ${error.code}`);
  if (error.field !== undefined && error.field !== '') writeLine(stream, `  field: ${error.field}`);
  for (const { field, detail } of furtherErrors(error)) writeLine(stream, `  also: ${field}: ${detail}`);
  if (error.limit !== undefined) writeLine(stream, `  limit: ${formatCount(error.limit)}`);
  if (error.actual !== undefined) writeLine(stream, `  actual: ${formatCount(error.actual)}`);
  if (error.remedy !== undefined) writeLine(stream, `  what to do: ${error.remedy}`);
}

/** One error of a job in one line. */
export function errorLine({ code, detail, dataset, unit }: ErrorRecord): string {
  const place = [dataset, unit].filter((word) => word !== undefined).join(' ');
  return `${place === '' ? '' : `${place}: `}${detail} (${code})`;
}

interface FieldError {
  field: string;
  detail: string;
}

/** Every wrong input but the first, which is the error itself. */
function furtherErrors(error: LonghaulError): FieldError[] {
  const errors = 'errors' in error && Array.isArray(error.errors) ? (error.errors as FieldError[]) : [];
  return errors.slice(1).map(({ field, detail }) => ({ field, detail: detail.replace(`${field}: `, '') }));
}
