const KIB = 1024;
const MIB = 1024 * KIB;

/** Fields of a dataset: FlatGeobuf numbers them with 16 bits, and readers slow down long before. */
export const MAX_FIELDS = 4096;

/** One feature in a block, geometry and properties: four million vertices. */
export const MAX_FEATURE_BYTES = 64 * MIB;

/** Collections within collections. */
export const MAX_COLLECTION_DEPTH = 16;

/** A block of features as it is stored. */
export const MAX_BLOCK_BYTES = 256 * MIB;

/** The summary of a block: field names, statistics and notes. */
export const MAX_SUMMARY_BYTES = 32 * MIB;

/** Blocks that are merged at once. */
export const MAX_BLOCKS = 4000;

/** What a merge holds of all its blocks together, beside the feature that is being written: 8 KiB of each, when all are read at once. */
export const MERGE_BUFFER_BYTES = 32 * MIB;

/** A rejected feature as it is told in the file of rejects. */
export const MAX_REJECT_BYTES = 64 * KIB;

/** Kinds of notes of one block; others are counted together. */
export const MAX_NOTE_CODES = 256;

/**
 * Features that replace others by their key in one job. A table holds 30 bytes of each, and two to four slots of four bytes:
 * 90 MiB at most.
 */
export const MAX_REPLACING_FEATURES = 2_000_000;
