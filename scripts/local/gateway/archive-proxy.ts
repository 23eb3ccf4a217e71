import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { PMTILES_TYPE } from './list-datasets.ts';
import { sendProblem } from './send-problem.ts';

const LIMIT_MS = 30_000;
/** An address that the API signed is used this long: a dataset that is published anew shows soon. */
const ADDRESS_LIFE_MS = 10_000;
const MAX_ADDRESSES = 100;

/** `/map/archives/<tenant>/<dataset>.pmtiles` */
const ARCHIVE = /^\/map\/archives\/([^/]+)\/([^/]+)\.pmtiles$/;
/** One range; the map asks for no other kind. */
const RANGE = /^bytes=\d{1,15}-\d{0,15}$/;
const FORWARDED = ['content-length', 'content-range', 'etag', 'last-modified', 'accept-ranges'];

/** A dataset of the API: the link to its file is signed, and good for a while. */
const datasetSchema = z.object({
  links: z.array(z.object({ rel: z.string(), href: z.url(), type: z.string().optional() })),
});

/** Serves ranges of published archives: the API says where a dataset's file is, and nothing else can be asked for. */
export class ArchiveProxy {
  readonly #api: URL;
  readonly #token: string;
  readonly #tenant: string;
  readonly #addresses = new Map<string, { href: string; until: number }>();

  constructor(options: { api: URL; token: string; tenant: string }) {
    this.#api = options.api;
    this.#token = options.token;
    this.#tenant = options.tenant;
  }

  async send(request: IncomingMessage, response: ServerResponse, pathname: string): Promise<void> {
    const [, tenant = '', name = ''] = ARCHIVE.exec(pathname) ?? [];
    const dataset = tenant === this.#tenant ? decode(name) : undefined;
    const href = dataset === undefined ? undefined : await this.#find(dataset);
    if (href === undefined) return sendProblem(response, 404, `There is no archive ${pathname}.`);
    const range = request.headers.range;
    if (range !== undefined && !RANGE.test(range))
      return sendProblem(response, 416, 'One range of bytes can be asked for.');

    const answer = await fetch(href, {
      headers: range === undefined ? {} : { range },
      signal: AbortSignal.timeout(LIMIT_MS),
      redirect: 'error',
    });
    const headers = FORWARDED.flatMap((key) => {
      const value = answer.headers.get(key);
      return value === null ? [] : [[key, value] as const];
    });
    const type = answer.ok ? PMTILES_TYPE : 'text/plain';
    response.writeHead(answer.status, {
      ...Object.fromEntries(headers),
      'content-type': type,
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-cache',
    });
    if (request.method === 'HEAD' || answer.body === null) {
      await answer.body?.cancel();
      response.end();
      return;
    }
    await pipeline(Readable.fromWeb(answer.body), response);
  }

  /** The signed address of a dataset's file; undefined when the API knows no such dataset, or it is no archive. */
  async #find(dataset: string): Promise<string | undefined> {
    const known = this.#addresses.get(dataset);
    if (known !== undefined && known.until > performance.now()) return known.href;
    const answer = await fetch(new URL(`datasets/${encodeURIComponent(dataset)}`, this.#api), {
      headers: { authorization: `Bearer ${this.#token}`, accept: 'application/json' },
      signal: AbortSignal.timeout(LIMIT_MS),
    });
    if (!answer.ok) {
      await answer.body?.cancel();
      return undefined;
    }
    const { links } = datasetSchema.parse(await answer.json());
    const href = links.find((link) => link.rel === 'enclosure' && link.type === PMTILES_TYPE)?.href;
    if (href === undefined) return undefined;
    const [oldest] = this.#addresses.keys();
    if (this.#addresses.size >= MAX_ADDRESSES && oldest !== undefined) this.#addresses.delete(oldest);
    this.#addresses.set(dataset, { href, until: performance.now() + ADDRESS_LIFE_MS });
    return href;
  }
}

/** Undoes percent-encoding; undefined when it is none. */
function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
