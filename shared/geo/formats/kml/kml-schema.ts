import type { DeclaredField, DeclaredType } from '../../features/feature-format.ts';
import type { ValueKind } from '../xml/value-kind.ts';
import type { XmlReader } from '../xml/xml-reader.ts';
import { extendedFieldName } from './kml-names.ts';

/** A Schema of a KML file, which types the values of SchemaData. JSON. */
export interface KmlSchema {
  /** What `schemaUrl` names it by. */
  id: string;
  fields: { name: string; kind: 'text' | 'boolean' | 'integer' | 'double' | 'json'; title?: string }[];
}

const KINDS: Readonly<Record<string, 'text' | 'boolean' | 'integer' | 'double'>> = {
  string: 'text',
  bool: 'boolean',
  boolean: 'boolean',
  short: 'integer',
  ushort: 'integer',
  int: 'integer',
  uint: 'integer',
  float: 'double',
  double: 'double',
};

/** Reads the Schema that began last, to its end. */
export function readSchema(xml: XmlReader): KmlSchema {
  const schema: KmlSchema = { id: xml.attribute('id') ?? xml.attribute('name') ?? '', fields: [] };
  while (xml.nextChild()) {
    const isArray = xml.name === 'SimpleArrayField';
    if (xml.name !== 'SimpleField' && !isArray) {
      xml.skip();
      continue;
    }
    const name = xml.attribute('name');
    const kind = isArray ? 'json' : (KINDS[xml.attribute('type')?.replace(/^xsd?:/, '') ?? ''] ?? 'text');
    let title: string | undefined;
    while (xml.nextChild()) {
      if (xml.name === 'displayName') title = xml.readString();
      else xml.skip();
    }
    if (name !== undefined) schema.fields.push({ name, kind, ...(title === undefined ? {} : { title }) });
  }
  return schema;
}

/** Fields that the schemas of a file declare; the first declaration of a name holds. */
export function declaredFields(schemas: readonly KmlSchema[]): DeclaredField[] {
  const fields = new Map<string, DeclaredField>();
  for (const { name, kind, title } of schemas.flatMap((schema) => schema.fields)) {
    const field = extendedFieldName(name);
    const type: DeclaredType = kind;
    if (!fields.has(field)) fields.set(field, { name: field, type, ...(title === undefined ? {} : { title }) });
  }
  return [...fields.values()];
}

/** Finds how values are to be read: by the schema that `schemaUrl` names, else by any that has the field. */
export class SchemaTypes {
  readonly #bySchema = new Map<string, Map<string, ValueKind>>();
  readonly #byField = new Map<string, ValueKind>();

  constructor(schemas: readonly KmlSchema[]) {
    for (const { id, fields } of schemas) {
      this.#bySchema.set(id, new Map(fields.map(({ name, kind }) => [name, kind])));
      for (const { name, kind } of fields) if (!this.#byField.has(name)) this.#byField.set(name, kind);
    }
  }

  kindOf(schemaUrl: string | undefined, name: string): ValueKind {
    const id = schemaUrl?.slice(schemaUrl.indexOf('#') + 1) ?? '';
    const schema = this.#bySchema.get(id);
    return (schema === undefined ? this.#byField.get(name) : schema.get(name)) ?? 'lexical';
  }
}
