/*
 * A feature in a block: a record whose length is a multiple of 8 bytes, so that its coordinates can be read in place.
 *
 *   bytes 0–7    Hilbert key of the centre of its extent, as float64
 *   bytes 8–15   its number in the source, as float64
 *   bytes 16–19  bytes of the record
 *   bytes 20–23  bytes of the geometry, a multiple of 8; 0 for none
 *   bytes 24–27  bytes of the properties
 *   bytes 28–31  flags: HAS_EXTENT
 *   then         with HAS_EXTENT west, south, east and north as float64; a point has none beside its coordinates
 *   then         the geometry, then the properties, then zeros
 */

export const RECORD_HEAD_BYTES = 32;
export const EXTENT_BYTES = 32;
export const HAS_EXTENT = 1;
