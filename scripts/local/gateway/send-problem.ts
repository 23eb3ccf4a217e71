import { STATUS_CODES, type ServerResponse } from 'node:http';

/** Answers with an `application/problem+json` (RFC 9457); a response that has begun is cut off instead. */
export function sendProblem(response: ServerResponse, status: number, detail: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const body = JSON.stringify({ type: 'about:blank', title: STATUS_CODES[status], status, detail });
  response.writeHead(status, { 'content-type': 'application/problem+json', 'cache-control': 'no-store' }).end(body);
}
