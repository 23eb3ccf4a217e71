import { geometryExtended, geometryInvalid } from './errors.ts';

const FIXED_BYTES = 8;

/** Bytes of the envelope by its code; 5 to 7 have no meaning. */
const ENVELOPE_BYTES = [0, 32, 48, 48, 64];

/** Header of a geometry (OGC 12-128r19, 2.1.3). */
export interface GeometryHeader {
  srsId: number;
  /** Where the WKB begins. */
  wkb: number;
}

/**
 * @param header is filled, so that none is made for each geometry
 * @throws FeatureError `geopackage-geometry-invalid`, `geopackage-geometry-extended`
 */
export function readGeometryHeader(
  { bytes, view }: { bytes: Uint8Array; view: DataView },
  start: number,
  end: number,
  header: GeometryHeader,
): void {
  if (end - start < FIXED_BYTES) throw geometryInvalid(`it has ${end - start} bytes`);
  if (bytes[start] !== 0x47 || bytes[start + 1] !== 0x50) throw geometryInvalid('it does not begin with GP');
  if (bytes[start + 2] !== 0) throw geometryInvalid(`its version is ${bytes[start + 2]}`);
  const flags = bytes[start + 3]!;
  if ((flags & 0x20) !== 0) throw geometryExtended();
  const envelope = ENVELOPE_BYTES[(flags >> 1) & 7];
  if (envelope === undefined) throw geometryInvalid(`its envelope is of kind ${(flags >> 1) & 7}`);
  header.srsId = view.getInt32(start + 4, (flags & 1) === 1);
  header.wkb = start + FIXED_BYTES + envelope;
  if (header.wkb > end) throw geometryInvalid('its envelope is cut off');
}
