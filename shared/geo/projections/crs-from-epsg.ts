import type { Crs } from './crs.ts';
import { EPSG_DATUMS, EPSG_TABLE } from './epsg-table.ts';
import { crsUnknown } from './errors.ts';

/** Best accuracy of a shift that is worth a note, in metres. */
const NOTEWORTHY_METRES = 1;

/** What is said of a datum that no shift to WGS 84 is known for. */
export const NO_SHIFT = 'No shift from this datum to WGS 84 is known: positions may be off by hundreds of metres.';

const known = new Map<number, Crs>();

/**
 * A CRS of the EPSG register by its code.
 * @throws LonghaulError `crs-unknown` (final) for a code that is not in the table: see
 *   `scripts/generate-epsg-table.ts` for what is
 */
export function crsFromEpsg(code: number): Crs {
  const crs = findCrs(code);
  if (crs === undefined) throw crsUnknown(notReprojected(code));
  return crs;
}

/** A CRS of the EPSG register by its code; undefined for one that is not in the table. */
export function findCrs(code: number): Crs | undefined {
  let crs = known.get(code);
  if (crs === undefined) {
    crs = lookUp(code);
    if (crs !== undefined) known.set(code, crs);
  }
  return crs;
}

/** What is said of a code that is not in the table. */
export const notReprojected = (code: number): string =>
  `EPSG:${code} is not a two-dimensional CRS that can be reprojected.`;

/** One line of the table: code, end of the name, PROJ words without their plus signs, number of the datum. */
function lookUp(code: number): Crs | undefined {
  const start = Number.isSafeInteger(code) ? EPSG_TABLE.indexOf(`\n${code}\t`) : -1;
  if (start < 0) return undefined;
  const line = EPSG_TABLE.slice(start + 1, EPSG_TABLE.indexOf('\n', start + 1));
  const [, name = '', projection = '', datumNumber = ''] = line.split('\t');
  const [accuracy = '', datum = '', prefix = ''] = datumLine(Number(datumNumber)).split('\t');
  const note = accuracyNote(accuracy);
  const words = `proj=${projection} ${datum} no_defs`.split(' ');
  return {
    epsg: code,
    name: prefix + name,
    proj4: words.map((word) => `+${word}`).join(' '),
    geographic: projection.startsWith('longlat'),
    ...(note === undefined ? {} : { accuracy: note }),
  };
}

/** Line of a datum: accuracy of its shift in metres, empty when there is none; its PROJ words; what names begin with. */
function datumLine(number: number): string {
  return EPSG_DATUMS.split('\n')[number] ?? '';
}

function accuracyNote(metres: string): string | undefined {
  if (metres === '') return NO_SHIFT;
  if (Number(metres) <= NOTEWORTHY_METRES) return undefined;
  return `Positions on WGS 84 are within about ${metres} m: the datum is shifted by parameters, not by a grid.`;
}
