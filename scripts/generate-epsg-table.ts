import { readFileSync, writeFileSync } from 'node:fs';
import proj4 from 'proj4';

/**
 * Writes shared/geo/projections/epsg-table.ts from the candidates of generate-epsg-table.py (which says how to run
 * both): those that proj4 computes as PROJ does, at up to 25 positions over the area of use, there and back. And
 * shared/geo/projections/axis-order-table.ts, of all CRSs.
 */

interface Candidate {
  code: number;
  name: string;
  geographic: boolean;
  text: string;
  /** Metres; 0 on WGS 84 itself; null when no shift is known; −1 when its accuracy is not. */
  accuracy: number | null;
  /** Semi-major axis in metres, and inverse flattening. */
  a: number;
  rf: number;
  axes: string[];
  /** Longitude, latitude, x, y. */
  samples: [number, number, number, number][];
}

/** Largest difference to PROJ, in units of the CRS (metres or feet). */
const TOLERANCE = 0.01;
/** The same in degrees, on the way back. */
const TOLERANCE_DEGREES = 2e-7;
/** Words of a PROJ string that belong to the datum rather than to the projection. */
const DATUM_WORDS = /^\+(datum|ellps|towgs84|a|b|rf|R|nadgrids|wktext)(=|$)/;
/** Words that say what proj4 assumes without them. */
const DEFAULTS: ReadonlySet<string> = new Set(['+units=m', '+wktext']);
/** The same for most projections: left out where the positions stay what they are. */
const ZEROS: ReadonlySet<string> = new Set(['+lat_0=0', '+lon_0=0', '+x_0=0', '+y_0=0', '+k=1', '+k_0=1']);
const TARGET = new URL('../shared/geo/projections/epsg-table.ts', import.meta.url);
const AXIS_ORDER_TARGET = new URL('../shared/geo/projections/axis-order-table.ts', import.meta.url);

