/** Longest pointer that is given to a caller, in characters. */
const MAX_POINTER_CHARACTERS = 256;

/** A JSON pointer (RFC 6901) of a path, behind a pointer that it continues. */
export function jsonPointer(path: readonly PropertyKey[], base = ''): string {
  const pointer = path.reduce<string>((text, step) => `${text}/${escapeStep(String(step))}`, base);
  return pointer.slice(0, MAX_POINTER_CHARACTERS);
}

const escapeStep = (step: string): string => step.replaceAll('~', '~0').replaceAll('/', '~1');
