const KIB = 1024;
const MIB = 1024 * KIB;

/** Bytes from the beginning of a file that an estimate looks at, where the format can be read from there. */
export const FRONT_BYTES = MIB;

/** Bytes that an estimate unpacks of all members of an archive together; of those behind them it knows the size. */
export const MAX_UNPACKED_BYTES = 16 * MIB;

/** Bytes that an estimate asks of its source, and how often. */
export const MAX_READ_BYTES = 48 * MIB;
export const MAX_READS = 600;

/** Features of a layer that are looked at, those that are rejected among them, and bytes that they take. */
export const MAX_LOOKED_FEATURES = 1_000;
export const MAX_LOOKED_BYTES = 4 * MIB;

/** Features of a layer that are shown. */
export const PREVIEW_FEATURES = 10;

/** Rejected features of a layer that are named. */
export const SHOWN_REJECTS = 10;

/** Bytes of JSON that the previews of all layers take together; those of fields, notes and rejects each. */
export const MAX_PREVIEW_BYTES = MIB;
export const MAX_LIST_BYTES = 512 * KIB;
