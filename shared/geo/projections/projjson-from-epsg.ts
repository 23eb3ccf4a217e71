import { findCrs } from './crs-from-epsg.ts';
import {
  PROJJSON_AXES,
  PROJJSON_BASES,
  PROJJSON_CONVERSIONS,
  PROJJSON_CRSS,
  PROJJSON_DATUMS,
  PROJJSON_METHODS,
  PROJJSON_SCHEMA,
  PROJJSON_UNITS,
} from './projjson-table.ts';

/** A CRS as JSON (https://proj.org/specifications/projjson.html). */
export type Projjson = Record<string, unknown>;

interface Method {
  method: object;
  /** Name and id of each. */
  parameters: object[];
}

const linesOf = (table: string): string[] => table.trim().split('\n');
const DATUMS = linesOf(PROJJSON_DATUMS);
const AXES = linesOf(PROJJSON_AXES);
const BASES = linesOf(PROJJSON_BASES);
const UNITS = linesOf(PROJJSON_UNITS);
const METHODS = linesOf(PROJJSON_METHODS);
const CONVERSIONS = linesOf(PROJJSON_CONVERSIONS);

/**
 * A CRS of the EPSG register in PROJJSON 0.7, as PROJ writes it, without scope and area of use. Its axes are in the order
 * of the register.
 * @returns undefined for a code that is not in the table of CRSs
 */
export function projjsonFromEpsg(code: number): Projjson | undefined {
  const crs = findCrs(code);
  const start = PROJJSON_CRSS.indexOf(`\n${code}\t`);
  if (crs === undefined || start < 0) return undefined;
  const [, base, conversion, axes] = PROJJSON_CRSS.slice(start + 1, PROJJSON_CRSS.indexOf('\n', start + 1)).split('\t');
  const head = { $schema: PROJJSON_SCHEMA };
  if (conversion === undefined) return { ...head, type: 'GeographicCRS', ...geographic(Number(base)) };
  return {
    ...head,
    type: 'ProjectedCRS',
    name: crs.name,
    base_crs: geographic(Number(base)),
    conversion: conversionOf(Number(conversion)),
    coordinate_system: parsed(AXES[Number(axes)]),
    id: epsgId(code),
  };
}

function geographic(number: number): object {
  const [code, name, datum, axes] = BASES[number]!.split('\t');
  return {
    name,
    ...parsed(DATUMS[Number(datum)]),
    coordinate_system: parsed(AXES[Number(axes)]),
    id: epsgId(Number(code)),
  };
}

function conversionOf(number: number): object {
  const [name, methodNumber, ...values] = CONVERSIONS[number]!.split('\t');
  const { method, parameters } = parsed(METHODS[Number(methodNumber)]) as Method;
  return {
    name,
    method,
    parameters: parameters.map((parameter, index) => {
      const [value, unit] = values[index]!.split(' ');
      return { ...parameter, value: Number(value), unit: parsed(UNITS[Number(unit)]) };
    }),
  };
}

const epsgId = (code: number) => ({ authority: 'EPSG', code });

const parsed = (line: string | undefined): object => JSON.parse(line!) as object;
