import { LonghaulError } from '../../errors/longhaul-error.ts';

/** More data than the parts of one upload can hold at the part size that the expected size gave. */
export function outputTooLarge(parts: number, expectedBytes: number): LonghaulError {
  return new LonghaulError({
    code: 'output-too-large',
    retryable: false,
    detail: `The file does not fit the ${parts} parts of an upload: it was expected to have ${expectedBytes} bytes.`,
    remedy: 'Split the data over several jobs.',
    limit: parts,
    actual: parts + 1,
  });
}
