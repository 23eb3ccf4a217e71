import { objectRequestInvalid, uploadInvalid } from './errors.ts';

/** Least size of every part but the last, in bytes (S3). */
export const MIN_PART_BYTES = 5 * 1024 * 1024;
/** Part numbers are 1 … MAX_PARTS (S3). */
export const MAX_PARTS = 10_000;

/** @throws LonghaulError `upload-invalid` (final) */
export function checkPart(partNumber: number, bytes: Uint8Array): void {
  if (!Number.isInteger(partNumber) || partNumber < 1 || partNumber > MAX_PARTS) {
    throw uploadInvalid('A part number is a whole number from 1 on.', { limit: MAX_PARTS, actual: partNumber });
  }
  if (bytes.byteLength === 0) throw uploadInvalid(`Part ${partNumber} is empty.`);
}

/**
 * The part numbers in the order of the file.
 * @param sizes bytes of each part by its number
 * @throws LonghaulError `upload-invalid` (final) without a part, or when one that is not the last is below 5 MiB
 */
export function orderParts(sizes: ReadonlyMap<number, number>): number[] {
  const numbers = [...sizes.keys()].sort((a, b) => a - b);
  if (numbers.length === 0) throw uploadInvalid('An upload without a part cannot be completed.');
  for (const number of numbers.slice(0, -1)) {
    const actual = sizes.get(number) ?? 0;
    if (actual < MIN_PART_BYTES) {
      throw uploadInvalid(`Part ${number} has ${actual} bytes and is not the last.`, { limit: MIN_PART_BYTES, actual });
    }
  }
  return numbers;
}

/** Most objects of one listing (S3 ListObjectsV2). */
const MAX_LISTED = 1_000;

/** @throws LonghaulError `object-request-invalid` (final) unless the URL names a folder and the limit is 1 … 1,000 */
export function checkFolder(folder: URL, limit: number): void {
  if (!folder.href.endsWith('/')) throw objectRequestInvalid(`${folder.href} is not the URL of a folder.`);
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LISTED) {
    throw objectRequestInvalid(`A listing of ${limit} objects was asked for; 1 to ${MAX_LISTED} are possible.`);
  }
}

/** @throws LonghaulError `object-request-invalid` (final) */
export function checkRange(offset: number, length: number): void {
  if (!Number.isSafeInteger(offset) || offset < 0 || !Number.isSafeInteger(length) || length < 1) {
    throw objectRequestInvalid(`There is no range of ${length} bytes from ${offset}.`);
  }
}
