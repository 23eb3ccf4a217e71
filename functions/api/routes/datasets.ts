import { z } from 'zod';
import { listDatasets, readDataset } from '../../../shared/jobs/datasets.ts';
import type { PublishedDataset } from '../../../shared/jobs/datasets.ts';
import type { DatasetFile, RelatedFile } from '../../../shared/jobs/process.ts';
import type { Api } from '../api.ts';
import { iso } from '../documents/status-info.ts';
import { noSuchDataset } from '../errors.ts';
import { jsonLink, nextLink, representationLinks } from '../links.ts';
import { nextCursor, readPage } from '../paging.ts';
import { readQuery } from '../query.ts';
import { respond } from '../response.ts';
import { principalOf } from '../route-handler.ts';
import type { RouteHandler } from '../route-handler.ts';

/** Ids of datasets are words, as processes make them. */
const datasetIdSchema = z.string().regex(/^[\w.-]{1,128}$/);

/** `GET /datasets`: what is published, each with the job that made it. */
export const getDatasets =
  (api: Api): RouteHandler =>
  async (request) => {
    const page = await readPage(api, request, readQuery(request, ['limit', 'cursor']));
    const found = await listDatasets(api.platform, principalOf(request).tenant, page);
    const datasets = found.datasets.map((dataset) => ({
      ...describe(dataset),
      links: [jsonLink(request.root, `/datasets/${dataset.id}`, 'self', dataset.id)],
    }));
    const links = [
      ...representationLinks(request, 'Datasets'),
      ...nextLink(request, await nextCursor(api, request, found.next)),
    ];
    return respond(request, { title: 'Datasets', json: { datasets, links } });
  };

/** `GET /datasets/{datasetId}`: one dataset, with an address where its file can be fetched for a limited time. */
export const getDataset =
  (api: Api): RouteHandler =>
  async (request) => {
    readQuery(request, []);
    const id = request.parameters['datasetId'] ?? '';
    const valid = datasetIdSchema.safeParse(id).success;
    const dataset = valid ? await readDataset(api.platform, principalOf(request).tenant, id) : undefined;
    if (dataset === undefined) throw noSuchDataset(id);
    const json = {
      ...describe(dataset),
      links: [
        ...representationLinks(request, id),
        { href: await api.presign(dataset.url), rel: 'enclosure', type: dataset.mediaType, title: 'File' },
        ...(await Promise.all(dataset.alternates.map((file) => alternateLink(api, file)))),
        ...(await Promise.all(dataset.related.map((file) => relatedLink(api, file)))),
        jsonLink(request.root, `/jobs/${dataset.jobId}`, 'via', 'Job'),
        jsonLink(request.root, '/datasets', 'up', 'All datasets'),
      ],
    };
    return respond(request, { title: id, json });
  };

const alternateLink = async (api: Api, { url, mediaType }: DatasetFile) => ({
  href: await api.presign(url),
  rel: 'alternate',
  type: mediaType,
  title: 'The same in another format',
});

const RELATED_TITLES = { describedby: 'Description', preview: 'Thumbnail' } as const;

const relatedLink = async (api: Api, { rel, url, mediaType }: RelatedFile) => ({
  href: await api.presign(url),
  rel,
  type: mediaType,
  title: RELATED_TITLES[rel],
});

const describe = ({ id, jobId, mediaType, bytes, publishedAt }: PublishedDataset) => ({
  id,
  jobID: jobId,
  mediaType,
  bytes,
  published: iso(publishedAt),
});
