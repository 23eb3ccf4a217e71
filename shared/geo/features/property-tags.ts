/**
 * How a property's value is stored. Integers, doubles and lengths are little-endian, as in FlatGeobuf, so that a value whose
 * column has its own type is copied. A lexical value is of a format without types: its tag says what it can be taken for.
 */
export const PROPERTY_TAGS = {
  /** Length in 4 bytes, then UTF-8; so are all below but those of fixed size. */
  text: 1,
  /** One byte, 0 or 1. */
  boolean: 2,
  int32: 3,
  int64: 4,
  /** 8 bytes. */
  double: 5,
  date: 6,
  dateTime: 7,
  json: 8,
  /** Length in 4 bytes, then the bytes. */
  binary: 9,
  lexicalText: 10,
  lexicalBoolean: 11,
  lexicalInteger: 12,
  lexicalDouble: 13,
  lexicalDate: 14,
  lexicalDateTime: 15,
} as const;
export type PropertyTag = (typeof PROPERTY_TAGS)[keyof typeof PROPERTY_TAGS];

/** Numbers of tags go from 1 to one less. */
export const TAG_NUMBERS = 16;

/** Field number in 2 bytes and tag in 1, before each value. */
export const PROPERTY_HEAD_BYTES = 3;

/** Bytes of a value by its tag; 0 where a length of 4 bytes stands before it, or there is no such tag. */
export const FIXED_VALUE_BYTES = new Uint8Array(256);
FIXED_VALUE_BYTES[PROPERTY_TAGS.boolean] = 1;
FIXED_VALUE_BYTES[PROPERTY_TAGS.int32] = 4;
FIXED_VALUE_BYTES[PROPERTY_TAGS.int64] = 8;
FIXED_VALUE_BYTES[PROPERTY_TAGS.double] = 8;
