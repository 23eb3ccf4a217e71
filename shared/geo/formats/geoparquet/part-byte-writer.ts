import { ByteWriter } from 'hyparquet-writer';
import type { PositionUploader } from '../../upload/position-uploader.ts';

/** Hands what a Parquet writer has written on to an upload after each row group. */
export class PartByteWriter extends ByteWriter {
  readonly #uploader: PositionUploader;

  constructor(uploader: PositionUploader) {
    super();
    this.#uploader = uploader;
  }

  async flush(): Promise<void> {
    await this.#uploader.write(this.offset - this.index, this.getBytes());
    this.index = 0;
  }
}
