export interface ContentRange {
  start: number;
  /** Last byte, inclusive. */
  end: number;
  /** Size of the whole content. */
  size: number;
}

/** Parses `Content-Range: bytes 0-99/1234` (RFC 9110, 14.4); undefined unless it names a range and a size. */
export function parseContentRange(value: string | undefined): ContentRange | undefined {
  const match = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/.exec(value?.trim() ?? '');
  if (match === null) return undefined;
  const [start, end, size] = match.slice(1).map(Number) as [number, number, number];
  return start <= end && end < size ? { start, end, size } : undefined;
}
