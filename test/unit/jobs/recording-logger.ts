import type { Logger } from '../../../shared/jobs/ports/logger.ts';

/** A log line: level, event and fields. */
export type LogLine = [level: keyof Logger, event: string, fields: Record<string, unknown>];

/** A logger that keeps its lines. */
export function recordingLogger(): { logger: Logger; lines: LogLine[] } {
  const lines: LogLine[] = [];
  const at =
    (level: keyof Logger) =>
    (event: string, fields: Record<string, unknown> = {}): void =>
      void lines.push([level, event, fields]);
  return { logger: { info: at('info'), warn: at('warn'), error: at('error') }, lines };
}
