import { LonghaulError } from '../../../shared/errors/longhaul-error.ts';
import { OGC_RELATIONS, linkHeader, uriReference } from '../../../shared/http/link.ts';
import { multipartRelated } from '../../../shared/http/multipart.ts';
import type { Part } from '../../../shared/http/multipart.ts';
import type { ExecuteRequest } from '../../../shared/jobs/execute-request.ts';
import type { ProcessDefinition } from '../../../shared/jobs/process.ts';
import { noSuchOutput } from '../errors.ts';
import type { ApiRequest } from '../request.ts';
import { respond, respondBytes } from '../response.ts';
import type { ApiResponse } from '../response.ts';
import { outputForm, storedFiles } from './output-forms.ts';
import type { OutputForm, ResultLink } from './output-forms.ts';
import { selectOutputs } from './select-outputs.ts';

const MIB = 1024 * 1024;

/** Largest response in bytes: Lambda's limit is 6 MB, and binary bodies travel as base64. */
const MAX_RESPONSE_BYTES = 4 * MIB;

/** Makes an address under which a value can be fetched. */
export type ReferTo = (id: string, form: OutputForm & { kind: 'value' }) => Promise<string>;

export interface Delivery {
  process: ProcessDefinition;
  /** As the process gave them; stored files are `URL`s. */
  results: Readonly<Record<string, unknown>>;
  request: Pick<ExecuteRequest, 'outputs' | 'response'>;
  presign: (url: URL) => Promise<string>;
  referTo: ReferTo;
  headers?: Record<string, string>;
}

/**
 * Gives results as the execute request asked (OGC 18-062r2, table 11):
 *
 * | response | outputs | transmission | answer |
 * |---|---|---|---|
 * | raw (default) | 1 | value | 200, the value in its own media type |
 * | raw | n | value, or mixed | 200, `multipart/related`; a part by reference has a Content-Location and no body |
 * | raw | 1…n | reference | 204, one Link for each |
 * | document | 1…n | any | 200, JSON by output id |
 *
 * @throws LonghaulError `output-not-found`, `response-too-large` (final)
 */
export async function deliverResults(request: ApiRequest, delivery: Delivery): Promise<ApiResponse> {
  const forms = await selectedForms(delivery);
  const wantsDocument = delivery.request.response === 'document' || request.query.get('f') === 'html';
  if (wantsDocument || forms.length === 0) return respondDocument(request, forms, delivery.headers);
  if (forms.every(({ form }) => form.kind === 'link')) return respondLinks(forms, delivery.headers);
  const [first] = forms;
  if (forms.length === 1 && first?.form.kind === 'value') return respondValue(first.form, delivery.headers);
  return respondParts(forms, delivery.headers);
}

/** One result in its own media type; a stored file by redirect. */
export async function deliverOutput(delivery: Delivery, id: string): Promise<ApiResponse> {
  const form = await formOf(delivery, id);
  if (form.kind === 'value') return respondValue(form, delivery.headers);
  return { statusCode: 303, headers: { location: uriReference(form.link.href) }, body: '', isBase64Encoded: false };
}

interface SelectedForm {
  id: string;
  form: OutputForm;
}

async function selectedForms(delivery: Delivery): Promise<SelectedForm[]> {
  const selected = selectOutputs(delivery.process, delivery.request.outputs);
  // A result that the process did not give (an optional input that was not sent) cannot be asked for as such.
  const named = delivery.request.outputs !== undefined && Object.keys(delivery.request.outputs).length > 0;
  const present = named ? selected : selected.filter(({ id }) => delivery.results[id] !== undefined);
  return Promise.all(
    present.map(async ({ id, transmissionMode }) => {
      const form = await formOf(delivery, id);
      if (transmissionMode === 'value' || form.kind === 'link') return { id, form };
      const href = await delivery.referTo(id, form);
      return { id, form: { kind: 'link' as const, link: { href, type: form.mediaType, title: id } } };
    }),
  );
}

async function formOf({ process, results, presign }: Delivery, id: string): Promise<OutputForm> {
  const value = Object.hasOwn(results, id) ? results[id] : undefined;
  if (value === undefined) throw noSuchOutput(id);
  const files = storedFiles(value);
  const presigned = await Promise.all(files.map(async (url) => [url.href, await presign(url)] as const));
  return outputForm(process, id, value, new Map(presigned));
}

function respondDocument(request: ApiRequest, forms: readonly SelectedForm[], headers = {}): ApiResponse {
  const json = Object.fromEntries(
    forms.map(({ id, form }) => [id, form.kind === 'value' ? form.json : { rel: 'item', ...form.link }]),
  );
  return bounded(respond(request, { title: 'Results', json, headers }));
}

function respondLinks(forms: readonly SelectedForm[], headers = {}): ApiResponse {
  const links = forms.flatMap(({ id, form }) => (form.kind === 'link' ? [resultLink(id, form.link)] : []));
  return { statusCode: 204, headers: { ...headers, link: links.join(', ') }, body: '', isBase64Encoded: false };
}

const resultLink = (id: string, link: ResultLink): string =>
  linkHeader({ ...link, rel: OGC_RELATIONS.results, title: id });

function respondValue(form: OutputForm & { kind: 'value' }, headers = {}): ApiResponse {
  return bounded(respondBytes(form.bytes, { ...headers, 'content-type': form.mediaType }));
}

function respondParts(forms: readonly SelectedForm[], headers = {}): ApiResponse {
  const parts = forms.map(({ id, form }): Part => {
    if (form.kind === 'value') return { id, mediaType: form.mediaType, body: form.bytes };
    const mediaType = form.link.type ?? 'application/octet-stream';
    return { id, mediaType, body: new Uint8Array(), location: form.link.href };
  });
  const { contentType, body } = multipartRelated(parts);
  return bounded(respondBytes(body, { ...headers, 'content-type': contentType }));
}

function bounded(response: ApiResponse): ApiResponse {
  const actual = response.isBase64Encoded
    ? Math.floor((response.body.length * 3) / 4)
    : Buffer.byteLength(response.body);
  if (actual <= MAX_RESPONSE_BYTES) return response;
  throw new LonghaulError({
    code: 'response-too-large',
    retryable: false,
    detail: `The results have ${actual} bytes, and a response may have ${MAX_RESPONSE_BYTES}.`,
    limit: MAX_RESPONSE_BYTES,
    actual,
    remedy: 'Ask for fewer outputs, or for them by reference.',
  });
}
