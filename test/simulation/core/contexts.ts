/**
 * How often, by how many and in which order each message and record is handled. A message whose text was seen before
 * is handled once: else the duplicates of attempts would make duplicates of their own, without end.
 *
 * once          one after the other, in the order in which they were sent
 * redelivered   each three times, as if its acknowledgement had been lost twice
 * two-workers   each by two workers at once
 * reordered     messages in pairs, the later first; records in pairs, the pair a second time, as a batch that failed
 */
export const CONTEXTS = ['once', 'redelivered', 'two-workers', 'reordered'] as const;
export type Context = (typeof CONTEXTS)[number];
