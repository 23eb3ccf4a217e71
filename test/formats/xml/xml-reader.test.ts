import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import { FeatureDefect } from '../../../shared/geo/formats/text/feature-defect.ts';
import { NameTable } from '../../../shared/geo/formats/xml/name-table.ts';
import { XmlReader } from '../../../shared/geo/formats/xml/xml-reader.ts';

type Event = ['start', string, Record<string, string>] | ['end'] | ['text', string];

/** What the reader makes of one element; undefined where it finds it not well-formed. */
function read(text: string): Event[] | undefined {
  const bytes = Buffer.from(`${text}\0`);
  const xml = new XmlReader(new NameTable());
  const events: Event[] = [];
  const start = (): void => {
    const attributes: [string, string][] = [];
    for (let index = 0; index < xml.attributes.count; index++) {
      const prefix = xml.attributes.isDeclaration(index) ? '' : xml.attributes.prefix(index);
      const name = xml.attributes.name(index);
      attributes.push([prefix === '' ? name : `${prefix}:${name}`, xml.attributes.value(index)]);
    }
    const name = bytes.toString('utf8', xml.nameStart, xml.nameEnd);
    events.push(['start', name, Object.fromEntries(attributes)]);
  };
  try {
    xml.begin(bytes, 0, bytes.length - 1);
    start();
    while (xml.depth > 0) {
      const token = xml.next();
      if (token === 'start') start();
      else if (token === 'end') events.push(['end']);
      else events.push(['text', bytes.toString('utf8', xml.textStart, xml.textEnd)]);
    }
    xml.finish();
    return events;
  } catch (error) {
    if (error instanceof FeatureDefect) return undefined;
    throw error;
  }
}

/** The same by the reference parser: the structure, and whether it is well-formed at all. */
function reference(text: string): Event[] | undefined {
  const parser = new SaxesParser();
  const events: Event[] = [];
  let isBad = false;
  parser.on('error', () => (isBad = true));
  parser.on('opentag', ({ name, attributes }) => {
    events.push(['start', name, attributes]);
    // Without namespaces, colons mean nothing to it.
    if (![name, ...Object.keys(attributes)].every((each) => /^[^:]+(:[^:.0-9-][^:]*)?$/.test(each))) isBad = true;
  });
  parser.on('closetag', () => events.push(['end']));
  parser.write(text).close();
  return isBad ? undefined : events;
}

/** Content of the element `a`. */
function content(text: string): string {
  const bytes = Buffer.from(`<a>${text}</a>\0`);
  const xml = new XmlReader(new NameTable());
  xml.begin(bytes, 0, bytes.length - 1);
  const value = xml.readString();
  xml.finish();
  return value;
}

