import { z } from 'zod';
import { numberOf, textOf } from './items/attributes.ts';
import { DATASET_PREFIX, datasetItemKey, tenantPartition } from './items/keys.ts';
import type { Platform } from './platform.ts';
import type { Item } from './ports/job-store.ts';
import type { DatasetFile, RelatedFile } from './process.ts';

const alternateSchema = z.object({
  url: z.string().transform((href) => new URL(href)),
  mediaType: z.string(),
  bytes: z.number(),
});
const relatedSchema = alternateSchema.extend({ rel: z.enum(['describedby', 'preview']) });

/** A published dataset: where its newest version is, and which job made it. */
export interface PublishedDataset {
  id: string;
  jobId: string;
  url: URL;
  mediaType: string;
  bytes: number;
  publishedAt: number;
  /** The same content in other formats. */
  alternates: DatasetFile[];
  /** Files about it. */
  related: RelatedFile[];
}

/** Published datasets of a tenant, by id. */
export async function listDatasets(
  platform: Platform,
  tenant: string,
  { limit, after }: { limit: number; after?: string },
): Promise<{ datasets: PublishedDataset[]; next?: string }> {
  const page = await platform.store.list({
    pk: tenantPartition(tenant),
    prefix: DATASET_PREFIX,
    limit,
    ...(after === undefined ? {} : { after: DATASET_PREFIX + after }),
  });
  const datasets = page.items.map(({ key, item }) => readItem(key.sk.slice(DATASET_PREFIX.length), item));
  return page.next === undefined ? { datasets } : { datasets, next: page.next.slice(DATASET_PREFIX.length) };
}

/** One published dataset; undefined when the tenant has none of this id. */
export async function readDataset(
  platform: Platform,
  tenant: string,
  id: string,
  options: { consistent?: boolean } = {},
): Promise<PublishedDataset | undefined> {
  const item = await platform.store.read(datasetItemKey(tenant, id), options);
  return item === undefined ? undefined : readItem(id, item);
}

function readItem(id: string, item: Item): PublishedDataset {
  return {
    id,
    jobId: textOf(item, 'jobId'),
    url: new URL(textOf(item, 'url')),
    mediaType: textOf(item, 'mediaType'),
    bytes: numberOf(item, 'bytes'),
    publishedAt: numberOf(item, 'publishedAt'),
    alternates: z.array(alternateSchema).parse(item['alternates'] ?? []),
    related: z.array(relatedSchema).parse(item['related'] ?? []),
  };
}
