import { z } from 'zod';
import { callLambda } from '../../../scripts/local/emulator-request.ts';
import type { TestStack } from './stack.ts';

const configurationSchema = z.object({ Environment: z.object({ Variables: z.record(z.string(), z.string()) }) });

type Variables = Record<string, string>;

/** Names of all functions of the stack. */
export function functionNames({ description: { functions } }: TestStack): string[] {
  const { workers, ...others } = functions;
  return [...Object.values(others), ...Object.values(workers)];
}

/**
 * Sends every call of the functions to AWS by way of another origin, from their next start on; their workers end.
 * @returns puts the environments back
 */
export async function routeCalls(stack: TestStack, origin: string): Promise<() => Promise<void>> {
  const names = functionNames(stack);
  const before = await Promise.all(names.map((name) => readVariables(stack, name)));
  const { origin: direct } = new URL(stack.description.endpoint);
  const route = async (change: (variables: Variables) => Variables): Promise<void> => {
    await Promise.all(names.map((name, index) => writeVariables(stack, name, change(before[index] ?? {}))));
  };
  // The SDK sends to the URL of a queue and not to its endpoint: the URLs have to change, too.
  await route((variables) => ({
    ...Object.fromEntries(Object.entries(variables).map(([key, value]) => [key, value.replaceAll(direct, origin)])),
    AWS_ENDPOINT_URL: origin,
  }));
  return () => route((variables) => variables);
}

/** Ends the workers of every function in the middle of their work, as a deployment of new settings does. */
export async function restartFunctions(stack: TestStack): Promise<number> {
  const names = functionNames(stack);
  for (const name of names) await writeVariables(stack, name, await readVariables(stack, name));
  return names.length;
}

/** Calls a function and waits for it. */
export async function invokeFunction({ description }: TestStack, name: string): Promise<void> {
  const path = `/2015-03-31/functions/${encodeURIComponent(name)}/invocations`;
  await callLambda(new URL(description.endpoint), 'POST', path, {});
}

async function readVariables({ description }: TestStack, name: string): Promise<Variables> {
  const answer = await callLambda(new URL(description.endpoint), 'GET', configurationPath(name));
  return configurationSchema.parse(answer).Environment.Variables;
}

async function writeVariables({ description }: TestStack, name: string, variables: Variables): Promise<void> {
  const input = { Environment: { Variables: variables } };
  await callLambda(new URL(description.endpoint), 'PUT', configurationPath(name), input);
}

const configurationPath = (name: string): string => `/2015-03-31/functions/${encodeURIComponent(name)}/configuration`;
