import { Buffer } from 'node:buffer';
import { negotiate } from '../../shared/http/accept.ts';
import { matchesEtag, weakEtag } from '../../shared/http/etag.ts';
import { CONTENT_SECURITY_POLICY, page } from '../../shared/http/html.ts';
import type { Html } from '../../shared/http/html.ts';
import { notAcceptable } from './errors.ts';
import { genericPage } from './pages/generic-page.ts';
import type { ApiRequest } from './request.ts';

/** Result of payload 2.0. */
export interface ApiResponse {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
  isBase64Encoded: boolean;
}

/** A resource in every form that it is offered in. */
export interface Resource {
  title: string;
  json: unknown;
  /** `application/json` unless it is something more special. */
  mediaType?: string;
  /** The page of its own; without one, a plain table of what the JSON says. */
  html?: () => Html;
  status?: number;
  headers?: Record<string, string>;
  /** Adds an entity tag, and answers 304 to whoever has it already. */
  etag?: boolean;
}

const JSON_TYPE = 'application/json';
const HTML_TYPE = 'text/html';

/**
 * Gives a resource as JSON or HTML, as `f` or else `Accept` asks: every 200 response has both forms
 * (OGC 18-062r2, /req/json/definition and /req/html/definition).
 * @throws LonghaulError `not-acceptable` for another `Accept`
 */
export function respond(request: ApiRequest, resource: Resource): ApiResponse {
  const mediaType = resource.mediaType ?? JSON_TYPE;
  const asHtml = wantsHtml(request, mediaType);
  const text = asHtml ? htmlOf(request, resource) : JSON.stringify(resource.json);
  const headers: Record<string, string> = {
    'content-type': asHtml ? `${HTML_TYPE}; charset=utf-8` : mediaType,
    vary: 'Accept, Authorization',
    ...resource.headers,
  };
  if (asHtml) headers['content-security-policy'] = CONTENT_SECURITY_POLICY;
  if (resource.etag !== true)
    return { statusCode: resource.status ?? 200, headers, body: text, isBase64Encoded: false };
  const etag = weakEtag(text);
  const known = matchesEtag(request.headers['if-none-match'], etag);
  const cached = { ...headers, etag, 'cache-control': 'private, no-cache' };
  return {
    statusCode: known ? 304 : (resource.status ?? 200),
    headers: cached,
    body: known ? '' : text,
    isBase64Encoded: false,
  };
}

/**
 * Refuses what `respond` would refuse. A request with an effect asks before it has it: a caller who is told 406 takes
 * it that nothing was done.
 * @throws LonghaulError `not-acceptable` (final)
 */
export function requireAcceptable(request: ApiRequest): void {
  wantsHtml(request, JSON_TYPE);
}

/** A body that has one form only. */
export function respondBytes(bytes: Uint8Array, headers: Record<string, string>): ApiResponse {
  return { statusCode: 200, headers, body: Buffer.from(bytes).toString('base64'), isBase64Encoded: true };
}

function htmlOf(request: ApiRequest, resource: Resource): string {
  return page(resource.title, request.root, resource.html?.() ?? genericPage(resource.json));
}

function wantsHtml(request: ApiRequest, mediaType: string): boolean {
  const format = request.query.get('f');
  if (format === 'html' || format === 'json') return format === 'html';
  const accept = request.headers['accept'];
  const offered = [...new Set([mediaType.split(';')[0] ?? mediaType, JSON_TYPE]), HTML_TYPE];
  const chosen = negotiate(accept, offered);
  if (chosen === undefined) throw notAcceptable(accept ?? '', offered);
  return chosen === HTML_TYPE;
}
