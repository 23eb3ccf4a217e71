import { z } from 'zod';
import type { ApiClient } from './api-client.ts';
import { parseAnswer } from './parse-answer.ts';

/** OGC 18-062r2 `process.yaml`: what the options of a process are made from. */
const descriptionSchema = z.looseObject({
  id: z.string(),
  description: z.string().default(''),
  inputs: z.record(
    z.string(),
    z.looseObject({
      title: z.string().default(''),
      description: z.string().exactOptional(),
      minOccurs: z.number().default(1),
      // The standard also knows the word `unbounded`.
      maxOccurs: z.union([z.number(), z.literal('unbounded').transform(() => Infinity)]).default(1),
      schema: z.record(z.string(), z.unknown()).default({}),
    }),
  ),
});
export type RemoteProcess = z.output<typeof descriptionSchema>;

/** How a deployed API describes a process. @throws ApiError `no-such-process` */
export async function describeProcess(client: ApiClient, id: string): Promise<RemoteProcess> {
  const path = `processes/${encodeURIComponent(id)}`;
  const { json } = await client.ask({ path });
  return parseAnswer(descriptionSchema, json, path);
}
