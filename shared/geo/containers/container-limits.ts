const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

/** What an archive or a compressed file may hold; a caller gives lower ones where less is expected. */
export interface ContainerLimits {
  /** Entries of an archive, folders among them. */
  entries: number;
  /** Bytes of one entry, or of a gzip file, when it is decompressed. */
  bytes: number;
  /** Bytes of all entries of an archive when they are decompressed. */
  totalBytes: number;
  /** Bytes that one compressed byte may become; it holds for what has more than `RATIO_FLOOR_BYTES`. */
  ratio: number;
}

/** Real data stay below a ratio of 100, and tables of blanks below 400; deflate ends at 1,032. */
export const CONTAINER_LIMITS: ContainerLimits = {
  entries: 10_000,
  bytes: 64 * GIB,
  totalBytes: 256 * GIB,
  ratio: 500,
};

/** What is smaller when it is decompressed does no harm, whatever its ratio. */
export const RATIO_FLOOR_BYTES = 16 * MIB;

/** Bytes that are read from the source at once. */
export const PIECE_BYTES = MIB;
