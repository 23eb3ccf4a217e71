import type { ErrorRecord } from '../../shared/jobs/job.ts';
import type { Logger } from '../../shared/jobs/ports/logger.ts';
import { formatSeconds, writeLine } from '../output/text.ts';
import type { TextStream } from '../context.ts';

/** What the engine reports while a job runs on this machine. */
export interface RunLog {
  logger: Logger;
  /** Why nothing moves for so many milliseconds: the attempt that failed last. */
  waitingText: (milliseconds: number) => string;
}

/** Keeps the last failed attempt; with `verbose` every event is also a line of JSON. */
export function createRunLog(stream: TextStream, verbose: boolean): RunLog {
  let failed: { attempt: number; error: ErrorRecord } | undefined;
  const log =
    (level: string) =>
    (event: string, fields: Record<string, unknown> = {}): void => {
      if (event === 'job.attempt.failed') failed = fields as unknown as NonNullable<typeof failed>;
      if (verbose) writeLine(stream, JSON.stringify({ level, event, ...fields }));
    };
  return {
    logger: { info: log('info'), warn: log('warn'), error: log('error') },
    waitingText: (milliseconds) => {
      const time = formatSeconds(milliseconds / 1000);
      if (failed === undefined) return `waiting ${time}`;
      return `waiting ${time} for attempt ${failed.attempt + 1}: ${failed.error.detail} (${failed.error.code})`;
    },
  };
}
