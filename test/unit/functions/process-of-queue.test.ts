import { describe, expect, it } from 'vitest';
import { processOfQueue } from '../../../functions/dead-letters/process-of-queue.ts';

const URLS = { echo: 'https://sqs.eu-west-1.amazonaws.com/123456789012/longhaul-echo-dead' };

describe('processOfQueue', () => {
  it('tells a process by the name at the end of the ARN', () => {
    const processOf = processOfQueue({ DEAD_LETTER_QUEUE_URLS: JSON.stringify(URLS) });
    expect(processOf('arn:aws:sqs:eu-west-1:123456789012:longhaul-echo-dead')).toBe('echo');
  });

  it('refuses a queue that it was not told of', () => {
    const processOf = processOfQueue({ DEAD_LETTER_QUEUE_URLS: JSON.stringify(URLS) });
    expect(() => processOf('arn:aws:sqs:eu-west-1:123456789012:longhaul-echo')).toThrow(
      expect.objectContaining({ code: 'queue-unknown', retryable: false }),
    );
  });

  it('refuses to be made without its queues', () => {
    expect(() => processOfQueue({})).toThrow(expect.objectContaining({ code: 'environment-invalid' }));
  });
});
