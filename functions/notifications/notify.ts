import { LonghaulError } from '../../shared/errors/longhaul-error.ts';
import type { Outbound } from '../../shared/http/outbound/create-outbound.ts';
import type { JobView } from '../../shared/jobs/read-job.ts';
import { readJob } from '../../shared/jobs/read-job.ts';
import { readResults } from '../../shared/jobs/read-results.ts';
import { readRequest } from '../../shared/jobs/stored-plan.ts';
import { parseNotification, subscriberUri } from '../../shared/jobs/notifications.ts';
import type { Platform } from '../../shared/jobs/platform.ts';
import { statusInfo } from '../api/documents/status-info.ts';
import { outputForm, storedFiles } from '../api/execute/output-forms.ts';

/** What is read of a subscriber's answer: nothing in it matters but the status. */
const MAX_ANSWER_BYTES = 64 * 1024;

export interface NotifyOptions {
  platform: Platform;
  outbound: Outbound;
  presign: (url: URL) => Promise<string>;
  /** Origin and path of the API. */
  root: string;
  signal: AbortSignal;
}

/**
 * Posts results, progress or failure to the address that the execute request named (OGC 18-062r2, callback). Each
 * call has a stable id, so that a receiver can tell a repetition.
 * @throws LonghaulError when the subscriber cannot be reached or refuses: the message is delivered again
 */
export async function notify(options: NotifyOptions, body: string): Promise<void> {
  const { platform, outbound, signal } = options;
  const message = parseNotification(body);
  const view = await readJob(platform, message);
  if (view === undefined) return;
  const { subscriber } = await readRequest(platform, message);
  const uri = subscriberUri(subscriber ?? {}, message.event);
  if (uri === undefined) return;
  const isSuccess = message.event === 'succeeded' || message.event === 'partial';
  const content = isSuccess ? await resultsDocument(options, view) : statusInfo(options.root, view.job, view.counts);
  const answer = await outbound.fetch(uri, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': `${message.jobId}/${message.event}` },
    body: JSON.stringify(content),
    maxBytes: MAX_ANSWER_BYTES,
    signal,
  });
  const fields = { tenant: message.tenant, job: message.jobId, event: message.event, status: answer.status };
  platform.logger.info('subscriber.called', fields);
  if (answer.status >= 300) throw refused(answer.status);
}

/** The results by output id, as `GET /jobs/{id}/results` gives them. */
async function resultsDocument({ platform, presign }: NotifyOptions, { job }: JobView): Promise<unknown> {
  const process = platform.processes.get(job.processId);
  const stored = await readResults(platform, job);
  if (process === undefined || stored === undefined) return {};
  const files = storedFiles(stored.results);
  const links = new Map(await Promise.all(files.map(async (url) => [url.href, await presign(url)] as const)));
  const document = Object.entries(stored.results).map(([id, value]) => {
    const form = outputForm(process, id, value, links);
    return [id, form.kind === 'link' ? form.link : form.json] as const;
  });
  return Object.fromEntries(document);
}

function refused(status: number): LonghaulError {
  return new LonghaulError({
    code: 'subscriber-refused',
    retryable: true,
    detail: `The subscriber answered ${status}.`,
    remedy: 'Answer 2xx; the call is made again, with the same Idempotency-Key.',
  });
}
