import { GetObjectCommand } from '@aws-sdk/client-s3';
import type { TestStack } from './stack.ts';

/** Bytes of an object of the data bucket. */
export async function readObject({ clients, description }: TestStack, key: string): Promise<Uint8Array> {
  const object = await clients.s3.send(new GetObjectCommand({ Bucket: description.buckets.data, Key: key }));
  if (object.Body === undefined) throw new Error(`s3://${description.buckets.data}/${key} has no body`);
  return object.Body.transformToByteArray();
}

/** Bytes of a file that a job published. */
export function readOutput(stack: TestStack, jobId: string, name: string): Promise<Uint8Array> {
  return readObject(stack, `outputs/${stack.description.tenant}/${jobId}/${name}`);
}
