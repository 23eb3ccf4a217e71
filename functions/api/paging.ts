import { openCursor, signCursor } from '../../shared/http/cursor.ts';
import type { Api } from './api.ts';
import type { ApiRequest } from './request.ts';
import { readLimit } from './query.ts';

/** One page of a list: how many entries, and behind which. */
export interface PageRequest {
  limit: number;
  after?: string;
}

/** @throws LonghaulError `parameter-invalid`, `cursor-invalid` (final) */
export async function readPage(
  api: Pick<Api, 'cursorKey'>,
  request: ApiRequest,
  query: { limit?: string; cursor?: string },
): Promise<PageRequest> {
  const limit = readLimit(query.limit);
  if (query.cursor === undefined) return { limit };
  return { limit, after: openCursor(await api.cursorKey(), scopeOf(request), query.cursor) };
}

/** The cursor of the page behind `after`; undefined on the last. */
export async function nextCursor(
  api: Pick<Api, 'cursorKey'>,
  request: ApiRequest,
  after: string | undefined,
): Promise<string | undefined> {
  return after === undefined ? undefined : signCursor(await api.cursorKey(), scopeOf(request), after);
}

/** A cursor holds for one tenant, one list and one set of filters; the size of a page may change on the way. */
function scopeOf(request: ApiRequest): string {
  const filters = [...request.query].filter(([name]) => !['cursor', 'limit', 'f'].includes(name));
  return JSON.stringify([request.principal?.tenant ?? '', request.path.replace(/\/$/, ''), filters.sort()]);
}
