import type { ProcessDefinition } from '../../../shared/jobs/process.ts';
import type { Api } from '../api.ts';
import { processDescription, processLinks, processSummary } from '../documents/process-description.ts';
import { noSuchProcess } from '../errors.ts';
import { jsonLink, nextLink, representationLinks } from '../links.ts';
import { nextCursor, readPage } from '../paging.ts';
import { processHtml, processesHtml } from '../pages/process-html.ts';
import { readQuery } from '../query.ts';
import type { ApiRequest } from '../request.ts';
import { respond } from '../response.ts';
import type { RouteHandler } from '../route-handler.ts';

/** The process that a path names. @throws LonghaulError `no-such-process` */
export function processOf(api: Pick<Api, 'platform'>, request: ApiRequest): ProcessDefinition {
  const id = request.parameters['processId'] ?? '';
  const process = api.platform.processes.get(id);
  if (process === undefined) throw noSuchProcess(id);
  return process;
}

/** `GET /processes` */
export const getProcesses =
  (api: Api): RouteHandler =>
  async (request) => {
    const page = await readPage(api, request, readQuery(request, ['limit', 'cursor']));
    const ids = [...api.platform.processes.keys()].sort();
    const start = page.after === undefined ? 0 : ids.indexOf(page.after) + 1;
    const shown = ids.slice(start, start + page.limit);
    const more = start + page.limit < ids.length ? shown.at(-1) : undefined;
    const processes = shown.flatMap((id) => {
      const process = api.platform.processes.get(id);
      if (process === undefined) return [];
      return [processSummary(process, [jsonLink(request.root, `/processes/${id}`, 'self', process.title)])];
    });
    const links = [
      ...representationLinks(request, 'Processes'),
      ...nextLink(request, await nextCursor(api, request, more)),
    ];
    return respond(request, {
      title: 'Processes',
      json: { processes, links },
      html: () => processesHtml(request.root, processes),
      etag: true,
    });
  };

/** `GET /processes/{processId}` */
export const getProcess =
  (api: Api): RouteHandler =>
  async (request) => {
    readQuery(request, []);
    const process = processOf(api, request);
    const json = processDescription(process, [
      ...representationLinks(request, process.title),
      ...processLinks(request.root, process.id),
      jsonLink(request.root, '/processes', 'up', 'All processes'),
    ]);
    return respond(request, { title: process.title, json, html: () => processHtml(json), etag: true });
  };
