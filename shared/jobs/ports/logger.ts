/** Structured logging: `event` is a stable constant such as `job.chunk.settled`. Bodies, tokens and query strings are never logged. */
export interface Logger {
  info(event: string, fields?: Record<string, unknown>): void;
  warn(event: string, fields?: Record<string, unknown>): void;
  error(event: string, fields?: Record<string, unknown>): void;
}
