import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { TestStack } from './stack.ts';

const POLL_MS = 250;

const uploadSchema = z.object({
  uploadID: z.string(),
  state: z.string(),
  requests: z.array(z.object({ href: z.url(), headers: z.record(z.string(), z.string()) })).optional(),
});

/** Sends a file of at most 10 MiB as an upload, and waits until it is stored. @returns id of the upload */
export async function storeUpload({ api }: TestStack, fileName: string, content: Uint8Array): Promise<string> {
  const sha256 = createHash('sha256').update(content).digest('hex');
  const announced = { fileName, contentType: 'application/octet-stream', bytes: content.length, sha256 };
  const { uploadID, requests = [] } = uploadSchema.parse((await api.request('POST', 'uploads', announced)).body);
  const [signed] = requests;
  if (signed === undefined) throw new Error(`no address was signed for ${fileName}`);
  const headers = Object.entries(signed.headers).filter(([name]) => name !== 'content-length');
  const answer = await fetch(signed.href, { method: 'PUT', headers, body: Uint8Array.from(content) });
  if (!answer.ok) throw new Error(`${fileName} was answered ${answer.status}: ${await answer.text()}`);
  for (;;) {
    const { state } = uploadSchema.parse((await api.request('GET', `uploads/${uploadID}`)).body);
    if (state === 'stored') return uploadID;
    if (state !== 'open' && state !== 'completing') throw new Error(`the upload of ${fileName} is ${state}`);
    await delay(POLL_MS);
  }
}
