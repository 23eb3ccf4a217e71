import { anchor, markup } from '../../../shared/http/html.ts';
import type { Html } from '../../../shared/http/html.ts';
import type { ProcessDescription, ProcessSummary } from '../documents/process-description.ts';
import { linkList } from './landing-html.ts';

export function processesHtml(root: string, processes: readonly ProcessSummary[]): Html {
  const rows = processes.map(
    (process) =>
      markup`<tr><td>${anchor(`${root}/processes/${process.id}?f=html`, process.id)}</td><td>${process.title}</td><td>${process.version}</td></tr>\n`,
  );
  return markup`<table>
<thead><tr><th>Process</th><th>Title</th><th>Version</th></tr></thead>
<tbody>
${rows}</tbody>
</table>`;
}

export function processHtml(process: ProcessDescription): Html {
  const inputs = Object.entries(process.inputs).map(
    ([id, input]) =>
      markup`<tr><th scope="row"><code>${id}</code></th><td>${input.title}</td><td>${occurs(input.minOccurs, input.maxOccurs)}</td><td>${input.description}<details><summary>Schema</summary><pre>${JSON.stringify(input.schema, null, 2)}</pre></details></td></tr>\n`,
  );
  const outputs = Object.entries(process.outputs).map(
    ([id, output]) =>
      markup`<tr><th scope="row"><code>${id}</code></th><td>${output.title}</td><td>${output.description}<details><summary>Schema</summary><pre>${JSON.stringify(output.schema, null, 2)}</pre></details></td></tr>\n`,
  );
  return markup`<p>${process.description}</p>
<p>Version ${process.version}. Executed by: ${process.jobControlOptions.join(', ')}.</p>
<h2>Inputs</h2>
<table>
<thead><tr><th>Input</th><th>Title</th><th>Occurs</th><th>Description</th></tr></thead>
<tbody>
${inputs}</tbody>
</table>
<h2>Outputs</h2>
<table>
<thead><tr><th>Output</th><th>Title</th><th>Description</th></tr></thead>
<tbody>
${outputs}</tbody>
</table>
<h2>Links</h2>
${linkList(process.links)}`;
}

const occurs = (least: number, most: number): string => (least === most ? String(least) : `${least}–${most}`);
