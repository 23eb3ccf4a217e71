import { LonghaulError } from '../../../errors/longhaul-error.ts';

const WELL_FORMED = 'Check the file, for instance with `xmllint --noout`, and submit it again.';

export function rootUnexpected(format: string, root: string): LonghaulError {
  return new LonghaulError({
    code: 'xml-root-unexpected',
    retryable: false,
    detail: `The source is not ${format}: its root element is ${JSON.stringify(root)}.`,
    remedy: 'Name the format that the file has.',
  });
}

/** Document types define entities and name other files: there is no need of them, and harm in them. */
export function doctypeRefused(offset: number): LonghaulError {
  return new LonghaulError({
    code: 'xml-doctype-refused',
    retryable: false,
    detail: `The source has a document type declaration at byte ${offset}; none is read.`,
    remedy: 'Remove the declaration, and replace the entities that it defines by their text.',
  });
}

export function notWellFormed(offset: number, reason: string): LonghaulError {
  return new LonghaulError({
    code: 'xml-not-well-formed',
    retryable: false,
    detail: `The source is not well-formed XML at byte ${offset}: ${reason}.`,
    remedy: WELL_FORMED,
  });
}

export function xmlTruncated(size: number, open: string): LonghaulError {
  return new LonghaulError({
    code: 'xml-truncated',
    retryable: false,
    detail: `The source ends at byte ${size} within ${open}.`,
    remedy: 'Check that the file was written and uploaded completely.',
    actual: size,
  });
}

export function xmlTooDeep(offset: number, limit: number): LonghaulError {
  return new LonghaulError({
    code: 'xml-too-deep',
    retryable: false,
    detail: `More than ${limit} elements are open at byte ${offset}.`,
    remedy: 'Put fewer folders into each other.',
    limit,
  });
}

export function tagTooLong(offset: number, limit: number): LonghaulError {
  return new LonghaulError({
    code: 'xml-tag-too-long',
    retryable: false,
    detail: `The tag at byte ${offset} has more than ${limit} bytes.`,
    remedy: WELL_FORMED,
    limit,
  });
}

export function recordTooLarge(offset: number, limit: number): LonghaulError {
  return new LonghaulError({
    code: 'xml-record-too-large',
    retryable: false,
    detail: `The element, comment or text at byte ${offset} has more than ${limit} bytes.`,
    remedy: 'Split the record into several, or convert the file to FlatGeobuf or GeoPackage.',
    limit,
  });
}

export function tooManyFields(limit: number): LonghaulError {
  return new LonghaulError({
    code: 'xml-too-many-fields',
    retryable: false,
    detail: `The features of one layer have more than ${limit} different fields.`,
    remedy: 'Write what varies from feature to feature as values rather than as names.',
    limit,
  });
}

export function tooManyLayers(limit: number): LonghaulError {
  return new LonghaulError({
    code: 'xml-too-many-layers',
    retryable: false,
    detail: `The source has features of more than ${limit} types.`,
    remedy: 'Split the file by feature type.',
    limit,
  });
}

export function contextTooLarge(limit: number): LonghaulError {
  return new LonghaulError({
    code: 'xml-context-too-large',
    retryable: false,
    detail: `The folders and namespaces around the blocks of the source take more than ${limit} characters.`,
    remedy: 'Shorten the names of folders, or put fewer folders into each other.',
    limit,
  });
}
