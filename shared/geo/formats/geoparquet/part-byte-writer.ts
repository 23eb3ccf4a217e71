import { ByteWriter } from 'hyparquet-writer';
import type { PartUploader } from '../../upload/part-uploader.ts';

/** Hands what a Parquet writer has written on to an upload after each row group. */
export class PartByteWriter extends ByteWriter {
  readonly #uploader: PartUploader;

  constructor(uploader: PartUploader) {
    super();
    this.#uploader = uploader;
  }

  async flush(): Promise<void> {
    await this.#uploader.append(this.getBytes());
    this.index = 0;
  }
}
