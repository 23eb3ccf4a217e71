import fc from 'fast-check';

/** JSON as it is to be written: members in their order, some names twice; numbers as their text. */
export type JsonNode = string | { number: string } | boolean | null | JsonNode[] | { members: [string, JsonNode][] };

/** Draws how something is written, out of so many ways. */
type Draw = (ways: number) => number;

/** Texts of a value with any white space and escapes. */
export function textsOf(node: JsonNode): fc.Arbitrary<string> {
  return fc.array(fc.nat(1_000_000), { minLength: 1, maxLength: 50 }).map((choices) => {
    let drawn = 0;
    return write(node, (ways) => choices[drawn++ % choices.length]! % ways);
  });
}

export const number = (value: number): JsonNode => ({ number: Object.is(value, -0) ? '-0' : String(value) });

const SPACES = ['', '', '', '', ' ', '\n', '\t', '\r\n', '  \n '];

function write(node: JsonNode, draw: Draw): string {
  const space = () => SPACES[draw(SPACES.length)]!;
  const list = (parts: string[], open: string, close: string) =>
    `${open}${space()}${parts.join(`${space()},${space()}`)}${space()}${close}`;
  if (node === null || typeof node === 'boolean') return String(node);
  if (typeof node === 'string') return writeString(node, draw);
  if (Array.isArray(node))
    return list(
      node.map((member) => write(member, draw)),
      '[',
      ']',
    );
  if ('number' in node) return node.number;
  const members = node.members.map(
    ([key, value]) => `${writeString(key, draw)}${space()}:${space()}${write(value, draw)}`,
  );
  return list(members, '{', '}');
}

function writeString(text: string, draw: Draw): string {
  const style = draw(4);
  const units = Array.from({ length: text.length }, (_, at) => {
    const unit = text.charCodeAt(at);
    const isAlone = unit >= 0xd800 && unit <= 0xdfff;
    const isEscaped = unit < 0x20 || unit === 0x22 || unit === 0x5c || (style === 0 && (isAlone || draw(3) === 0));
    if (!isEscaped) return text[at]!;
    return `\\u${unit.toString(16).padStart(4, '0')}`;
  });
  return `"${style === 0 ? units.join('') : JSON.stringify(text).slice(1, -1)}"`;
}
