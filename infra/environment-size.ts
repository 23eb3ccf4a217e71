/** Lambda takes no larger environment. */
export const MAX_ENVIRONMENT_BYTES = 4096;
/** Longest value that only a deployment knows, such as the URL of a queue with its generated name. */
const DEPLOYED_VALUE_BYTES = 140;

/**
 * Upper bound of the bytes of an environment once it is deployed.
 * @param variables as CloudFormation reads them: text, intrinsic functions, or texts and functions joined
 */
export function environmentBytes(variables: Record<string, unknown>): number {
  return Object.entries(variables).reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + valueBytes(value), 0);
}

function valueBytes(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  const parts = (value as { 'Fn::Join'?: [separator: string, parts: unknown[]] })['Fn::Join']?.[1];
  if (parts === undefined) return DEPLOYED_VALUE_BYTES;
  return parts.reduce<number>((sum, part) => sum + valueBytes(part), 0);
}

/** What is wrong with an environment, for the validation of its construct. */
export function environmentProblems(variables: Record<string, unknown>): string[] {
  const bytes = environmentBytes(variables);
  if (bytes <= MAX_ENVIRONMENT_BYTES) return [];
  return [
    `The environment may have ${bytes} bytes; Lambda takes ${MAX_ENVIRONMENT_BYTES}. ` +
      'Shorten the context value "tenantLimits" or "sourceBuckets", or deploy fewer processes in this stack.',
  ];
}
