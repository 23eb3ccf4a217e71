/** Most messages in one request (SQS SendMessageBatch). */
export const MAX_BATCH_MESSAGES = 10;

/** Longest delay of one message in seconds (SQS DelaySeconds). */
export const MAX_DELAY_SECONDS = 900;

export interface OutgoingMessage {
  body: string;
  /** Whole seconds, 0 … MAX_DELAY_SECONDS. */
  delaySeconds: number;
  /** The tenant: makes the queue fair between tenants. */
  group: string;
}

/** Queues by process id. Each operation is one SDK call. */
export interface Queue {
  /**
   * Sends at most MAX_BATCH_MESSAGES messages to the queue of a process.
   * @returns the indices that the service refused; the caller sends those again
   * @throws LonghaulError `queue-unavailable` (retryable): the messages may or may not have been sent
   */
  send(processId: string, messages: readonly OutgoingMessage[]): Promise<number[]>;
  /** Puts a message that cannot be handled on the dead-letter queue of a process, with the reason. */
  sendToDeadLetters(processId: string, body: string, reason: DeadLetterReason): Promise<void>;
  /** Visible, delayed and in-flight messages, approximately. */
  depth(processId: string): Promise<number>;
}

/** Why a message was given up; absent on one that the service moved by itself. */
export interface DeadLetterReason {
  code: string;
  detail: string;
}
