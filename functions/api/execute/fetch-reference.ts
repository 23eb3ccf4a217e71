import { LonghaulError } from '../../../shared/errors/longhaul-error.ts';
import { parseJson } from '../../../shared/http/json.ts';
import type { ReferenceFetcher } from '../api.ts';
import { InputError } from '../errors.ts';

const MIB = 1024 * 1024;

/** Largest input that is fetched by reference, in bytes. */
export const MAX_REFERENCE_BYTES = MIB;

/** Media types whose content is JSON (RFC 6839, 3.1). */
const JSON_TYPE = /^application\/(json|[\w.+-]+\+json)$/;

/**
 * The JSON that a link points to.
 * @throws LonghaulError of the fetch, or `reference-unavailable`, `reference-not-found`; InputError `reference-not-json`.
 *   Each names the input.
 */
export async function fetchReference(
  references: ReferenceFetcher,
  link: { href: string; type?: string | undefined },
  field: string,
  signal: AbortSignal,
): Promise<unknown> {
  const type = link.type?.split(';')[0]?.trim().toLowerCase();
  if (type !== undefined && !JSON_TYPE.test(type)) throw notJson(field, `it is declared as ${type.slice(0, 80)}`);
  const response = await fetchNaming(field, () =>
    references.fetch(link.href, { maxBytes: MAX_REFERENCE_BYTES, signal }),
  );
  if (response.status !== 200) throw refused(response.status, field);
  return parseJson(decode(response.body, field), field);
}

/** Runs a fetch, and says in its errors which input it was for. */
async function fetchNaming<T>(field: string, fetch: () => Promise<T>): Promise<T> {
  try {
    return await fetch();
  } catch (error) {
    if (!(error instanceof LonghaulError)) throw error;
    const { code, retryable, detail, remedy, limit, actual, retryAfterMs } = error;
    throw new LonghaulError({
      code,
      retryable,
      detail,
      field: `${field}/href`,
      cause: error,
      ...(remedy === undefined ? {} : { remedy }),
      ...(limit === undefined ? {} : { limit }),
      ...(actual === undefined ? {} : { actual }),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  }
}

function decode(bytes: Uint8Array, field: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new LonghaulError({
      code: 'json-invalid',
      retryable: false,
      detail: 'The content is not UTF-8.',
      field,
      cause,
    });
  }
}

const notJson = (field: string, why: string): InputError =>
  new InputError(
    'reference-not-json',
    [{ field: `${field}/type`, detail: `${field}: The content cannot be read, because ${why}.` }],
    'Link to JSON, or give the value itself.',
  );

/** An upstream that fails may recover; one that says no will say it again. */
function refused(status: number, field: string): LonghaulError {
  const retryable = status === 429 || status >= 500;
  return new LonghaulError({
    code: retryable ? 'reference-unavailable' : 'reference-not-found',
    retryable,
    detail: `The server of the reference answered ${status}.`,
    field: `${field}/href`,
    remedy: retryable ? 'Try again later.' : 'Check the address: it is fetched without credentials.',
  });
}
