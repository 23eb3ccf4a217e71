/** Deepest nesting of a value of a feature; what reads it later may recurse. */
export const MAX_JSON_DEPTH = 256;

/** Deepest nesting of geometry collections, which RFC 7946 (3.1.8) says should not be nested at all. */
export const MAX_COLLECTION_DEPTH = 32;

/** Longest `crs`, `name` or `type` of a file, in bytes. */
export const MAX_MEMBER_BYTES = 64 * 1024;
