import { Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

/** A dead letter keeps the time at which it was first sent: its queue must keep longer than the source. */
export const DEAD_LETTER_RETENTION = Duration.days(14);
export const QUEUE_RETENTION = Duration.days(4);
/** A throttled delivery spends a receive without running us: fewer would lose messages that nobody has tried. */
const MIN_RECEIVES = 5;
/** Six times the consumer's timeout leaves room for its own retries when it is throttled (Lambda's documentation). */
const VISIBILITY_TIMEOUTS = 6;

export interface QueuePairProps {
  /** Timeout of the function that consumes the queue. */
  consumerTimeout: Duration;
  /** How long the consumer gathers a batch. */
  batchingWindow?: Duration;
  /** Timeout of the function that consumes the dead-letter queue, when one does. */
  deadLetterConsumerTimeout?: Duration;
  /** Deliveries of one message that the work may take. */
  attempts: number;
}

/** A standard queue and its dead-letter queue: encrypted, TLS only, every number computed from the consumers'. */
export class QueuePair extends Construct {
  readonly queue: Queue;
  readonly deadLetterQueue: Queue;

  constructor(scope: Construct, id: string, props: QueuePairProps) {
    super(scope, id);
    this.deadLetterQueue = deadLetterQueue(this, 'DeadLetters', props.deadLetterConsumerTimeout);
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      visibilityTimeout: visibilityTimeout(props.consumerTimeout, props.batchingWindow),
      retentionPeriod: QUEUE_RETENTION,
      deadLetterQueue: {
        queue: this.deadLetterQueue,
        maxReceiveCount: Math.max(MIN_RECEIVES, props.attempts),
      },
    });
  }
}

/**
 * A queue that keeps what failed.
 * @param consumerTimeout timeout of the function that consumes it, when one does
 */
export function deadLetterQueue(scope: Construct, id: string, consumerTimeout?: Duration): Queue {
  return new Queue(scope, id, {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: DEAD_LETTER_RETENTION,
    ...(consumerTimeout === undefined ? {} : { visibilityTimeout: visibilityTimeout(consumerTimeout) }),
  });
}

/** How long a message is hidden from other consumers. */
export function visibilityTimeout(consumerTimeout: Duration, batchingWindow = Duration.seconds(0)): Duration {
  return Duration.seconds(VISIBILITY_TIMEOUTS * consumerTimeout.toSeconds() + batchingWindow.toSeconds());
}
