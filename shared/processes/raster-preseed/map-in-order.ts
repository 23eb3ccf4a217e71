/**
 * Maps items with at most `concurrency` of them under way; the results keep the order of the items. After an error no
 * further item is begun.
 * @throws the first error, once everything that was under way has ended
 */
export async function mapInOrder<Item, Result>(
  items: Iterable<Item>,
  concurrency: number,
  map: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const queue = items[Symbol.iterator]();
  let count = 0;
  let failure: { error: unknown } | undefined;

  async function work(): Promise<void> {
    while (failure === undefined) {
      const next = queue.next();
      if (next.done === true) return;
      const index = count++;
      try {
        results[index] = await map(next.value);
      } catch (error) {
        failure ??= { error };
      }
    }
  }

  await Promise.all(Array.from({ length: concurrency }, work));
  if (failure !== undefined) throw failure.error;
  return results;
}
