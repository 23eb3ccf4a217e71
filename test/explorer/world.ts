/** Nobody is at work in this place. */
export const NOBODY = -1;

/** Workers of the process at once. */
export const WORKERS = 2;

/**
 * Everything that decides what can happen next, as numbers of interned values. Points stand for what an invocation
 * remembers: the answers that it has had.
 */
export interface World {
  table: number;
  objects: number;
  /** Messages that wait, in ascending order; one that is handled is with its worker. */
  queue: readonly number[];
  /** Records of the stream that wait, in their order; the first is the consumer's. */
  stream: readonly number[];
  consumer: number;
  /** Points of the workers that are at work, in ascending order: which of the two it is makes no difference. */
  workers: readonly number[];
  sweeper: number;
  /** Calls of the dead, or of those who waited no longer, that may still take effect; in ascending order. */
  late: readonly number[];
  cancelAsked: boolean;
}

/** Equal exactly for equal worlds. */
export function keyOf(world: World): string {
  const { table, objects, consumer, sweeper, cancelAsked, queue, stream, workers, late } = world;
  const lists = `${queue.join()};${stream.join()};${workers.join()};${late.join()}`;
  return `${table},${objects},${consumer},${sweeper},${cancelAsked ? 1 : 0};${lists}`;
}

/** The list with one member more, in ascending order. */
export function plus(list: readonly number[], ...members: number[]): number[] {
  return [...list, ...members].sort((a, b) => a - b);
}

/** The list without one of the members that are equal to this one. */
export function minus(list: readonly number[], member: number): number[] {
  const at = list.indexOf(member);
  return at < 0 ? [...list] : [...list.slice(0, at), ...list.slice(at + 1)];
}
