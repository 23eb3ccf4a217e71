import { numberOf } from '../../../shared/jobs/items/attributes.ts';
import { quotaItemKey } from '../../../shared/jobs/items/keys.ts';
import { releaseEndedJobs } from '../../../shared/jobs/active-jobs.ts';
import { isTerminal } from '../../../shared/jobs/job.ts';
import { isOpen, isStored, type Upload } from '../../../shared/uploads/upload.ts';
import { changesByJob } from '../invariants/life.ts';
import { checkAll } from '../invariants/invariants.ts';
import type { UploadWorld } from './upload-world.ts';

/** Every breach of every invariant of a world with uploads that has come to rest. */
export async function checkUploads(world: UploadWorld): Promise<string[]> {
  nameStartedJobs(world);
  const onTheWay = world.observation.breaches.filter((breach) => /^S(9|18) /.test(breach));
  return [
    ...(await checkQuotas(world)),
    ...checkOneJob(world),
    ...checkNothingLeft(world),
    ...onTheWay,
    ...(await checkAll(world)),
  ];
}

/** The jobs that uploads started are answers to a submission, too: one for each version. */
function nameStartedJobs(world: UploadWorld): void {
  for (const { tenant, jobId, processId, uploadId, versionId } of world.uploads()) {
    if (jobId === undefined || processId === undefined) continue;
    world.observation.submissions.push({ tenant, jobId, processId, key: `upload:${uploadId}:${versionId ?? ''}` });
  }
}

/** S9: what is in use at rest is what is there: so each grant was given back once, and no more than once. */
async function checkQuotas(world: UploadWorld): Promise<string[]> {
  const byTenant = Map.groupBy(world.uploads(), ({ tenant }) => tenant);
  const breaches: string[] = [];
  for (const [tenant, uploads] of byTenant) {
    // A job whose release the stream's consumer had to give up is released by the next submission.
    await releaseEndedJobs(world.platform, tenant);
    const item = await world.store.read(quotaItemKey(tenant), { consistent: true });
    const open = uploads.filter(isOpen);
    const bytes = (some: Upload[]): number => some.reduce((sum, each) => sum + each.bytes, 0);
    const jobs = [...changesByJob(world).values()].map((changes) => changes.at(-1)!.after);
    const expected = {
      committedBytes: bytes(uploads.filter(isStored)) + bytes(open),
      inFlightBytes: bytes(open),
      openUploads: open.length,
      activeJobs: jobs.filter((job) => job.tenant === tenant && job.inQuota === true && !isTerminal(job.state)).length,
    };
    for (const [counter, value] of Object.entries(expected)) {
      const counted = numberOf(item, counter);
      if (counted !== value) breaches.push(`S9 ${tenant} has ${counter} ${value} at rest, and ${counted} are counted`);
    }
  }
  return breaches;
}

/** S18: a version for which a job was asked for has one, and one only. */
function checkOneJob(world: UploadWorld): string[] {
  const sources = [...world.objects.objects].flatMap(([url, { bytes }]) => {
    if (!url.endsWith('/request.json')) return [];
    const job = url.split('/').at(-2)!;
    const { inputs } = JSON.parse(new TextDecoder().decode(bytes)) as { inputs: { source?: string } };
    const isAccepted = world.observation.changes.some(({ after }) => after.jobId === job);
    return inputs.source === undefined || !isAccepted ? [] : [inputs.source];
  });
  const started = Map.groupBy(sources, (source) => source);
  const twice = [...started].filter(([, jobs]) => jobs.length > 1);
  const without = world.uploads().filter((upload) => {
    const { processId, failure, url, versionId } = upload;
    if (!isStored(upload) || processId === undefined || failure !== undefined) return false;
    return !started.has(`${url.href}?versionId=${versionId}`);
  });
  return [
    ...twice.map(([source, jobs]) => `S18 ${source} has ${jobs.length} jobs`),
    ...without.map(({ uploadId }) => `S18 ${uploadId} is stored, and its job was not started`),
  ];
}

/**
 * S18: what is in the bucket is what is stored, and nothing else. Parts of a multipart upload that no row names, because
 * its function died before it wrote that down, are left to the bucket's own rule.
 */
function checkNothingLeft(world: UploadWorld): string[] {
  const uploads = world.uploads();
  const kept = new Set(uploads.filter(isStored).map(({ url }) => url.href));
  // What lies under the drop prefix is its producer's; what an event that was given up is about, its dead letter names.
  const isNamed = (place: string): boolean => place.startsWith('s3://data/incoming/') || world.deadEvents.has(place);
  const ended = new Set(uploads.flatMap((upload) => (isOpen(upload) ? [] : [upload.multipartId])));
  return [
    ...world.bucket.places
      .filter((place) => !kept.has(place) && !isNamed(place))
      .map((place) => `S18 ${place} is left of no upload`),
    ...world.bucket.multiparts.filter((id) => ended.has(id)).map((id) => `S18 parts of ${id} are left`),
  ];
}
