import type { Link } from '../../shared/http/link.ts';
import type { ApiRequest } from './request.ts';

const JSON_TYPE = 'application/json';
const HTML_TYPE = 'text/html';

/** `self` and `alternate` of the resource that is asked for: its JSON form shows the links, so that is itself. */
export function representationLinks(request: ApiRequest, title: string, mediaType = JSON_TYPE): Link[] {
  return [
    { href: addressWith(request, { f: 'json' }), rel: 'self', type: mediaType, title },
    { href: addressWith(request, { f: 'html' }), rel: 'alternate', type: HTML_TYPE, title: `${title} as HTML` },
  ];
}

/** The next page of a list. */
export function nextLink(request: ApiRequest, cursor: string | undefined): Link[] {
  if (cursor === undefined) return [];
  return [{ href: addressWith(request, { cursor, f: 'json' }), rel: 'next', type: JSON_TYPE, title: 'Next page' }];
}

/** A JSON resource below the root. */
export function jsonLink(root: string, path: string, rel: string, title: string): Link {
  return { href: `${root}${path}`, rel, type: JSON_TYPE, title };
}

function addressWith(request: ApiRequest, values: Record<string, string>): string {
  const query = new URLSearchParams(request.query);
  for (const [name, value] of Object.entries(values)) query.set(name, value);
  return `${request.root}${encodeURI(request.path)}?${query.toString()}`;
}
