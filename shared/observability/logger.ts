import { Logger as PowertoolsLogger } from '@aws-lambda-powertools/logger';
import type { Logger } from '../jobs/ports/logger.ts';

/** Values of these keys are never written, wherever they come from. */
const MASKED: ReadonlySet<string> = new Set([
  'authorization',
  'token',
  'secret',
  'body',
  'query',
  'rawQueryString',
  'cookie',
]);

const MASK = '…';

/** Structured JSON lines by Powertools; `event` is the message, and a stable constant. */
export function createLogger(service: string): Logger {
  const logger = new PowertoolsLogger({ serviceName: `longhaul-${service}`, jsonReplacerFn: mask });
  return {
    info: (event, fields = {}) => {
      logger.info(event, fields);
    },
    warn: (event, fields = {}) => {
      logger.warn(event, fields);
    },
    error: (event, fields = {}) => {
      logger.error(event, fields);
    },
  };
}

const mask = (key: string, value: unknown): unknown => (MASKED.has(key) ? MASK : value);