describe('XmlReader', () => {
  it('reads tags, attributes and text in their order', () => {
    expect(read('<p:a b="1" c=\'"2"\'>x<d/>y</p:a>')).toEqual([
      ['start', 'p:a', { b: '1', c: '"2"' }],
      ['text', 'x'],
      ['start', 'd', {}],
      ['end'],
      ['text', 'y'],
      ['end'],
    ]);
  });

  it.each([
    ['a&lt;b&gt;c&amp;d&apos;e&quot;f', 'a<b>c&d\'e"f'],
    ['&#65;&#x42;&#x1F600;', 'AB\u{1F600}'],
    ['a\r\nb\rc\n', 'a\nb\nc'],
    ['  a b\t', 'a b'],
    ['<![CDATA[ <x> & ]]>', ' <x> & '],
    ['a<!-- b -->c<?d e?>f', 'acf'],
    ['a<![CDATA[b]]>&amp;<![CDATA[c]]>', 'ab&c'],
    ['a <b c="d">e</b>', 'a <b c="d">e</b>'],
    ['größer ≥ 1', 'größer ≥ 1'],
    ['a&#xD;b', 'a\rb'],
  ])('reads the text %j', (text, value) => {
    expect(content(text)).toBe(value);
  });

  it.each([
    ['an element that is not closed', '<a><b></a>'],
    ['tags that cross', '<a><b></a></b>'],
    ['an entity that is not of XML', '<a>&nbsp;</a>'],
    ['an entity in an attribute', '<a b="&x;"/>'],
    ['an ampersand', '<a>AT&T</a>'],
    ['a reference to no character', '<a>&#0;</a>'],
    ['a reference to half a character', '<a>&#xD800;</a>'],
    ['a control character', '<a>\u0001</a>'],
    ['a control character in an attribute', '<a b="\u0001"/>'],
    ['a non-character', '<a>\uFFFF</a>'],
    ['the end of a CDATA section', '<a>]]></a>'],
    ['two hyphens in a comment', '<a><!-- a -- b --></a>'],
    ['a comment that ends with three hyphens', '<a><!-- a ---></a>'],
    ['an attribute twice', '<a b="1" b="2"/>'],
    ['an attribute without quotes', '<a b=1/>'],
    ['an attribute without value', '<a b/>'],
    ['attributes without space', '<a b="1"c="2"/>'],
    ['a less-than sign in an attribute', '<a b="<"/>'],
    ['a name that begins with a digit', '<a><1/></a>'],
    ['a name with two colons', '<a><b:c:d/></a>'],
    ['a second XML declaration', '<a><?xml version="1.0"?></a>'],
    ['a document type', '<a><!DOCTYPE b></a>'],
    ['a space before a name', '<a>< b/></a>'],
    ['a second element', '<a/><a/>'],
    ['text behind it', '<a/>b'],
    ['a tag that is cut off', '<a'],
  ])('refuses %s', (_, text) => {
    expect(read(text)).toBeUndefined();
  });

  it.each([
    ['elements within each other', 256, (count: number) => '<a>'.repeat(count) + '</a>'.repeat(count)],
    [
      'attributes',
      256,
      (count: number) => `<a${Array.from({ length: count }, (_, index) => ` b${index}=""`).join('')}/>`,
    ],
    ['bytes of a name', 1024, (count: number) => `<${'a'.repeat(count)}/>`],
    ['bytes of an attribute', 65_536, (count: number) => `<a b="${'c'.repeat(count)}"/>`],
    ['bytes of a text', 16_777_216, (count: number) => `<a>${'b'.repeat(count)}</a>`],
  ])('reads as many %s as it may, %i, and no more', (_, limit, make) => {
    expect(read(make(limit))).toBeDefined();
    expect(read(make(limit + 1))).toBeUndefined();
  });

  it('finds the same as saxes in documents, well-formed or not', () => {
    fc.assert(
      fc.property(documents, (drawn) => {
        // A piece that is taken out may be half a character, which UTF-8 has none of.
        const text = drawn.toWellFormed();
        const events = read(text);
        const expected = reference(text);
        expect(events?.filter(([kind]) => kind !== 'text')).toEqual(expected);
      }),
      { numRuns: 3000 },
    );
  });
});

const names = fc.constantFrom('a', 'b', 'p:a', 'Größe', '_x-1.y', 'ab');
const texts = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 8 }).map((text) => text.replaceAll(/[<&]/g, '').replaceAll(']]>', '')),
  fc.constantFrom('&amp;', '&#x41;', '&#65;', ' ', '\r\n', ']', '<!-- c -->', '<?pi x?>', '<![CDATA[<&]]>'),
);
const attributes = fc.dictionary(names, fc.string({ unit: 'grapheme', maxLength: 6 }), { maxKeys: 3 }).map((members) =>
  Object.entries(members)
    .map(([name, value]) => ` ${name}="${value.replaceAll(/[<&"]/g, '')}"`)
    .join(''),
);
const { element } = fc.letrec<{ element: string; content: string }>((tie) => ({
  content: fc.oneof({ maxDepth: 4 }, texts, tie('element')),
  element: fc
    .tuple(names, attributes, fc.array(tie('content'), { maxLength: 4 }))
    .map(([name, list, children]) =>
      children.length === 0 ? `<${name}${list}/>` : `<${name}${list}>${children.join('')}</${name}>`,
    ),
}));
/** Elements, and such with a piece of markup put in or a piece taken out. */
const documents = fc.oneof(
  element,
  fc
    .tuple(
      element,
      fc.nat(),
      fc.constantFrom('<', '>', '&', '</a>', '<b>', '"', ']]>', '--', '<!', '<?', '=', '\u0002', '/'),
    )
    .map(([text, at, piece]) => insert(text, at, piece)),
  fc.tuple(element, fc.nat(), fc.integer({ min: 1, max: 4 })).map(([text, at, length]) => {
    const from = 1 + (at % text.length);
    return text.slice(0, from) + text.slice(from + length);
  }),
);

function insert(text: string, at: number, piece: string): string {
  const position = 1 + (at % text.length);
  return text.slice(0, position) + piece + text.slice(position);
}
