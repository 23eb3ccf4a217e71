import { LonghaulError } from '../../../errors/longhaul-error.ts';

export function encodingUnsupported(label: string): LonghaulError {
  return new LonghaulError({
    code: 'encoding-unsupported',
    retryable: false,
    detail: `Text in the encoding ${label.slice(0, 40)} is not read.`,
    remedy: 'Give UTF-8, UTF-16 or an encoding of one byte to a character, such as windows-1252; or convert the file.',
  });
}

export function encodingInvalid(encoding: string, offset: number): LonghaulError {
  return new LonghaulError({
    code: 'text-encoding-invalid',
    retryable: false,
    detail: `The bytes from ${offset} on are not text in ${encoding}.`,
    remedy: 'Say which encoding the file is in, or convert it to UTF-8.',
  });
}

export function recordTooLong(what: string, offset: number, limit: number): LonghaulError {
  return new LonghaulError({
    code: 'record-too-long',
    retryable: false,
    detail: `The ${what} that begins at byte ${offset} is longer than ${limit} bytes.`,
    remedy: 'Check that the file has line breaks; split what is that long into several features.',
    limit,
  });
}
