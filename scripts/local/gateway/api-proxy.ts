import { request as send, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { sendProblem } from './send-problem.ts';

/** As API Gateway: a larger body is refused. */
const MAX_BODY_BYTES = 10_000_000;

/** As API Gateway: an answer that takes longer is a time-out. */
const ANSWER_LIMIT_MS = 30_000;

/** Headers that hold for one connection only (RFC 9110, 7.6.1). */
const HOP_BY_HOP = new Set([
  'connection',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * Hands a request on to the API and its answer back, as streams.
 * @param target path and query, as the caller gave them
 */
export async function proxyToApi(
  request: IncomingMessage,
  response: ServerResponse,
  api: URL,
  target: string,
): Promise<void> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) {
    return refuseBody(response);
  }
  const upstream = send({
    hostname: api.hostname,
    port: api.port,
    path: `${api.pathname.replace(/\/$/, '')}${target}`,
    method: request.method,
    headers: endToEnd(request.headers),
    signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
  });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    upstream.once('response', resolve).once('error', reject);
  });
  const sent = pipeline(boundedBody(request), upstream);
  // An API that answers before it has read the whole body ends the sending; the answer is what counts.
  const answer = await Promise.race([answered, sent.then(() => answered)]).catch((error: unknown) => {
    if (error instanceof BodyTooLarge) return undefined;
    throw error;
  });
  if (answer === undefined) return refuseBody(response);
  response.writeHead(answer.statusCode ?? 502, endToEnd(answer.headers));
  await pipeline(answer, response);
}

function refuseBody(response: ServerResponse): void {
  // The rest of the body is not read: nothing else can follow on this connection.
  response.setHeader('connection', 'close');
  sendProblem(response, 413, `A body may have ${MAX_BODY_BYTES} bytes.`);
}

function endToEnd(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name)));
}

class BodyTooLarge extends Error {}

/** The body, as far as it is allowed. The request stays open when it is too large: it is still to be answered. */
async function* boundedBody(request: IncomingMessage): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new BodyTooLarge();
    yield chunk;
  }
}
