import { createReadStream } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
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

/** Parts as files, joined in their order when the upload is completed. Memory: one read buffer. */
export class FileUpload implements OutputUpload {
  readonly #props: FileUploadProps;
  readonly #sizes = new Map<number, number>();

  constructor(props: FileUploadProps) {
    this.#props = props;
  }

  get url(): URL {
    return this.#props.url;
  }

  async putPart(partNumber: number, bytes: Uint8Array): Promise<void> {
    checkPart(partNumber, bytes);
    await this.#props.attempt('a part', () => writeFile(this.#partPath(partNumber), bytes));
    this.#sizes.set(partNumber, bytes.byteLength);
  }

  async complete(): Promise<void> {
    const order = orderParts(this.#sizes);
    await this.#props.attempt('the completion', async () => {
      const whole = join(this.#props.folder, 'whole');
      await rm(whole, { force: true });
      await writeDurably(whole, this.#join(order));
      await publishFile(whole, this.#props.path);
      await this.#discard();
    });
  }

  async abort(): Promise<void> {
    await this.#props.attempt('the removal of parts', () => this.#discard());
  }

  async *#join(order: readonly number[]): AsyncGenerator<Uint8Array> {
    for (const partNumber of order) {
      yield* createReadStream(this.#partPath(partNumber)) as AsyncIterable<Uint8Array>;
    }
  }

  #partPath(partNumber: number): string {
    return join(this.#props.folder, String(partNumber));
  }

  async #discard(): Promise<void> {
    await rm(this.#props.folder, { recursive: true, force: true });
  }
}
