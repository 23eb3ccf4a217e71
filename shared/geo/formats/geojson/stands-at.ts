/** Whether some bytes are these and no more: without a call into V8, which costs more than a few bytes are worth. */
export function standsAt(bytes: Buffer, start: number, end: number, expected: Buffer): boolean {
  const { length } = expected;
  if (end - start !== length) return false;
  for (let index = 0; index < length; index++) if (bytes[start + index] !== expected[index]) return false;
  return true;
}
