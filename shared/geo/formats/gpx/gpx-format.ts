import type { FeatureFormat } from '../../features/feature-format.ts';
import type { FeatureSink } from '../../features/feature-sink.ts';
import type { XmlDetail } from '../xml/block-cutter.ts';
import { cutSource } from '../xml/cut-source.ts';
import { NameTable } from '../xml/name-table.ts';
import { readXmlBlock } from '../xml/read-block.ts';
import type { OffsetOf } from '../xml/scan-source.ts';
import { GpxInspection } from './gpx-inspection.ts';
import { GPX_LAYERS, GPX_NAMES, gpxFields, type GpxLayer } from './gpx-names.ts';
import { GpxOutline } from './gpx-outline.ts';
import { GpxPointReader } from './gpx-point-reader.ts';
import { GpxReader } from './gpx-reader.ts';

export interface GpxDetail extends XmlDetail {
  layer: GpxLayer['name'];
  /** Of a layer of points: number of the first route or track in each block. */
  parents?: number[];
}

/**
 * GPX 1.0 and 1.1: layers `waypoints`, `routes`, `tracks`, `route_points` and `track_points`, those that have features.
 * Times and sensors of the points of a line are in the layer of its points.
 */
export const gpxFormat: FeatureFormat<GpxDetail> = {
  id: 'gpx',
  title: 'GPX',
  readsFront: true,

  async inspect(source, options) {
    const names = gpxNames();
    const { cutter, encoding } = await cutSource(
      source,
      options,
      names,
      (blocks, offsetOf) => new GpxInspection(names, offsetOf, blocks),
    );
    const found = GPX_LAYERS.filter(({ name }) => cutter.features(name) > 0);
    return found.map((layer) => {
      const { name, point } = layer;
      const detail: GpxDetail = { ...cutter.detail(name, encoding), layer: name };
      if (point !== undefined) {
        const lines = cutter.detail(name === 'track_points' ? 'tracks' : 'routes', encoding).blocks;
        const firstOf = new Map(lines.map(({ start, first }) => [start, first]));
        detail.parents = detail.blocks.map(({ start }) => firstOf.get(start) ?? 0);
      }
      const blocks = detail.blocks.length;
      return {
        name,
        crs: { kind: 'crs84' },
        fields: gpxFields(layer),
        ...(options.isFront === true ? {} : { features: cutter.features(name) }),
        blocks,
        detail,
      };
    });
  },

  async readBlock(source, layer, block, sink, signal) {
    const names = gpxNames();
    const { detail } = layer;
    const parent = detail.parents?.[block] ?? 0;
    await readXmlBlock(source, layer, block, signal, names, (offsetOf, first) =>
      detail.layer === 'track_points' || detail.layer === 'route_points'
        ? new GpxPointBlock(sink, names, offsetOf, detail.layer === 'track_points' ? 'trk' : 'rte', first, parent)
        : new GpxBlock(sink, names, offsetOf, detail.layer, first),
    );
  },
};

/** Hands waypoints, routes or tracks of a block to their reader. */
class GpxBlock extends GpxOutline {
  readonly #reader: GpxReader;
  readonly #offsetOf: OffsetOf;
  readonly #record: string;
  #number: number;

  constructor(
    sink: FeatureSink,
    names: NameTable,
    offsetOf: OffsetOf,
    layer: 'waypoints' | 'routes' | 'tracks',
    first: number,
  ) {
    super();
    this.#reader = new GpxReader(sink, names);
    this.#offsetOf = offsetOf;
    this.#record = layer === 'waypoints' ? 'wpt' : layer === 'routes' ? 'rte' : 'trk';
    this.#number = first;
  }

  record(name: string, bytes: Buffer, start: number, end: number): void {
    if (name !== this.#record) return;
    const place = { offset: this.#offsetOf(start), number: this.#number++ };
    const { record } = this.#reader;
    if (name === 'wpt') record.read(bytes, start, end, place, () => this.#reader.readPoint());
    else if (name === 'rte') record.read(bytes, start, end, place, () => this.#reader.readRoute());
    else record.read(bytes, start, end, place, () => this.#reader.readTrack());
  }
}

/** Hands the points of routes or tracks of a block to their reader. */
class GpxPointBlock extends GpxOutline {
  readonly #reader: GpxPointReader;
  readonly #offsetOf: OffsetOf;
  readonly #record: 'rte' | 'trk';
  #number: number;
  #parent: number;

  constructor(
    sink: FeatureSink,
    names: NameTable,
    offsetOf: OffsetOf,
    record: 'rte' | 'trk',
    first: number,
    parent: number,
  ) {
    super();
    this.#reader = new GpxPointReader(sink, names);
    this.#offsetOf = offsetOf;
    this.#record = record;
    this.#number = first;
    this.#parent = parent;
  }

  record(name: string, bytes: Buffer, start: number, end: number): void {
    if (name !== this.#record) return;
    const place = { offsetOf: this.#offsetOf, first: this.#number, parent: this.#parent++ };
    this.#number += this.#reader.read(name, bytes, start, end, place);
  }
}

function gpxNames(): NameTable {
  return new NameTable(GPX_NAMES, true);
}
