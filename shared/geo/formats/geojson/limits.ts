/** Deepest nesting of a value of a feature; what reads it later may recurse. */
export const MAX_JSON_DEPTH = 256;

/** Longest `crs`, `name` or `type` of a file, in bytes. */
export const MAX_MEMBER_BYTES = 64 * 1024;
