/** An answer by which a service refuses or fails, as it goes over the wire. */
export interface FaultAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** The services that faults are made for; calls of others go through. */
export type FaultService = 'dynamodb' | 'sqs' | 's3';

/** A call as its protocol says it. */
export interface ServiceCall {
  service: FaultService;
  /** Such as `UpdateItem`; for S3 the method, such as `PUT`. */
  operation: string;
  body: Buffer;
}

const DYNAMODB = 'com.amazonaws.dynamodb.v20120810';
const THROTTLED = 'Rate exceeded';

/**
 * What the service answers when it throttles: DynamoDB in its three ways (by the account, by the capacity of the
 * table, and by the reasons of a cancelled transaction), SQS in its two, S3 with `SlowDown`.
 * @param random chooses the way
 */
export function throttleAnswer({ service, operation, body }: ServiceCall, random: () => number): FaultAnswer {
  const first = random() < 0.5;
  switch (service) {
    case 'dynamodb':
      if (operation === 'TransactWriteItems' && first) return cancelledTransaction(body);
      return first
        ? jsonFault(400, `${DYNAMODB}#ProvisionedThroughputExceededException`, THROTTLED)
        : jsonFault(400, 'com.amazon.coral.availability#ThrottlingException', THROTTLED);
    case 'sqs':
      if (!first) return jsonFault(400, 'com.amazon.coral.availability#ThrottlingException', THROTTLED);
      return withHeader(jsonFault(400, 'com.amazonaws.sqs#RequestThrottled', THROTTLED), {
        'x-amzn-query-error': 'RequestThrottled;Sender',
      });
    case 's3':
      return xmlFault(503, 'SlowDown', 'Please reduce your request rate.');
  }
}

/** What the service answers when it fails by itself. */
export function failureAnswer({ service }: ServiceCall): FaultAnswer {
  switch (service) {
    case 'dynamodb':
      return jsonFault(500, `${DYNAMODB}#InternalServerError`, 'Internal server error');
    case 'sqs':
      return jsonFault(500, 'com.amazonaws.sqs#InternalFailure', 'Internal failure');
    case 's3':
      return xmlFault(500, 'InternalError', 'We encountered an internal error. Please try again.');
  }
}

/** One reason for each item, in their order; the first is the throttled one. */
function cancelledTransaction(body: Buffer): FaultAnswer {
  const { TransactItems: items } = JSON.parse(body.toString()) as { TransactItems: unknown[] };
  const reasons = items.map((_, index) =>
    index === 0 ? { Code: 'ThrottlingError', Message: THROTTLED } : { Code: 'None' },
  );
  const list = reasons.map(({ Code }) => Code).join(', ');
  const message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${list}]`;
  return jsonFault(400, `${DYNAMODB}#TransactionCanceledException`, message, { CancellationReasons: reasons });
}

function jsonFault(status: number, type: string, message: string, more: Record<string, unknown> = {}): FaultAnswer {
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': 'fault' };
  return { status, headers, body: JSON.stringify({ __type: type, message, ...more }) };
}

function xmlFault(status: number, code: string, message: string): FaultAnswer {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message><RequestId>fault</RequestId><HostId>fault</HostId></Error>`;
  return { status, headers: { 'content-type': 'application/xml', 'x-amz-request-id': 'fault' }, body };
}

function withHeader(answer: FaultAnswer, headers: Record<string, string>): FaultAnswer {
  return { ...answer, headers: { ...answer.headers, ...headers } };
}
