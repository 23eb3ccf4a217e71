const KIB = 1024;
const MIB = 1024 * KIB;

/** The footer with the metadata of every column chunk: some 300,000 of them. */
export const MAX_FOOTER_BYTES = 64 * MIB;

/** Numbers, texts, lists and structures of a footer, each of which becomes a value of JavaScript. */
export const MAX_FOOTER_VALUES = 4 * 1024 * KIB;

/** Header of a page: its statistics may hold long texts. */
export const MAX_PAGE_HEADER_BYTES = MIB;
export const MAX_PAGE_HEADER_VALUES = 1_000;

/** A page before and after it is decompressed. */
export const MAX_PAGE_BYTES = 128 * MIB;

/** Values of a page, nulls among them: writers end a page at 20,000 rows or a mebibyte. */
export const MAX_PAGE_VALUES = 4 * 1024 * KIB;

/** Leaves of the schema, and structures within structures. */
export const MAX_COLUMNS = 10_000;
export const MAX_SCHEMA_DEPTH = 16;

/** Rows that one byte of a file may stand for, and rows that any file may have: nulls take next to nothing. */
export const MAX_ROWS_PER_BYTE = 100;
export const MIN_ROW_LIMIT = 1_000_000;

/** What is read ahead of all columns together. */
export const WINDOW_BYTES = 64 * MIB;
