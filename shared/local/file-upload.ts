import { constants } from 'node:fs';
import { open, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OutputUpload } from '../jobs/process.ts';
import { checkPart, orderParts } from '../adapters/check-upload.ts';
import { publishFile, writeDurably } from './file-system.ts';

export interface FileUploadProps {
  url: URL;
  /** Where the file will be. */
  path: string;
  /** Temporary folder of the parts, on the same disk. */
  folder: string;
  /** Gives what the file system throws its type. */
  attempt: <Result>(operation: string, action: () => Promise<Result>) => Promise<Result>;
}

/** Where the bytes of a part lie. */
interface StoredPart {
  path: string;
  offset: number;
  bytes: number;
}

/** Bytes of parts that are copied at once. */
const COPIED_BYTES = 4 * 1024 * 1024;

/**
 * Parts of one size, as most files have them, are written to where they belong in the file, each to its slot. Where all but
 * the last one fill their slots, the file is whole when all are there; otherwise the parts are copied in their order.
 */
export class FileUpload implements OutputUpload {
  readonly #props: FileUploadProps;
  readonly #parts = new Map<number, StoredPart>();
  /** Of the part that came first. */
  #slotBytes = 0;

  constructor(props: FileUploadProps) {
    this.#props = props;
  }

  get url(): URL {
    return this.#props.url;
  }

  async putPart(partNumber: number, bytes: Uint8Array): Promise<void> {
    checkPart(partNumber, bytes);
    if (this.#slotBytes === 0) this.#slotBytes = bytes.byteLength;
    const part = this.#placeOf(partNumber, bytes.byteLength);
    await this.#props.attempt('a part', () =>
      part.path === this.#slots ? writeAt(part, bytes) : writeFile(part.path, bytes),
    );
    this.#parts.set(partNumber, part);
  }

  async complete(): Promise<void> {
    const order = orderParts(new Map([...this.#parts].map(([number, { bytes }]) => [number, bytes])));
    const parts = order.map((number) => this.#parts.get(number)!);
    await this.#props.attempt('the completion', async () => {
      await publishFile(await this.#whole(parts), this.#props.path);
      await this.#discard();
    });
  }

  async abort(): Promise<void> {
    await this.#props.attempt('the removal of parts', () => this.#discard());
  }

  /** @returns path of a file that the disk has from its beginning to its end */
  async #whole(parts: readonly StoredPart[]): Promise<string> {
    if (!this.#fillSlots(parts)) {
      const whole = join(this.#props.folder, 'whole');
      await rm(whole, { force: true });
      await writeDurably(whole, readParts(parts));
      return whole;
    }
    const { offset, bytes } = parts.at(-1)!;
    await using file = await open(this.#slots, 'r+');
    // Behind its end lies what another part of the same number had more, or a part that a shorter one took the place of.
    await file.truncate(offset + bytes);
    await file.sync();
    return this.#slots;
  }

  #fillSlots(parts: readonly StoredPart[]): boolean {
    return parts.every(
      ({ path, offset, bytes }, index) =>
        path === this.#slots &&
        offset === index * this.#slotBytes &&
        (bytes === this.#slotBytes || index === parts.length - 1),
    );
  }

  #placeOf(partNumber: number, bytes: number): StoredPart {
    if (bytes > this.#slotBytes) return { path: join(this.#props.folder, String(partNumber)), offset: 0, bytes };
    return { path: this.#slots, offset: (partNumber - 1) * this.#slotBytes, bytes };
  }

  get #slots(): string {
    return join(this.#props.folder, 'slots');
  }

  async #discard(): Promise<void> {
    await rm(this.#props.folder, { recursive: true, force: true });
  }
}

/** Writes to a place of a file, which comes to be with its first part. */
async function writeAt({ path, offset }: StoredPart, bytes: Uint8Array): Promise<void> {
  await using file = await open(path, constants.O_WRONLY | constants.O_CREAT);
  for (let done = 0; done < bytes.byteLength;) {
    const { bytesWritten } = await file.write(bytes, done, bytes.byteLength - done, offset + done);
    done += bytesWritten;
  }
}

/** Gives one buffer again and again, filled with what comes next. */
async function* readParts(parts: readonly StoredPart[]): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.allocUnsafeSlow(COPIED_BYTES);
  for (const { path, offset, bytes } of parts) {
    await using file = await open(path, 'r');
    for (let done = 0; done < bytes;) {
      const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, bytes - done), offset + done);
      if (bytesRead === 0) throw new Error(`${path} ends at byte ${offset + done}`);
      yield buffer.subarray(0, bytesRead);
      done += bytesRead;
    }
  }
}
