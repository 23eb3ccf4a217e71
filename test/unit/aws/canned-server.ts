import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the server does with one request. */
export type CannedAnswer =
  | { status: number; headers?: Record<string, string>; body?: string }
  /** Promises `length` bytes, sends the body, and breaks the connection. */
  | { cut: string; length: number }
  /** Sends the headers and the body, and then nothing more. */
  | { stall: string; length: number }
  /** Breaks the connection without an answer. */
  | 'reset';

export interface RecordedRequest {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
}

export interface CannedServer extends AsyncDisposable {
  /** What an AWS client is made with to speak to the server, once for each call. */
  readonly config: {
    endpoint: string;
    region: string;
    credentials: { accessKeyId: string; secretAccessKey: string };
    maxAttempts: number;
  };
  readonly requests: RecordedRequest[];
}

/** A real HTTP server on the loopback address that gives one answer after the other; the last one for ever. */
export async function startCannedServer(...answers: CannedAnswer[]): Promise<CannedServer> {
  const requests: RecordedRequest[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('latin1');
    request.on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      requests.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
      give(answers[Math.min(requests.length, answers.length) - 1], response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    config: {
      endpoint: `http://127.0.0.1:${port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
    },
    requests,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function give(answer: CannedAnswer | undefined, response: ServerResponse): void {
  if (answer === undefined || answer === 'reset') {
    response.destroy();
    return;
  }
  if ('status' in answer) {
    response.writeHead(answer.status, answer.headers).end(answer.body ?? '');
    return;
  }
  const sent = 'cut' in answer ? answer.cut : answer.stall;
  response.writeHead(200, { 'content-length': answer.length, etag: '"v1"' });
  response.write(sent, () => {
    if ('cut' in answer) response.destroy();
  });
}

/** An answer of DynamoDB or SQS. */
export function jsonAnswer(status: number, body: unknown): CannedAnswer {
  return { status, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: JSON.stringify(body) };
}

/** An error of DynamoDB or SQS by its code, with what else it carries. */
export function jsonError(status: number, code: string, more: object = {}): CannedAnswer {
  return jsonAnswer(status, { __type: `com.amazonaws.service#${code}`, message: `${code} happened`, ...more });
}

/** An error of S3 by its code. */
export function xmlError(status: number, code: string): CannedAnswer {
  return {
    status,
    headers: { 'content-type': 'application/xml' },
    body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code} happened</Message></Error>`,
  };
}
