import { anchor, markup } from '../../../shared/http/html.ts';
import type { Html } from '../../../shared/http/html.ts';
import { operations } from '../documents/operations.ts';
import { apiRoutes, routeName } from '../routes.ts';

/** The operations as a table. */
export function apiHtml(root: string): Html {
  const rows = apiRoutes.map(
    (route) =>
      markup`<tr><td>${route.method}</td><td><code>${route.path}</code></td><td>${operations[routeName(route)].summary}</td><td>${route.scope}</td></tr>\n`,
  );
  return markup`<p>The definition for machines: ${anchor(`${root}/api?f=json`, 'OpenAPI 3.0')}.</p>
<table>
<thead><tr><th>Method</th><th>Path</th><th>What it does</th><th>Scope</th></tr></thead>
<tbody>
${rows}</tbody>
</table>`;
}
