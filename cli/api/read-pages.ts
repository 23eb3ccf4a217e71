import { z } from 'zod';
import { answerInvalid } from '../errors.ts';
import { parseAnswer } from './parse-answer.ts';
import type { ApiClient, ApiRequest } from './api-client.ts';

const linksSchema = z.looseObject({
  links: z.array(z.looseObject({ rel: z.string(), href: z.string() })).default([]),
});

/** One page of a list, as the API gives it. */
export type Page = Record<string, unknown>;

/**
 * The pages of a list: the first one, or all. Of the link to the next page only the cursor is taken, so that no answer
 * can send the token elsewhere.
 */
export async function* readPages(client: ApiClient, request: ApiRequest, all: boolean): AsyncGenerator<Page> {
  for (let cursor: string | undefined; ;) {
    const { json } = await client.ask({ ...request, query: { ...request.query, cursor } });
    const page = parseAnswer(linksSchema, json, request.path);
    yield page;
    const next = page.links.find(({ rel }) => rel === 'next')?.href;
    const following = next === undefined ? undefined : cursorOf(next);
    if (!all || following === undefined) return;
    if (following === cursor) throw answerInvalid(request.path, 'its next page is the same page');
    cursor = following;
  }
}

/** True when the API has more than what was read. */
export const hasMore = (page: Page): boolean => linksSchema.parse(page).links.some(({ rel }) => rel === 'next');

function cursorOf(href: string): string | undefined {
  return URL.canParse(href) ? (new URL(href).searchParams.get('cursor') ?? undefined) : undefined;
}
