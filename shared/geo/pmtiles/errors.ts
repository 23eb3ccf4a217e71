import { LonghaulError } from '../../errors/longhaul-error.ts';

/** Tiles must come once each, in ascending order of their ids. */
export function tileOutOfOrder(tileId: number, previous: number): LonghaulError {
  return new LonghaulError({
    code: 'tile-out-of-order',
    retryable: false,
    detail: `Tile id ${tileId} came after tile id ${previous}.`,
    remedy: 'Add each tile once, in ascending order of ids.',
    limit: previous,
    actual: tileId,
  });
}

export function tileOutsideZooms(tileId: number, minzoom: number, maxzoom: number): LonghaulError {
  return new LonghaulError({
    code: 'tile-outside-zooms',
    retryable: false,
    detail: `Tile id ${tileId} is not of a zoom from ${minzoom} to ${maxzoom}.`,
    remedy: 'Open the archive with the zooms of all its tiles.',
    actual: tileId,
  });
}

/** A tile of no bytes cannot be told from an absent one; leave it out. */
export function tileEmpty(tileId: number): LonghaulError {
  return new LonghaulError({
    code: 'tile-empty',
    retryable: false,
    detail: `Tile id ${tileId} has no bytes.`,
    remedy: 'Leave empty tiles out.',
    actual: 0,
  });
}

export function tileTooLarge(tileId: number, bytes: number, limit: number): LonghaulError {
  return new LonghaulError({
    code: 'tile-too-large',
    retryable: false,
    detail: `Tile id ${tileId} has ${bytes} bytes; ${limit} are allowed.`,
    remedy: 'Use smaller tiles or a stronger compression.',
    limit,
    actual: bytes,
  });
}

export function metadataTooLarge(bytes: number, limit: number): LonghaulError {
  return new LonghaulError({
    code: 'metadata-too-large',
    retryable: false,
    detail: `The metadata of the archive has ${bytes} bytes; ${limit} are allowed.`,
    remedy: 'Shorten the metadata.',
    limit,
    actual: bytes,
  });
}

/** More data than the parts of one upload can hold at the part size that the expected size gave. */
export function archiveTooLarge(parts: number, expectedBytes: number): LonghaulError {
  return new LonghaulError({
    code: 'archive-too-large',
    retryable: false,
    detail: `The archive does not fit the ${parts} parts of an upload: it was expected to have ${expectedBytes} bytes.`,
    remedy: 'Split the area over several archives.',
    limit: parts,
    actual: parts + 1,
  });
}

/** A tile was added before the one before it was taken, or after the end. */
export function archiveMisused(detail: string): LonghaulError {
  return new LonghaulError({
    code: 'archive-misused',
    retryable: false,
    detail,
    remedy: 'Await each tile before the next, and the end once.',
  });
}
