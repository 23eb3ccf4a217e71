import { contextTooLarge } from './errors.ts';
import type { Container } from './container.ts';
import { MAX_CONTEXT_CHARACTERS } from './limits.ts';

/** A run of whole records. */
export interface XmlBlock {
  /** Bytes of the source. */
  start: number;
  end: number;
  /** Number of the layer's first feature in it. */
  first: number;
  /** Number of the elements around its first record among the contexts of the layer. */
  context: number;
}

/** What reading the blocks of a layer takes. JSON. */
export interface XmlDetail {
  /** As `TextEncoding.name`. */
  encoding: string;
  contexts: Container[][];
  blocks: XmlBlock[];
}

interface Layer {
  features: number;
  /** Numbers of the blocks that have features of it, and how many features are before each. */
  blocks: { block: number; first: number }[];
}

/** Cuts a file into blocks at the starts of records, and remembers which of them hold features of which layer. */
export class BlockCutter {
  readonly #blockBytes: number;
  readonly #starts: number[] = [];
  readonly #contextOf: number[] = [];
  readonly #contexts: { text: string; containers: Container[] }[] = [];
  readonly #layers = new Map<string, Layer>();
  #characters = 0;
  /** Behind the last record, in bytes of the source. */
  #end = 0;

  constructor(blockBytes: number) {
    this.#blockBytes = blockBytes;
  }

  /**
   * There is a record between two bytes of the source.
   * @throws LonghaulError `xml-context-too-large` (final)
   */
  record(start: number, end: number, containers: readonly Container[]): void {
    this.#end = end;
    const last = this.#starts.at(-1);
    if (last !== undefined && start - last < this.#blockBytes) return;
    this.#starts.push(start);
    const text = JSON.stringify(containers);
    if (this.#contexts.at(-1)?.text !== text) {
      this.#characters += text.length;
      if (this.#characters > MAX_CONTEXT_CHARACTERS) throw contextTooLarge(MAX_CONTEXT_CHARACTERS);
      this.#contexts.push({ text, containers: JSON.parse(text) as Container[] });
    }
    this.#contextOf.push(this.#contexts.length - 1);
  }

  /** The record that began last has so many features of a layer. */
  count(layer: string, features: number): void {
    const block = this.#starts.length - 1;
    let known = this.#layers.get(layer);
    if (known === undefined) this.#layers.set(layer, (known = { features: 0, blocks: [] }));
    if (known.blocks.at(-1)?.block !== block) known.blocks.push({ block, first: known.features });
    known.features += features;
  }

  /** Layers that have records, in the order of their first ones. */
  get layers(): string[] {
    return [...this.#layers.keys()];
  }

  features(layer: string): number {
    return this.#layers.get(layer)?.features ?? 0;
  }

  detail(layer: string, encoding: string): XmlDetail {
    const contexts: Container[][] = [];
    const numbers = new Map<number, number>();
    const blocks = (this.#layers.get(layer)?.blocks ?? []).map(({ block, first }) => {
      const context = this.#contextOf[block]!;
      if (!numbers.has(context)) numbers.set(context, contexts.push(this.#contexts[context]!.containers) - 1);
      const start = this.#starts[block]!;
      return { start, end: this.#starts[block + 1] ?? this.#end, first, context: numbers.get(context)! };
    });
    return { encoding, contexts, blocks };
  }
}
