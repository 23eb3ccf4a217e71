import { FeatureDefect } from '../text/feature-defect.ts';
import { AMPERSAND, HASH, isCharacter, SEMICOLON } from './characters.ts';
import { malformed } from './malformed.ts';

/** Characters between the ampersand and the semicolon of the longest reference, with some zeros before a number. */
const MAX_REFERENCE_BYTES = 16;

const PREDEFINED: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['apos', "'"],
  ['quot', '"'],
]);

/**
 * Checks every reference of a text: to one of the five predefined entities, or to a character by its number.
 * @throws FeatureDefect `xml-entity-unknown` for any other entity
 */
export function checkReferences(bytes: Uint8Array, start: number, end: number): void {
  for (let at = start; at < end; at++) {
    if (bytes[at] !== AMPERSAND) continue;
    let stop = at + 1;
    while (stop < end && stop - at <= MAX_REFERENCE_BYTES && bytes[stop] !== SEMICOLON) stop++;
    if (bytes[stop] !== SEMICOLON || stop >= end) throw malformed('an ampersand stands for itself or is not ended');
    const name = latin1(bytes, at + 1, stop);
    if (replacementOf(name) === undefined) {
      if (bytes[at + 1] === HASH) throw malformed(`&${name}; is not a character`);
      throw new FeatureDefect(
        'xml-entity-unknown',
        `The entity ${JSON.stringify(name)} is not one of the five of XML.`,
      );
    }
    at = stop;
  }
}

/** Replaces the references of a text that was checked, and makes each end of a line a line feed. */
export function resolveReferences(text: string): string {
  return text.replaceAll(/\r\n?|&([^;]*);/g, (_, name: string | undefined) =>
    name === undefined ? '\n' : (replacementOf(name) ?? ''),
  );
}

/** The value of an attribute: each white space in it is a space (3.3.3 of XML 1.0). */
export function resolveAttribute(text: string): string {
  if (!/[&\t\n\r]/.test(text)) return text;
  return text.replaceAll(/\r\n|[\t\n\r]|&([^;]*);/g, (_, name: string | undefined) =>
    name === undefined ? ' ' : (replacementOf(name) ?? ''),
  );
}

function replacementOf(name: string): string | undefined {
  const number = /^#(?:x([0-9a-fA-F]+)|([0-9]+))$/.exec(name);
  if (number === null) return PREDEFINED.get(name);
  const [, hexadecimal, decimal = ''] = number;
  const code = hexadecimal === undefined ? parseInt(decimal, 10) : parseInt(hexadecimal, 16);
  return isCharacter(code) ? String.fromCodePoint(code) : undefined;
}

function latin1(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
}
