import { LonghaulError } from '../../errors/longhaul-error.ts';
import type { Crs } from './crs.ts';
import { EPSG_DATUMS, EPSG_TABLE } from './epsg-table.ts';

/** Best accuracy of a shift that is worth a note, in metres. */
const NOTEWORTHY_METRES = 1;

const known = new Map<number, Crs>();

/**
 * A CRS of the EPSG register by its code.
 * @throws LonghaulError `raster-crs-unknown` (final) for a code that is not in the table: see
 *   `scripts/generate-epsg-table.ts` for what is
 */
export function crsFromEpsg(code: number): Crs {
  let crs = known.get(code);
  if (crs === undefined) {
    crs = lookUp(code);
    known.set(code, crs);
  }
  return crs;
}

/** One line of the table: code, end of the name, PROJ words without their plus signs, number of the datum. */
function lookUp(code: number): Crs {
  const start = Number.isSafeInteger(code) ? EPSG_TABLE.indexOf(`\n${code}\t`) : -1;
  if (start < 0) {
    throw new LonghaulError({
      code: 'raster-crs-unknown',
      retryable: false,
      detail: `EPSG:${code} is not a two-dimensional CRS that can be reprojected.`,
      remedy: 'Reproject the file to another CRS of the EPSG register, for instance with `gdalwarp -t_srs EPSG:3857`.',
    });
  }
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
  if (metres === '') return 'No shift from this datum to WGS 84 is known: positions may be off by hundreds of metres.';
  if (Number(metres) <= NOTEWORTHY_METRES) return undefined;
  return `Positions on WGS 84 are within about ${metres} m: the datum is shifted by parameters, not by a grid.`;
}
