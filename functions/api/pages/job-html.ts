import { anchor, markup } from '../../../shared/http/html.ts';
import type { Html } from '../../../shared/http/html.ts';
import type { StatusInfo } from '../documents/status-info.ts';
import { genericPage } from './generic-page.ts';
import { linkList } from './landing-html.ts';

export function jobsHtml(root: string, jobs: readonly StatusInfo[], next: string | undefined): Html {
  const rows = jobs.map(
    (job) =>
      markup`<tr><td>${anchor(`${root}/jobs/${job.jobID}?f=html`, job.jobID)}</td><td>${job.processID}</td><td>${job.status}</td><td>${job.progress} %</td><td>${job.created}</td></tr>\n`,
  );
  return markup`<table>
<thead><tr><th>Job</th><th>Process</th><th>Status</th><th>Progress</th><th>Created</th></tr></thead>
<tbody>
${rows}</tbody>
</table>
${next === undefined ? undefined : markup`<p>${anchor(next, 'Next page')}</p>`}`;
}

export function jobHtml(job: StatusInfo): Html {
  const { links, counts, datasets, errors, failure, progress, message, ...rest } = job;
  return markup`<p><progress max="100" value="${progress}">${progress} %</progress></p>
<p>${message}</p>
${genericPage(rest)}
<h2>Units</h2>
${genericPage(datasets ?? counts)}
${failure === undefined ? undefined : markup`<h2>Failure</h2>${genericPage(failure)}`}
${errors === undefined ? undefined : markup`<h2>Errors</h2>${genericPage(errors)}`}
<h2>Links</h2>
${linkList(links)}`;
}
