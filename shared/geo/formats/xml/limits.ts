const KIB = 1024;
const MIB = 1024 * KIB;

/** Bytes of one record: a Placemark, a track, a feature. */
export const MAX_RECORD_BYTES = 64 * MIB;

/** Bytes of one tag, with its attributes. */
export const MAX_TAG_BYTES = MIB;

/** Bytes of one value: the text of an element. Descriptions hold pictures as data URLs. */
export const MAX_TEXT_BYTES = 16 * MIB;

/** Bytes of an element outside of records that is kept, such as a Schema or the name of a folder. */
export const MAX_CAPTURED_BYTES = MIB;

/** Bytes of the name of an element or attribute, with its prefix. */
export const MAX_NAME_BYTES = KIB;

/** Bytes of the value of one attribute. */
export const MAX_ATTRIBUTE_BYTES = 64 * KIB;

/** Attributes of one element. */
export const MAX_ATTRIBUTES = 256;

/** Elements that are open at once, within a record or around records. */
export const MAX_DEPTH = 256;

/** Values of one record, those of repeated fields counted each. */
export const MAX_VALUES = 100_000;

/** Fields of one layer. */
export const MAX_FIELDS = 4096;

/** Feature types of one file. */
export const MAX_LAYERS = 256;

/** Members of one geometry collection of several types; of one type there may be any number. */
export const MAX_COLLECTION_MEMBERS = 10_000;

/** Characters, as JSON, of what the blocks of a file must know of the elements around them. */
export const MAX_CONTEXT_CHARACTERS = 16 * MIB;
