import type { Platform } from '../../shared/jobs/platform.ts';
import type { OutgoingMessage } from '../../shared/jobs/ports/queue.ts';
import type { OutputUpload } from '../../shared/jobs/process.ts';
import type { Capacity } from '../../shared/local/capacity.ts';
import type { RangeReader, Sources } from '../../shared/sources/range-reader.ts';

/** Files of the control plane, by the end of their URL; all others are what a process makes. */
const OBJECT_KINDS = [
  ['/request.json', 'request'],
  ['/plan.json', 'plan'],
  ['/results.json', 'results'],
  ['/errors.ndjson', 'errors'],
] as const;

/** A read of a byte range of a source. */
const SOURCE_READ = 'sources.read';

/** What is counted of objects and messages: how often, and how much. */
interface Amount {
  times: number;
  bytes: number;
}

/** Counts every call of every port of a platform, and what was carried by it. */
export class Meter {
  readonly #calls = new Map<string, number>();
  readonly #messages = new Map<string, Amount>();
  readonly #written = new Map<string, Amount>();
  readonly #read = new Map<string, Amount>();
  readonly #capacity: Capacity;

  constructor(capacity: Capacity) {
    this.#capacity = capacity;
  }

  /** The platform with every port counted. */
  attach({ store, queue, objects, sourcesOf }: Platform): Pick<Platform, 'store' | 'queue' | 'objects' | 'sourcesOf'> {
    return {
      store: this.#count('store', store),
      queue: this.#count('queue', queue),
      objects: this.#count('objects', objects),
      sourcesOf: (tenant) => this.#sources(sourcesOf(tenant)),
    };
  }

  /** Forgets what was counted: what comes next is counted alone. */
  reset(): void {
    for (const counted of [this.#calls, this.#messages, this.#written, this.#read]) counted.clear();
    this.#capacity.reset();
  }

  /** Reads of sources. */
  get sourceReads(): number {
    return this.#calls.get(SOURCE_READ) ?? 0;
  }

  /**
   * Everything that is the same in each run, a line each: names, then numbers. Reads of sources are not: how those of
   * tiles that are made at once are joined is a matter of timing.
   * @param unportable kinds of objects whose bytes depend on the machine's encoder: only their number is given
   */
  lines(unportable: readonly string[] = []): string[] {
    const exact = [...this.#calls].filter(([name]) => name !== SOURCE_READ);
    const calls = exact.sort().map(([name, times]) => `${name} ${times}`);
    const amounts = (title: string, counted: Map<string, Amount>, countOnly: readonly string[] = []): string[] =>
      [...counted].sort().map(([kind, { times, bytes }]) => {
        const size = countOnly.includes(kind) ? '' : `, ${bytes} bytes`;
        return `${title} ${kind} ${times}${size}`;
      });
    const lines = this.#capacity.lines.filter(({ writeUnits }) => writeUnits > 0);
    const byItem = Map.groupBy(lines, ({ item }) => item.split('#')[0] ?? '');
    const written = [...byItem].sort().map(([item, of]) => {
      const table = of.reduce((sum, { tableWriteUnits }) => sum + tableWriteUnits, 0);
      const index = of.reduce((sum, { indexWriteUnits }) => sum + indexWriteUnits, 0);
      return `write units of ${item} ${table}${index === 0 ? '' : ` + ${index} of the index`}`;
    });
    return [
      ...calls,
      ...written,
      `write units in all ${this.#capacity.writeUnits}`,
      `read units in all ${this.#capacity.readUnits}`,
      ...amounts('message', this.#messages),
      ...amounts('written', this.#written, unportable),
      ...amounts('read', this.#read, unportable),
    ];
  }

  #count<Port extends object>(name: string, port: Port): Port {
    return new Proxy(port, {
      get: (target, property) => {
        const member: unknown = Reflect.get(target, property);
        if (typeof member !== 'function') return member;
        return async (...parameters: unknown[]): Promise<unknown> => {
          const operation = `${name}.${String(property)}`;
          add(this.#calls, operation);
          const result: unknown = await Reflect.apply(member, target, parameters);
          this.#weigh(operation, parameters, result);
          return operation === 'objects.createUpload' ? this.#upload(result as OutputUpload) : result;
        };
      },
    });
  }

  #weigh(operation: string, parameters: unknown[], result: unknown): void {
    const [first, second] = parameters;
    if (operation === 'queue.send') {
      for (const { body } of second as OutgoingMessage[]) {
        const { kind, event } = JSON.parse(body) as { kind?: string; event?: string };
        weigh(this.#messages, kind ?? `notification ${event ?? ''}`, Buffer.byteLength(body));
      }
    }
    if (operation === 'queue.sendToDeadLetters')
      weigh(this.#messages, 'dead letter', Buffer.byteLength(String(second)));
    if (operation === 'objects.putIfAbsent') {
      if (result === 'written') weigh(this.#written, kindOf(first as URL), (second as Uint8Array).length);
    }
    if (operation === 'objects.get' || operation === 'objects.getRange') {
      weigh(this.#read, kindOf(first as URL), (result as Uint8Array | undefined)?.length ?? 0);
    }
  }

  #upload(upload: OutputUpload): OutputUpload {
    const kind = kindOf(upload.url);
    return {
      url: upload.url,
      putPart: async (number, bytes) => {
        add(this.#calls, 'upload.putPart');
        weigh(this.#written, kind, bytes.length);
        await upload.putPart(number, bytes);
      },
      complete: async () => {
        add(this.#calls, 'upload.complete');
        await upload.complete();
      },
      abort: async () => {
        add(this.#calls, 'upload.abort');
        await upload.abort();
      },
    };
  }

  #sources(sources: Sources): Sources {
    return {
      open: async (url, options): Promise<RangeReader> => {
        add(this.#calls, 'sources.open');
        const reader = await sources.open(url, options);
        return {
          url: reader.url,
          size: reader.size,
          etag: reader.etag,
          read: async (offset, length, signal) => {
            add(this.#calls, SOURCE_READ);
            return reader.read(offset, length, signal);
          },
        };
      },
    };
  }
}

function kindOf(url: URL): string {
  const known = OBJECT_KINDS.find(([end]) => url.pathname.endsWith(end));
  if (known !== undefined) return known[1];
  if (url.pathname.includes('/chunks/')) return 'chunk';
  if (/^\/work\/.*\/files\//.test(url.pathname)) return 'work file';
  return url.pathname.startsWith('/dead-letters/') ? 'archived message' : 'output file';
}

function add(counted: Map<string, number>, name: string): void {
  counted.set(name, (counted.get(name) ?? 0) + 1);
}

function weigh(counted: Map<string, Amount>, name: string, bytes: number): void {
  const before = counted.get(name) ?? { times: 0, bytes: 0 };
  counted.set(name, { times: before.times + 1, bytes: before.bytes + bytes });
}
