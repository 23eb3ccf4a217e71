import { cancelJob } from '../../../shared/jobs/cancel-job.ts';
import type { JobKey } from '../../../shared/jobs/job.ts';
import { listJobs } from '../../../shared/jobs/list-jobs.ts';
import { jobIdSchema } from '../../../shared/jobs/messages.ts';
import { readErrors } from '../../../shared/jobs/read-errors.ts';
import { readJob } from '../../../shared/jobs/read-job.ts';
import type { Api } from '../api.ts';
import { iso, statusInfo } from '../documents/status-info.ts';
import { jobAlreadyFinished, noSuchJob } from '../errors.ts';
import { nextLink, representationLinks } from '../links.ts';
import { nextCursor, readPage } from '../paging.ts';
import { jobHtml, jobsHtml } from '../pages/job-html.ts';
import { readQuery } from '../query.ts';
import type { ApiRequest } from '../request.ts';
import { requireAcceptable, respond } from '../response.ts';
import { principalOf } from '../route-handler.ts';
import type { RouteHandler } from '../route-handler.ts';
import { JOB_FILTERS, readJobFilters } from './job-filters.ts';

/** The job that a path names, under the tenant of the token. @throws LonghaulError `job-not-found` */
export function jobKeyOf(request: ApiRequest): JobKey {
  const id = request.parameters['jobId'] ?? '';
  if (!jobIdSchema.safeParse(id).success) throw noSuchJob(id);
  return { tenant: principalOf(request).tenant, jobId: id };
}

/** `GET /jobs` */
export const getJobs =
  (api: Api): RouteHandler =>
  async (request) => {
    const query = readQuery(request, ['limit', 'cursor', ...JOB_FILTERS]);
    const page = await readPage(api, request, query);
    const filters = readJobFilters(query, api.platform);
    const { tenant } = principalOf(request);
    const { jobs, next } =
      filters === undefined ? { jobs: [] } : await listJobs(api.platform, tenant, { ...page, ...filters });
    const list = jobs.map((job) => statusInfo(request.root, job));
    const nextPage = nextLink(request, await nextCursor(api, request, next));
    return respond(request, {
      title: 'Jobs',
      json: { jobs: list, links: [...representationLinks(request, 'Jobs'), ...nextPage] },
      html: () => jobsHtml(request.root, list, nextPage[0]?.href.replace('f=json', 'f=html')),
    });
  };

/** `GET /jobs/{jobId}` */
export const getJob =
  (api: Api): RouteHandler =>
  async (request) => {
    readQuery(request, []);
    const key = jobKeyOf(request);
    const view = await readJob(api.platform, key);
    if (view === undefined) throw noSuchJob(key.jobId);
    const json = statusInfo(request.root, view.job, view.counts);
    return respond(request, { title: `Job ${key.jobId}`, json, html: () => jobHtml(json), etag: true });
  };

/**
 * `DELETE /jobs/{jobId}`: dismisses a job. The standard's answer is 200 with the status `dismissed`; a job that was
 * dismissed before is answered the same, so that the request may be repeated. A job that has ended otherwise keeps
 * its state (terminal is terminal), so `dismissed` would be untrue: 409.
 */
export const deleteJob =
  (api: Api): RouteHandler =>
  async (request) => {
    readQuery(request, []);
    const key = jobKeyOf(request);
    requireAcceptable(request);
    const answer = await cancelJob(api.platform, key, `user:${principalOf(request).subject}`);
    if (answer === undefined) throw noSuchJob(key.jobId);
    if (answer.job.state !== 'cancelled') throw jobAlreadyFinished(key.jobId, answer.job.state);
    const json = statusInfo(request.root, answer.job);
    return respond(request, { title: `Job ${key.jobId}`, json, html: () => jobHtml(json) });
  };

/** `GET /jobs/{jobId}/events`: every change of state, the first one first. */
export const getEvents =
  (api: Api): RouteHandler =>
  async (request) => {
    readQuery(request, []);
    const key = jobKeyOf(request);
    const view = await readJob(api.platform, key);
    if (view === undefined) throw noSuchJob(key.jobId);
    const events = view.job.history.map(({ state, at, actor, cause }) => ({ state, time: iso(at), actor, cause }));
    const json = { jobID: key.jobId, events, healed: view.job.healed, links: representationLinks(request, 'Events') };
    return respond(request, { title: `Events of job ${key.jobId}`, json, etag: true });
  };

/** `GET /jobs/{jobId}/errors`: every unit that failed, page by page. */
export const getErrors =
  (api: Api): RouteHandler =>
  async (request) => {
    const key = jobKeyOf(request);
    const page = await readPage(api, request, readQuery(request, ['limit', 'cursor']));
    const found = await readErrors(api.platform, key, page);
    if (found === undefined) throw noSuchJob(key.jobId);
    const links = [
      ...representationLinks(request, 'Errors'),
      ...nextLink(request, await nextCursor(api, request, found.next)),
    ];
    return respond(request, {
      title: `Errors of job ${key.jobId}`,
      json: { jobID: key.jobId, errors: found.errors, links },
    });
  };
