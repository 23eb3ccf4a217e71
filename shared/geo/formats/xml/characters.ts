/** Bytes that XML gives a meaning. */
export const TAB = 0x09;
export const LINE_FEED = 0x0a;
export const RETURN = 0x0d;
export const SPACE = 0x20;
export const EXCLAMATION = 0x21;
export const QUOTE = 0x22;
export const HASH = 0x23;
export const AMPERSAND = 0x26;
export const APOSTROPHE = 0x27;
export const HYPHEN = 0x2d;
export const SLASH = 0x2f;
export const COLON = 0x3a;
export const SEMICOLON = 0x3b;
export const LESS = 0x3c;
export const EQUALS = 0x3d;
export const GREATER = 0x3e;
export const QUESTION = 0x3f;
export const BRACKET = 0x5d;
/** First byte of U+F000…U+FFFF in UTF-8, of which U+FFFE and U+FFFF are not characters of XML. */
const LAST_OF_THREE = 0xef;
const FIRST_NON_ASCII = 0x80;

/** By byte: 1 where text goes on with nothing to look at. */
export const PLAIN_TEXT = new Uint8Array(256).map((_, byte) => {
  if (byte === TAB || byte === LINE_FEED) return 1;
  return byte < SPACE || byte === AMPERSAND || byte === LESS || byte === BRACKET || byte === LAST_OF_THREE ? 0 : 1;
});

/** By byte: 1 where a quoted value goes on with nothing to look at. */
export const PLAIN_VALUE = new Uint8Array(256).map((_, byte) => {
  const isMeant = byte === QUOTE || byte === APOSTROPHE || byte === AMPERSAND || byte === LESS;
  return byte < SPACE || isMeant || byte === LAST_OF_THREE ? 0 : 1;
});

/** By byte: 1 where a name may go on, 3 where it may begin too. Non-ASCII bytes pass here, and are looked at apart. */
export const NAME = new Uint8Array(256).map((_, byte) => {
  if (byte >= FIRST_NON_ASCII || /[A-Za-z_:]/.test(String.fromCharCode(byte))) return 3;
  return /[-.0-9]/.test(String.fromCharCode(byte)) ? 1 : 0;
});
export const NAME_START = 2;

export function isSpace(byte: number | undefined): boolean {
  return byte === SPACE || byte === LINE_FEED || byte === TAB || byte === RETURN;
}

/** Whether the three bytes are U+FFFE or U+FFFF in UTF-8. */
export function isNonCharacter(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === LAST_OF_THREE && bytes[at + 1] === 0xbf && (bytes[at + 2] === 0xbe || bytes[at + 2] === 0xbf);
}

/** Productions 4 and 4a of XML 1.0 (fifth edition) without the colon, of which a name has one at most (Namespaces in XML). */
const START =
  '[A-Z_a-z\\u{C0}-\\u{D6}\\u{D8}-\\u{F6}\\u{F8}-\\u{2FF}\\u{370}-\\u{37D}\\u{37F}-\\u{1FFF}\\u{200C}-\\u{200D}' +
  '\\u{2070}-\\u{218F}\\u{2C00}-\\u{2FEF}\\u{3001}-\\u{D7FF}\\u{F900}-\\u{FDCF}\\u{FDF0}-\\u{FFFD}\\u{10000}-\\u{EFFFF}]';
const PART = `${START}(?:${START}|[-.0-9\\u{B7}]|[\\u{300}-\\u{36F}]|[\\u{203F}\\u{2040}])*`;
const QUALIFIED_NAME = new RegExp(`^${PART}(?::${PART})?$`, 'u');

export function isQualifiedName(name: string): boolean {
  return QUALIFIED_NAME.test(name);
}

/** Whether a character reference may name it: production 2 of XML 1.0. */
export function isCharacter(code: number): boolean {
  if (code < SPACE) return code === TAB || code === LINE_FEED || code === RETURN;
  return code <= 0xd7ff || (code >= 0xe000 && code <= 0xfffd) || (code >= 0x10000 && code <= 0x10ffff);
}
