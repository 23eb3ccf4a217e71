import type { TiffImage, TiffTag } from '@cogeotiff/core';
import { headerCorrupt } from './errors.ts';

/** Values of one tag as numbers; undefined when the directory has no such tag. */
export async function tagNumbers(image: TiffImage, tag: TiffTag, signal?: AbortSignal): Promise<number[] | undefined> {
  const value: unknown = await image.fetch(tag, signal === undefined ? {} : { signal });
  if (value === null || value === undefined) return undefined;
  const values: unknown[] = Array.isArray(value) || value instanceof Uint8Array ? [...(value as unknown[])] : [value];
  if (values.every((item) => typeof item === 'number')) return values;
  throw headerCorrupt(`tag ${tag} does not hold numbers`);
}

/** The first value of a tag. */
export async function tagNumber(image: TiffImage, tag: TiffTag, signal?: AbortSignal): Promise<number | undefined> {
  return (await tagNumbers(image, tag, signal))?.[0];
}

/** The text of an ASCII tag without its closing NUL and the spaces around it. */
export async function tagText(image: TiffImage, tag: TiffTag, signal?: AbortSignal): Promise<string | undefined> {
  const value: unknown = await image.fetch(tag, signal === undefined ? {} : { signal });
  if (value === null || value === undefined) return undefined;
  if (typeof value !== 'string') throw headerCorrupt(`tag ${tag} does not hold text`);
  return value.replace(/\0.*$/s, '').trim();
}
