import type { FieldNode } from './field-tree.ts';
import type { PropertyBuffer } from './property-buffer.ts';
import type { ValueKind } from './value-kind.ts';
import type { XmlReader } from './xml-reader.ts';

/** What a format does otherwise than to flatten. */
export interface FlattenOptions {
  /** How the text of an element is given; `lexical` without it. */
  kindOf?: (node: FieldNode) => ValueKind;
  /** Takes the element that began last instead, such as a geometry: if so, it reads it to its end and returns true. */
  take?: (reader: XmlReader) => boolean;
}

/**
 * Reads the element that began last, to its end, as properties: its text by the path of elements that lead to it, its
 * attributes by that path and their local names. An element that is nil, or has no text, is null.
 */
export function flattenElement(
  reader: XmlReader,
  node: FieldNode,
  properties: PropertyBuffer,
  options: FlattenOptions = {},
): void {
  const isNull = flattenAttributes(reader, node, properties);
  if (!reader.readTextOrChild()) {
    if (!isNull) properties.addRead(node.field, options.kindOf?.(node) ?? 'lexical', reader);
    return;
  }
  do {
    if (options.take?.(reader) !== true) flattenElement(reader, node.child(reader.name), properties, options);
  } while (reader.nextChild());
}

/**
 * Adds the attributes of the element that began last, but for those of namespaces and schemas.
 * @returns whether one of them says that the element is null (`xsi:nil`)
 */
export function flattenAttributes(
  reader: XmlReader,
  node: FieldNode,
  properties: PropertyBuffer,
  isField: (name: string) => boolean = () => true,
): boolean {
  let isNull = false;
  for (let index = 0; index < reader.attributes.count; index++) {
    if (reader.attributes.isDeclaration(index)) continue;
    const name = reader.attributes.name(index);
    if (reader.attributes.prefix(index) === 'xsi')
      isNull ||= name === 'nil' && /^(1|true)$/.test(reader.attributes.value(index));
    else if (isField(name)) properties.add(node.attribute(name).field(), 'lexical', reader.attributes.value(index));
  }
  return isNull;
}
