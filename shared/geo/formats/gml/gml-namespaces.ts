import type { Container } from '../xml/container.ts';
import type { XmlReader } from '../xml/xml-reader.ts';

/** What the namespaces of all versions of GML begin with. */
const GML = 'http://www.opengis.net/gml';

/** Namespace that a prefix stands for, by the element that is read or by those around it. */
export function namespaceOf(prefix: string, xml: XmlReader, containers: readonly Container[]): string | undefined {
  const declared = xml.namespaceOf(prefix);
  if (declared !== undefined) return declared;
  for (let index = containers.length - 1; index >= 0; index--) {
    const namespaces = containers[index]!.namespaces;
    if (namespaces !== undefined && Object.hasOwn(namespaces, prefix)) return namespaces[prefix];
  }
  return undefined;
}

/** Whether the element that began last is one of GML: some files declare no namespaces at all. */
export function isGmlElement(xml: XmlReader, containers: readonly Container[]): boolean {
  const { prefix } = xml;
  const namespace = namespaceOf(prefix, xml, containers);
  return namespace === undefined ? prefix === 'gml' || prefix === '' : namespace.startsWith(GML);
}

/** Namespaces that the element that began last declares, by prefix. */
export function declaredNamespaces(xml: XmlReader): Record<string, string> | undefined {
  const found: [string, string][] = [];
  for (let index = 0; index < xml.attributes.count; index++) {
    if (!xml.attributes.isDeclaration(index)) continue;
    const name = xml.attributes.name(index);
    found.push([name === 'xmlns' ? '' : name.slice('xmlns:'.length), xml.attributes.value(index)]);
  }
  return found.length === 0 ? undefined : Object.fromEntries(found);
}
