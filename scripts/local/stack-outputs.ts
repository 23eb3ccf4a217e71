import { z } from 'zod';
import { stackOutputsInvalid } from './errors.ts';

const json = <T extends z.ZodType>(schema: T) =>
  z
    .string()
    .transform((text) => JSON.parse(text) as unknown)
    .pipe(schema);

/** Function names by role, those of the workers by process. */
export const functionNamesSchema = z.object({
  api: z.string(),
  authorizer: z.string(),
  stream: z.string(),
  sweeper: z.string(),
  deadLetters: z.string(),
  notifications: z.string(),
  uploads: z.string(),
  workers: z.record(z.string(), z.string()),
});

/** Outputs of the stack that the scripts use; others are let through. */
const outputsSchema = z.object({
  /** Not a URL on the local cloud: a name in front of an IP address. */
  ApiUrl: z.string(),
  TableName: z.string(),
  IdempotencyTableName: z.string(),
  DataBucketName: z.string(),
  QueueUrls: json(z.record(z.string(), z.url())),
  DeadLetterQueueUrls: json(z.record(z.string(), z.url())),
  FunctionNames: json(functionNamesSchema),
});
export type StackOutputs = z.output<typeof outputsSchema>;

/**
 * Reads the file that `cdk deploy --outputs-file` wrote.
 * @throws LonghaulError `stack-outputs-invalid`
 */
export function parseStackOutputs(text: string, stackName: string): StackOutputs {
  const result = z.record(z.string(), z.unknown()).parse(JSON.parse(text))[stackName];
  const outputs = outputsSchema.safeParse(result);
  if (outputs.success) return outputs.data;
  const problems = outputs.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
  throw stackOutputsInvalid(problems.join('; '));
}
