const KIB = 1024;
const MIB = 1024 * KIB;

/** Bytes of one range read. */
export const READ_BYTES = 2 * MIB;

/** Bytes of the first read behind the end of a block, where the rest of its last record is; each next one is twice as long. */
export const FIRST_READ_BEHIND = 64 * KIB;

/** Longest record: a feature, a line or a row. It is in memory as a whole. */
export const MAX_RECORD_BYTES = 64 * MIB;

/** Most of a rejected record that is kept with it. */
export const MAX_REJECTED_BYTES = 64 * KIB;

/** Most names of properties, or columns, of a layer: more than any target takes. */
export const MAX_FIELDS = 4096;

/** Longest name of a property or column, in bytes of UTF-8. */
export const MAX_NAME_BYTES = 4 * KIB;

/** Deepest nesting of geometry collections, which RFC 7946 (3.1.8) says should not be nested at all. */
export const MAX_COLLECTION_DEPTH = 32;

/** Most members of the geometry collections of one feature: each is an object of some hundred bytes. */
export const MAX_COLLECTION_MEMBERS = 64 * KIB;

/** Most vertices of one feature: 64 MiB of x and y. */
export const MAX_VERTICES = 4 * KIB * KIB;
