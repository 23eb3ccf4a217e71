import { z } from 'zod';
import { callLambda } from '../../../scripts/local/emulator-request.ts';
import type { TestStack } from './stack.ts';

const MAPPINGS = '/2015-03-31/event-source-mappings';

/** What a mapping is made again from; the rest of it is state. */
const mappingSchema = z.looseObject({ UUID: z.string(), EventSourceArn: z.string(), FunctionArn: z.string() });
type Mapping = z.output<typeof mappingSchema>;

const SETTINGS = [
  'EventSourceArn',
  'BatchSize',
  'FilterCriteria',
  'FunctionResponseTypes',
  'BisectBatchOnFunctionError',
  'MaximumRetryAttempts',
  'MaximumRecordAgeInSeconds',
  'ParallelizationFactor',
  'DestinationConfig',
] as const;

/** Stops the deliveries of the table's stream, and starts them where they were: nothing is lost, all comes late. */
export async function setStreamEnabled(stack: TestStack, enabled: boolean): Promise<void> {
  await setEnabled(stack, await streamMappingOf(stack), enabled);
}

/** Stops the deliveries of the stream and of every queue, and starts them where they were. */
export async function setAllEnabled(stack: TestStack, enabled: boolean): Promise<void> {
  for (const mapping of await mappingsOf(stack)) await setEnabled(stack, mapping, enabled);
}

/**
 * Makes the mapping of the table's stream anew: from its beginning every record that the stream keeps is delivered once
 * more; from its end none that was not delivered yet ever is.
 */
export async function remakeStreamMapping(stack: TestStack, from: 'beginning' | 'end'): Promise<void> {
  const endpoint = new URL(stack.description.endpoint);
  const mapping = await streamMappingOf(stack);
  const settings = Object.fromEntries(SETTINGS.map((name) => [name, mapping[name]]));
  await callLambda(endpoint, 'DELETE', `${MAPPINGS}/${mapping.UUID}`);
  await callLambda(endpoint, 'POST', MAPPINGS, {
    ...settings,
    FunctionName: stack.description.functions.stream,
    StartingPosition: from === 'beginning' ? 'TRIM_HORIZON' : 'LATEST',
    Enabled: true,
  });
}

async function setEnabled({ description }: TestStack, { UUID }: Mapping, enabled: boolean): Promise<void> {
  await callLambda(new URL(description.endpoint), 'PUT', `${MAPPINGS}/${UUID}`, { Enabled: enabled });
}

async function mappingsOf({ description }: TestStack): Promise<Mapping[]> {
  const answer = await callLambda(new URL(description.endpoint), 'GET', MAPPINGS);
  return z.object({ EventSourceMappings: z.array(mappingSchema) }).parse(answer).EventSourceMappings;
}

async function streamMappingOf(stack: TestStack): Promise<Mapping> {
  const { stream } = stack.description.functions;
  const mapping = (await mappingsOf(stack)).find(({ FunctionArn }) => FunctionArn.endsWith(`:${stream}`));
  if (mapping === undefined) throw new Error('the stream has no mapping');
  return mapping;
}
