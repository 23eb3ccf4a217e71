import { flattenElement } from '../xml/flatten-element.ts';
import type { RecordReader } from '../xml/record-reader.ts';
import type { XmlReader } from '../xml/xml-reader.ts';
import { extendedFieldName } from './kml-names.ts';
import type { SchemaTypes } from './kml-schema.ts';

/** Reads the ExtendedData element that began last: Data, SchemaData, and elements of other namespaces. */
export function readExtendedData(record: RecordReader, types: SchemaTypes): void {
  const { xml, properties, fields } = record;
  while (xml.nextChild()) {
    if (xml.name === 'Data') readData(record);
    else if (xml.name === 'SchemaData') readSchemaData(record, types);
    else flattenElement(xml, fields.root.child(extendedFieldName(xml.name)), properties);
  }
}

/** Untyped: `<Data name="…"><value>…</value></Data>`. */
function readData({ xml, properties, fields }: RecordReader): void {
  const node = fields.root.child(extendedFieldName(xml.attribute('name') ?? ''));
  while (xml.nextChild()) {
    if (xml.name === 'value') {
      xml.readText();
      properties.addRead(node.field, 'lexical', xml);
    } else xml.skip();
  }
}

/** Typed by a Schema: SimpleData, and SimpleArrayData of the vertices of a track. */
function readSchemaData({ xml, properties, fields }: RecordReader, types: SchemaTypes): void {
  const schemaUrl = xml.attribute('schemaUrl');
  while (xml.nextChild()) {
    const name = xml.attribute('name') ?? '';
    const node = fields.root.child(extendedFieldName(name));
    if (xml.name === 'SimpleData') {
      const kind = types.kindOf(schemaUrl, name);
      xml.readText();
      properties.addRead(node.field, kind === 'json' ? 'lexical' : kind, xml);
    } else if (xml.name === 'SimpleArrayData') {
      properties.add(node.field(), 'json', JSON.stringify(readArray(xml)));
    } else xml.skip();
  }
}

function readArray(xml: XmlReader): (string | null)[] {
  const values: (string | null)[] = [];
  while (xml.nextChild()) {
    if (xml.name === 'value') values.push(xml.readString() || null);
    else xml.skip();
  }
  return values;
}
