import { LonghaulError } from '../../errors/longhaul-error.ts';

/** Final: the URL, or an address behind it, is not one that may be asked. `reason` names no address that was found. */
export function outboundNotAllowed(host: string, reason: string): LonghaulError {
  return new LonghaulError({
    code: 'outbound-not-allowed',
    retryable: false,
    detail: `Requests to ${host} are not allowed: ${reason}.`,
    remedy: 'Give an https URL of a host on the public internet.',
  });
}

export function outboundHostUnknown(host: string, cause: unknown): LonghaulError {
  return new LonghaulError({
    code: 'outbound-host-unknown',
    retryable: false,
    detail: `The host ${host} does not exist.`,
    remedy: 'Correct the host name of the URL.',
    cause,
  });
}

/** Retryable: no answer, or one that says to come back. */
export function outboundUnavailable(
  host: string,
  reason: string,
  more: { cause?: unknown; retryAfterMs?: number } = {},
): LonghaulError {
  return new LonghaulError({
    code: 'outbound-unavailable',
    retryable: true,
    detail: `${host} does not answer as it should: ${reason}.`,
    remedy: 'It is tried again later; if it goes on, ask the operator of that host.',
    ...more,
  });
}

export function outboundNotTrusted(host: string, cause: unknown): LonghaulError {
  return new LonghaulError({
    code: 'outbound-not-trusted',
    retryable: false,
    detail: `${host} does not prove with its certificate that it is this host.`,
    remedy: 'Use a host with a valid certificate.',
    cause,
  });
}

export function tooManyRedirects(host: string, limit: number): LonghaulError {
  return new LonghaulError({
    code: 'outbound-too-many-redirects',
    retryable: false,
    detail: `${host} redirects more than ${limit} times.`,
    remedy: 'Give the URL that the redirects lead to.',
    limit,
  });
}

export function responseTooLarge(host: string, limit: number): LonghaulError {
  return new LonghaulError({
    code: 'response-too-large',
    retryable: false,
    detail: `The answer of ${host} has more than ${limit} bytes.`,
    remedy: 'Give a URL with a smaller answer.',
    limit,
  });
}

export function responseEncoded(host: string, encoding: string): LonghaulError {
  return new LonghaulError({
    code: 'response-encoded',
    retryable: false,
    detail: `${host} answers with Content-Encoding ${encoding.slice(0, 40)}, which was not asked for.`,
    remedy: 'Serve the file without a content encoding.',
  });
}
