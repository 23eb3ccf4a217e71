/** Thrown by whoever is asked for what was not worked out yet; handlers and stores answer only in time. */
export class NotYetKnown extends Error {
  readonly learn: () => Promise<void>;

  constructor(learn: () => Promise<void>) {
    super('not yet known');
    this.learn = learn;
  }
}

/**
 * Asks until everything that the answer needs is known. What is known is looked up at once, which is what almost every
 * step of an exploration does: it would take many times as long if each of them waited.
 */
export async function knowing<T>(ask: () => T): Promise<T> {
  for (;;) {
    try {
      return ask();
    } catch (error) {
      if (!(error instanceof NotYetKnown)) throw error;
      await error.learn();
    }
  }
}
