import type { Container } from '../xml/container.ts';
import type { ElementRole, OutlineHandler } from '../xml/outline-scanner.ts';
import type { XmlReader } from '../xml/xml-reader.ts';
import { declaredNamespaces } from './gml-namespaces.ts';

/** Elements whose children are features. */
const MEMBERS: ReadonlySet<string> = new Set(['featureMember', 'featureMembers', 'member', 'members']);

/** What holds members within a member: WFS 2.0 answers several queries so (OGC 09-025r2, 11.3). */
const COLLECTIONS: ReadonlySet<string> = new Set(['FeatureCollection', 'SimpleFeatureCollection', 'Tuple']);

/** Goes over a GML file, and hands out the features of its collections. */
export abstract class GmlOutline implements OutlineHandler {
  readonly hasFlatRecords = false;

  classify(name: string, containers: readonly Container[]): ElementRole {
    const parent = containers.at(-1);
    if (parent === undefined) return 'container';
    if (MEMBERS.has(parent.name)) return COLLECTIONS.has(name) ? 'container' : 'record';
    if (MEMBERS.has(name)) return 'container';
    return name === 'boundedBy' ? 'captured' : 'skipped';
  }

  open(container: Container, tag: XmlReader): void {
    const namespaces = declaredNamespaces(tag);
    if (namespaces !== undefined) container.namespaces = namespaces;
  }

  abstract record(name: string, bytes: Buffer, start: number, end: number, containers: readonly Container[]): void;
}
