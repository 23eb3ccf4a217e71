import type { Container } from '../xml/container.ts';
import { rootUnexpected } from '../xml/errors.ts';
import type { ElementRole, OutlineHandler } from '../xml/outline-scanner.ts';

const RECORDS: ReadonlySet<string> = new Set(['wpt', 'rte', 'trk']);

/** Goes over a GPX file, and hands out its waypoints, routes and tracks. */
export abstract class GpxOutline implements OutlineHandler {
  readonly hasFlatRecords = true;

  classify(name: string, containers: readonly Container[]): ElementRole {
    if (containers.length > 0) return RECORDS.has(name) ? 'record' : 'skipped';
    if (name !== 'gpx') throw rootUnexpected('GPX', name);
    return 'container';
  }

  abstract record(name: string, bytes: Buffer, start: number, end: number, containers: readonly Container[]): void;
}
