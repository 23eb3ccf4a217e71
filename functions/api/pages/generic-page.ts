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
  const shown = values.slice(0, MAX_ENTRIES);
  if (shown.every(isRow)) return rowsTable(shown);
  const items = shown.map((item) => markup`<li>${genericPage(item, depth + 1)}</li>\n`);
  return markup`<ul>${items}</ul>`;
}

/** Objects of plain values as one table: a column for each member. */
function rowsTable(rows: readonly Record<string, unknown>[]): Html {
  const columns = [...new Set(rows.flatMap(Object.keys))];
  const header = columns.map((column) => markup`<th>${column}</th>`);
  const body = rows.map(
    (row) => markup`<tr>${columns.map((column) => markup`<td>${scalar(row[column] ?? '')}</td>`)}</tr>\n`,
  );
  return markup`<table><thead><tr>${header}</tr></thead><tbody>\n${body}</tbody></table>`;
}

const isRow = (value: unknown): value is Record<string, unknown> =>
  value !== null &&
  typeof value === 'object' &&
  !isLink(value) &&
  !Array.isArray(value) &&
  Object.values(value).every((member) => member === null || typeof member !== 'object');

function scalar(value: unknown): Html {
  if (typeof value === 'string') return anchor(value, value);
  return markup`${JSON.stringify(value) ?? ''}`;
}

function isLink(value: object): value is { href: string; title?: string; rel?: string } {
  return 'href' in value && typeof value.href === 'string' && 'rel' in value;
}
