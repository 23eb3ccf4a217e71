import { LonghaulError } from '../../shared/errors/longhaul-error.ts';
import type { Estimate, ProcessContext, ProcessDefinition } from '../../shared/jobs/process.ts';
import type { TextStream } from '../context.ts';
import { formatBytes, formatNumberOf, writeLine } from '../output/text.ts';

/**
 * Says what a job would do. Seconds and dollars of an estimate are those of a deployed worker, so they are left out.
 * @returns undefined when the process does not estimate, or its sources are out of reach for now: planning asks again
 * @throws LonghaulError (final) for what the plan would refuse
 */
export async function showEstimate(
  stream: TextStream,
  process: ProcessDefinition,
  context: ProcessContext,
  inputs: Record<string, unknown>,
): Promise<Estimate | undefined> {
  if (process.estimate === undefined) return undefined;
  try {
    const estimate = await process.estimate(context, inputs);
    const { units, chunks, bytes } = estimate;
    const size = bytes.low === bytes.high ? '' : `${formatBytes(bytes.low)} to `;
    const parts = [formatNumberOf(units, 'unit'), formatNumberOf(chunks, 'chunk'), `${size}${formatBytes(bytes.high)}`];
    writeLine(stream, `Estimate: ${parts.join(', ')}`);
    return estimate;
  } catch (error) {
    if (!(error instanceof LonghaulError) || !error.retryable) throw error;
    writeLine(stream, `No estimate: ${error.detail}`);
    return undefined;
  }
}
