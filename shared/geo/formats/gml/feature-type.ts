import { FeatureDefect } from '../text/feature-defect.ts';
import type { Container } from '../xml/container.ts';
import type { NameTable } from '../xml/name-table.ts';
import { XmlReader } from '../xml/xml-reader.ts';
import { namespaceOf } from './gml-namespaces.ts';

/** The type of a feature: a layer. JSON. */
export interface FeatureType {
  name: string;
  prefix: string;
  /** Namespace and local name, or prefix and local name where no namespace is declared. */
  key: string;
}

/** Tells the types of features by their start tags. */
export class FeatureTypes {
  readonly #xml: XmlReader;

  constructor(names: NameTable) {
    this.#xml = new XmlReader(names);
  }

  /** Type of the feature at `start`; by its name alone where its start tag is not well-formed. */
  typeOf(local: string, bytes: Buffer, start: number, end: number, containers: readonly Container[]): FeatureType {
    const xml = this.#xml;
    try {
      xml.begin(bytes, start, end);
    } catch (error) {
      if (!(error instanceof FeatureDefect)) throw error;
    }
    const { prefix } = xml;
    return { name: local, prefix, key: `${namespaceOf(prefix, xml, containers) ?? prefix} ${local}` };
  }
}
