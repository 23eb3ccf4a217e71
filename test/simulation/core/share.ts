/** The cases of one test file, where several take turns so that every core has work: the `part`-th of each `of`. */
export interface Share {
  /** From 1. */
  part: number;
  of: number;
}

/** @param index of a case, from 0 */
export function isInShare(index: number, { part, of }: Share): boolean {
  return index % of === part - 1;
}