const [, , file] = process.argv;
if (file === undefined) throw new Error('name the file of candidates');
const [first = '', ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n');
const versions = JSON.parse(first) as {
  pyproj: string;
  proj: string;
  epsg: string;
  /** Codes, in ascending order. */
  northingFirst: number[];
  heights: number[];
};
const candidates = lines.map((line) => JSON.parse(line) as Candidate);

const datums: string[] = [];
const rows: string[] = [];
const refused = new Map<string, number[]>();
for (const candidate of candidates) {
  const all = namedEllipsoid(candidate).filter((word) => !DEFAULTS.has(word));
  const short = all.filter((word) => !ZEROS.has(word));
  const words = check(candidate, short) === undefined ? short : all;
  const problem = check(candidate, words);
  if (problem === undefined) rows.push(rowOf(candidate, words));
  else refused.set(problem, [...(refused.get(problem) ?? []), candidate.code]);
}

/** proj4 takes WGS 84 for an ellipsoid whose name it does not know: such a one is given by its numbers. */
function namedEllipsoid({ text, a, rf }: Candidate): string[] {
  const words = text.split(' ');
  const name = words.findIndex((word) => word.startsWith('+ellps='));
  if (name < 0) return words;
  const known = proj4.Proj(`+proj=longlat ${words[name]} +no_defs`) as unknown as { a: number; b: number };
  const same = Math.abs(known.a - a) < 0.001 && Math.abs(known.b - a * (1 - 1 / rf)) < 0.001;
  return same ? words : words.toSpliced(name, 1, `+a=${a}`, `+rf=${rf}`);
}

/** Code, name after that of the datum, projection, number of the datum. */
function rowOf({ code, name, accuracy }: Candidate, words: string[]): string {
  const plain = (kept: string[]): string => kept.map((word) => word.slice(1)).join(' ');
  const [, prefix = '', rest = name] = /^(.* \/ )(.*)$/.exec(name) ?? [];
  const metres = accuracy === null || accuracy < 0 ? '' : `${Math.ceil(accuracy)}`;
  const datum = `${metres}\t${plain(words.filter((word) => DATUM_WORDS.test(word)))}\t${prefix}`;
  if (!datums.includes(datum)) datums.push(datum);
  const projection = plain(words.filter((word) => !DATUM_WORDS.test(word))).replace('proj=', '');
  return `${code}\t${rest}\t${projection}\t${datums.indexOf(datum)}`;
}

function check({ geographic, axes, samples }: Candidate, words: string[]): string | undefined {
  if (words.some((word) => word.startsWith('+axis='))) return 'axes that do not point east and north';
  if (geographic) return axes[0] === 'degree' ? undefined : `coordinates in ${axes[0]}`;
  if (samples.length === 0) return 'no position that PROJ computes';
  // The projection alone is compared, on one datum: without the shift, which is the same on both sides.
  const unshifted = words.filter((word) => !/^\+(towgs84|nadgrids)=/.test(word));
  const base = ['+proj=longlat', ...unshifted.filter((word) => DATUM_WORDS.test(word))];
  try {
    const converter = proj4([...base, '+no_defs'].join(' '), [...unshifted, '+no_defs'].join(' '));
    for (const [longitude, latitude, x, y] of samples) {
      const forward = converter.forward([longitude, latitude]);
      if (!(Math.hypot(forward[0]! - x, forward[1]! - y) <= TOLERANCE)) return `${words[0]}: differs from PROJ`;
      const back = converter.inverse([x, y]);
      const around = Math.abs(((back[0]! - longitude + 540) % 360) - 180);
      if (
        !(Math.max(around * Math.cos((latitude * Math.PI) / 180), Math.abs(back[1]! - latitude)) <= TOLERANCE_DEGREES)
      ) {
        return `${words[0]}: differs from PROJ on the way back`;
      }
    }
    return undefined;
  } catch (error) {
    return `${words[0]}: ${(error instanceof Error ? error.message : String(error)).replace(/ from: .*/, '')}`;
  }
}

for (const [problem, codes] of refused) console.log(`${codes.length} refused, ${problem}: ${codes.join(' ')}`);
console.log(`${rows.length} of ${candidates.length} kept, ${datums.length} datums`);

writeFileSync(
  TARGET,
  `/**
 * The EPSG register's two-dimensional CRSs that proj4 computes, as tab-separated lines.
 *
 * Generated by scripts/generate-epsg-table.py and .ts; not to be edited. Derived from the EPSG Geodetic Parameter
 * Dataset ${versions.epsg} of IOGP (https://epsg.org, terms of use: https://epsg.org/terms-of-use.html) as PROJ
 * ${versions.proj} carries it (proj.db, MIT licence), through pyproj ${versions.pyproj}. The data were changed: datum shifts are
 * reduced to one set of Helmert parameters for each CRS, and CRSs that proj4 does not compute are left out.
 */

/** Line n is datum n: accuracy of its shift to WGS 84 in metres (empty: no shift known), PROJ words, start of names. */
export const EPSG_DATUMS = \`${datums.join('\n')}\`;

/** Code, end of the name, PROJ words of the projection, number of the datum. */
export const EPSG_TABLE = \`
${rows.join('\n').replaceAll('`', "'")}
\`;
`,
);

/** Runs of codes as `first-last`, in lines of at most 116 characters. */
function runsOf(codes: readonly number[]): string {
  const runs: [first: number, last: number][] = [];
  for (const code of codes) {
    const run = runs.at(-1);
    if (run?.[1] === code - 1) run[1] = code;
    else runs.push([code, code]);
  }
  const words = runs.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`));
  const lines = [''];
  for (const word of words) {
    const line = lines.at(-1)!;
    if (line.length + word.length > 115) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.join('\n');
}

writeFileSync(
  AXIS_ORDER_TARGET,
  `/**
 * Order and number of axes of the EPSG register's geographic, projected and compound CRSs.
 *
 * Generated by scripts/generate-epsg-table.py and .ts; not to be edited. Derived from the EPSG Geodetic Parameter
 * Dataset ${versions.epsg} of IOGP (https://epsg.org, terms of use: https://epsg.org/terms-of-use.html) as PROJ
 * ${versions.proj} carries it (proj.db, MIT licence), through pyproj ${versions.pyproj}.
 */

/** Codes and runs of codes of the CRSs whose first axis is the latitude or northing. */
export const NORTHING_FIRST = \`
${runsOf(versions.northingFirst)}
\`;

/** Codes and runs of codes of the CRSs that have a third axis, the height. */
export const WITH_HEIGHT = \`
${runsOf(versions.heights)}
\`;
`,
);
