import { anchor, markup } from '../../../shared/http/html.ts';
import type { Html } from '../../../shared/http/html.ts';

/** Deepest level that is shown as a table; below it stands JSON. */
const MAX_TABLE_DEPTH = 4;

/** Most entries of one array or object that are shown. */
const MAX_ENTRIES = 1_000;

/** Any JSON as nested tables: the page of a resource that has none of its own. */
export function genericPage(value: unknown, depth = 0): Html {
  if (value === null || typeof value !== 'object') return scalar(value);
  if (depth >= MAX_TABLE_DEPTH) return markup`<code>${JSON.stringify(value)}</code>`;
  if (isLink(value)) return anchor(value.href, value.title ?? value.rel ?? value.href);
  if (Array.isArray(value)) return arrayTable(value, depth);
  const rows = Object.entries(value)
    .slice(0, MAX_ENTRIES)
    .map(([name, member]) => markup`<tr><th scope="row">${name}</th><td>${genericPage(member, depth + 1)}</td></tr>\n`);
  return markup`<table>${rows}</table>`;
}

function arrayTable(values: readonly unknown[], depth: number): Html {
  if (values.length === 0) return markup`none`;
  const items = values.slice(0, MAX_ENTRIES).map((item) => markup`<li>${genericPage(item, depth + 1)}</li>\n`);
  return markup`<ul>${items}</ul>`;
}

function scalar(value: unknown): Html {
  if (typeof value === 'string') return anchor(value, value);
  return markup`${JSON.stringify(value) ?? ''}`;
}

function isLink(value: object): value is { href: string; title?: string; rel?: string } {
  return 'href' in value && typeof value.href === 'string' && 'rel' in value;
}
