import { headerCorrupt } from './errors.ts';
import type { SampleType } from './raster.ts';

const INTEGER_RANGES: Readonly<Partial<Record<SampleType, readonly [min: number, max: number]>>> = {
  uint8: [0, 2 ** 8 - 1],
  int8: [-(2 ** 7), 2 ** 7 - 1],
  uint16: [0, 2 ** 16 - 1],
  int16: [-(2 ** 15), 2 ** 15 - 1],
  uint32: [0, 2 ** 32 - 1],
  int32: [-(2 ** 31), 2 ** 31 - 1],
};

/**
 * The value of a GDAL_NODATA tag as a sample of this type holds it; undefined when none can.
 * @throws LonghaulError `raster-header-corrupt` (final) when the text is not a number
 */
export function parseNodata(text: string | undefined, type: SampleType): number | undefined {
  if (text === undefined || text === '') return undefined;
  const value = parseNumber(text);
  const range = INTEGER_RANGES[type];
  if (range === undefined) return type === 'float32' ? Math.fround(value) : value;
  return Number.isInteger(value) && value >= range[0] && value <= range[1] ? value : undefined;
}

function parseNumber(text: string): number {
  const word = text.toLowerCase();
  if (word === 'nan' || word === '-nan') return NaN;
  if (/^[+-]?inf(inity)?$/.test(word)) return word.startsWith('-') ? -Infinity : Infinity;
  const value = Number(text);
  if (Number.isNaN(value)) throw headerCorrupt(`GDAL_NODATA is "${text.slice(0, 40)}", which is not a number`);
  return value;
}
