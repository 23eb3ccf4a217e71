import { readEnvironment } from '../../shared/config/environment.ts';
import { LonghaulError } from '../../shared/errors/longhaul-error.ts';

/** Tells the process of a dead-letter queue from its ARN, whose last part is the queue's name. */
export function processOfQueue(variables: Record<string, string | undefined>): (queueArn: string) => string {
  const { DEAD_LETTER_QUEUE_URLS: urls } = readEnvironment(['DEAD_LETTER_QUEUE_URLS'], variables);
  const byName = new Map(Object.entries(urls).map(([processId, url]) => [url.split('/').at(-1), processId]));
  return (queueArn) => {
    const processId = byName.get(queueArn.split(':').at(-1));
    if (processId !== undefined) return processId;
    throw new LonghaulError({
      code: 'queue-unknown',
      retryable: false,
      detail: `${queueArn} is the dead-letter queue of no process.`,
      remedy: 'Deploy the stack again: it tells the function its queues.',
    });
  };
}
