import { LonghaulError } from '../../errors/longhaul-error.ts';

const COMPLETE = 'Check that the file was written and uploaded completely; `unzip -t` must read it.';
const REPACK = 'Pack the data anew with an ordinary tool, each file once, under a plain relative name.';
const SMALLER = 'Upload the data uncompressed, or split them over several files.';

/** An archive that is broken, or lies about itself. */
export function zipCorrupt(reason: string, cause?: unknown): LonghaulError {
  return new LonghaulError({
    code: 'zip-corrupt',
    retryable: false,
    detail: `The zip archive is not valid: ${reason}.`,
    remedy: COMPLETE,
    cause,
  });
}

/** One entry that cannot be decompressed, or is not what the directory says of it. */
export function zipEntryCorrupt(name: string, reason: string, cause?: unknown): LonghaulError {
  return new LonghaulError({
    code: 'zip-entry-corrupt',
    retryable: false,
    detail: `${shown(name)} in the zip archive cannot be read: ${reason}.`,
    remedy: COMPLETE,
    cause,
  });
}

export function zipTooManyEntries(actual: number, limit: number): LonghaulError {
  return new LonghaulError({
    code: 'zip-too-many-entries',
    retryable: false,
    detail: `The zip archive has ${actual} entries; at most ${limit} are read.`,
    remedy: 'Pack only the files to be ingested, or split them over several archives.',
    limit,
    actual,
  });
}

export function zipDirectoryTooLarge(actual: number, limit: number): LonghaulError {
  return new LonghaulError({
    code: 'zip-directory-too-large',
    retryable: false,
    detail: `The directory of the zip archive has at least ${actual} bytes; at most ${limit} are read.`,
    remedy: REPACK,
    limit,
    actual,
  });
}

export function zipEntryTooLarge(name: string, actual: number, limit: number): LonghaulError {
  return new LonghaulError({
    code: 'zip-entry-too-large',
    retryable: false,
    detail: `${shown(name)} in the zip archive has ${actual} bytes; at most ${limit} are read.`,
    remedy: SMALLER,
    limit,
    actual,
  });
}

export function zipTooLarge(actual: number, limit: number): LonghaulError {
  return new LonghaulError({
    code: 'zip-too-large',
    retryable: false,
    detail: `The entries of the zip archive have ${actual} bytes together; at most ${limit} are read.`,
    remedy: SMALLER,
    limit,
    actual,
  });
}

/** @param name absent: all entries together */
export function zipRatioTooHigh(name: string | undefined, actual: number, limit: number): LonghaulError {
  const what = name === undefined ? 'the entries' : shown(name);
  return new LonghaulError({
    code: 'zip-ratio-too-high',
    retryable: false,
    detail: `Each byte of ${what} in the zip archive becomes ${actual}; at most ${limit} are read.`,
    remedy: SMALLER,
    limit,
    actual,
  });
}

export function zipEntriesOverlap(first: string, second: string): LonghaulError {
  return new LonghaulError({
    code: 'zip-entries-overlap',
    retryable: false,
    detail: `${shown(first)} and ${shown(second)} share bytes of the zip archive.`,
    remedy: REPACK,
  });
}

export function zipNameDuplicate(name: string): LonghaulError {
  return new LonghaulError({
    code: 'zip-name-duplicate',
    retryable: false,
    detail: `The zip archive has two entries with the name ${shown(name)}.`,
    remedy: REPACK,
  });
}

export function zipNameUnsafe(name: string, reason: string): LonghaulError {
  return new LonghaulError({
    code: 'zip-name-unsafe',
    retryable: false,
    detail: `The zip archive has an entry with the name ${shown(name)}: ${reason}.`,
    remedy: REPACK,
  });
}

/** A symbolic link, a device or a pipe. */
export function zipEntrySpecial(name: string): LonghaulError {
  return new LonghaulError({
    code: 'zip-entry-special',
    retryable: false,
    detail: `${shown(name)} in the zip archive is a link or a device, not a file.`,
    remedy: 'Pack the files themselves: `zip` follows links unless it is given `-y`.',
  });
}

export function zipEncrypted(name?: string): LonghaulError {
  return new LonghaulError({
    code: 'zip-encrypted',
    retryable: false,
    detail: `${name === undefined ? 'An entry of' : `${shown(name)} in`} the zip archive is encrypted.`,
    remedy: 'Pack the data without a password.',
  });
}

export function zipMethodUnsupported(name: string, method: number): LonghaulError {
  return new LonghaulError({
    code: 'zip-method-unsupported',
    retryable: false,
    detail: `${shown(name)} in the zip archive is compressed by method ${method}; stored (0) and deflated (8) are read.`,
    remedy: 'Pack the data with `zip`, or with the method Deflate.',
  });
}

export function gzipCorrupt(reason: string, cause?: unknown): LonghaulError {
  return new LonghaulError({
    code: 'gzip-corrupt',
    retryable: false,
    detail: `The gzip file cannot be decompressed: ${reason}.`,
    remedy: 'Check that the file was written and uploaded completely; `gzip -t` must read it.',
    cause,
  });
}

export function gzipTooLarge(actual: number, limit: number): LonghaulError {
  return new LonghaulError({
    code: 'gzip-too-large',
    retryable: false,
    detail: `The gzip file has at least ${actual} bytes when it is decompressed; at most ${limit} are read.`,
    remedy: SMALLER,
    limit,
    actual,
  });
}

export function gzipRatioTooHigh(actual: number, limit: number): LonghaulError {
  return new LonghaulError({
    code: 'gzip-ratio-too-high',
    retryable: false,
    detail: `Each byte of the gzip file becomes ${actual}; at most ${limit} are read.`,
    remedy: SMALLER,
    limit,
    actual,
  });
}

/** Characters of a name that are shown. */
const SHOWN_CHARACTERS = 100;

/** A name out of an archive, as it can stand in a sentence and a log line. */
function shown(name: string): string {
  return JSON.stringify(name.length > SHOWN_CHARACTERS ? `${name.slice(0, SHOWN_CHARACTERS)}…` : name);
}
