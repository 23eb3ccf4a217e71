import { LonghaulError } from '../errors/longhaul-error.ts';

/** Deepest nesting of arrays and objects in a JSON text: recursive code is safe below it. */
export const MAX_JSON_DEPTH = 64;

/** Keys that reach an object's prototype when an object is copied key by key. */
const PROTOTYPE_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * Parses JSON that a stranger wrote. The text is scanned without recursion first, because `JSON.parse` and whoever
 * walks its result would overflow the stack on a deep one.
 * @param field JSON pointer that errors name
 * @throws LonghaulError (final) `json-invalid`, `json-too-deep`, `json-duplicate-key` (two readers may take different
 *   ones of the two values), `json-key-refused`
 */
export function parseJson(text: string, field = ''): unknown {
  scan(text, field);
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw refuse('json-invalid', 'The text is not JSON.', field, 'Send JSON (RFC 8259) in UTF-8.', { cause });
  }
}

/** Walks the text once: bounds the depth and looks at every key. What is no JSON at all is left to the parser. */
function scan(text: string, field: string): void {
  // One entry for each open array (undefined) or object (the keys seen in it).
  const open: (Set<string> | undefined)[] = [];
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) {
      const end = endOfString(text, index);
      const keys = open.at(-1);
      if (keys !== undefined && isKey(text, end)) addKey(keys, text.slice(index, end), field);
      index = end - 1;
    } else if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
      open.push(code === OPEN_OBJECT ? new Set() : undefined);
      if (open.length > MAX_JSON_DEPTH) throw tooDeep(field);
    } else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) {
      open.pop();
    }
  }
}

/** Index behind the closing quote of the string that starts at `start`, or the length of the text. */
function endOfString(text: string, start: number): number {
  for (let index = start + 1; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === BACKSLASH) index++;
    else if (code === QUOTE) return index + 1;
  }
  return text.length;
}

/** True when a colon follows: the string is a key. */
function isKey(text: string, end: number): boolean {
  let index = end;
  while (index < text.length && ' \t\r\n'.includes(text.charAt(index))) index++;
  return text.charCodeAt(index) === COLON;
}

function addKey(keys: Set<string>, literal: string, field: string): void {
  let key: string;
  try {
    key = JSON.parse(literal) as string;
  } catch (cause) {
    throw refuse('json-invalid', 'A key of the text is not a JSON string.', field, 'Send JSON (RFC 8259) in UTF-8.', {
      cause,
    });
  }
  const shown = JSON.stringify(key.slice(0, 40));
  if (PROTOTYPE_KEYS.has(key)) {
    throw refuse('json-key-refused', `The key ${shown} is not taken.`, field, 'Leave the key out.');
  }
  if (keys.has(key)) {
    throw refuse('json-duplicate-key', `The key ${shown} stands twice in one object.`, field, 'Send each key once.');
  }
  keys.add(key);
}

const tooDeep = (field: string): LonghaulError =>
  refuse(
    'json-too-deep',
    `The JSON is nested deeper than ${MAX_JSON_DEPTH} levels.`,
    field,
    'Send a flatter document.',
    {
      limit: MAX_JSON_DEPTH,
    },
  );

function refuse(
  code: string,
  detail: string,
  field: string,
  remedy: string,
  more: { cause?: unknown; limit?: number } = {},
): LonghaulError {
  return new LonghaulError({ code, retryable: false, detail, field, remedy, ...more });
}
