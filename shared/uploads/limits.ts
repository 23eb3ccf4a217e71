const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const MIB = 1024 * 1024;
const GIB = 1024 * MIB;
const TIB = 1024 * GIB;

/** Largest file (S3). */
export const MAX_UPLOAD_BYTES = 5 * TIB;
/** Least size of every part but the last, and most of any (S3). */
export const MIN_PART_BYTES = 5 * MIB;
export const MAX_PART_BYTES = 5 * GIB;
/** Part numbers are 1 … MAX_PARTS (S3). */
export const MAX_PARTS = 10_000;
/** Up to here a file goes up by one PUT, unless parts are asked for. */
export const MAX_SINGLE_PUT_BYTES = 10 * MIB;
/** Parts are no smaller than this unless they are asked for so: fewer requests, and still little to send again. */
const USUAL_PART_BYTES = 16 * MIB;

/** Addresses that one request signs. */
export const MAX_SIGNED_PARTS = 100;
/** Life of a signed address, in seconds. */
export const SIGNED_SECONDS = 900;

/** An upload for which nobody asked an address for so long is abandoned. */
export const IDLE_MILLISECONDS = 24 * HOUR;
/** However busy, an upload is given up after this; the bucket's rule removes parts a day later. */
export const MAX_OPEN_MILLISECONDS = 7 * DAY;
/** Longer than any signed address lives: what is removed now is looked for again then. */
export const REMOVAL_MILLISECONDS = 20 * MINUTE;
/** Time after which the sweeper takes on what a function that died, or an event that was lost, left undone. */
export const UNDONE_MILLISECONDS = 2 * MINUTE;

/** First bytes that tell a format. */
export const EXAMINED_BYTES = 1024;

/** Longest file name in characters, and of that in its key. */
export const MAX_FILE_NAME_CHARACTERS = 255;
const MAX_KEY_NAME_CHARACTERS = 128;

/** Size of the parts of a file: the usual one, or the smallest whole MiB with which 10,000 parts hold it. */
export function choosePartBytes(bytes: number): number {
  const needed = Math.ceil(bytes / MAX_PARTS / MIB) * MIB;
  return Math.max(USUAL_PART_BYTES, needed);
}

/** How many parts a file has. */
export function partCount(upload: { bytes: number; partBytes: number }): number {
  return Math.ceil(upload.bytes / upload.partBytes);
}

/** Size of one part: all are as large as the first, but for the last. */
export function partSize(upload: { bytes: number; partBytes: number }, partNumber: number): number {
  return Math.min(upload.partBytes, upload.bytes - (partNumber - 1) * upload.partBytes);
}

/** A file name as it can stand in a key and a URL without any encoding: the last of its parts, in letters, digits, `.`, `_` and `-`. */
export function keyName(fileName: string): string {
  const last = fileName.split(/[/\\]/).at(-1) ?? '';
  const tame = last
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[.-]+/, '')
    .slice(-MAX_KEY_NAME_CHARACTERS);
  return tame === '' ? 'file' : tame;
}
