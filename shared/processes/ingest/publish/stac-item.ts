import { GEOMETRY_COLUMN } from '../../../geo/formats/geoparquet/geo-metadata.ts';
import type { Schema } from '../../../geo/features/column.ts';
import type { Extent } from '../../../geo/features/geometry-statistics.ts';
import type { OutputCrs } from '../../../geo/features/output-crs.ts';
import type { DegreesBox } from '../../../geo/projections/extent-in-degrees.ts';
import type { PlannedDataset } from '../../../jobs/process.ts';
import type { IngestDetail } from '../detail.ts';
import { boxGeometry, type BoxGeometry } from './stac-geometry.ts';

/** Of GeoJSON, which an item is (STAC API 1.0.0, media types). */
export const STAC_MEDIA_TYPE = 'application/geo+json';

/** Version of the specification that items follow: https://github.com/radiantearth/stac-spec/tree/v1.1.0 */
const STAC_VERSION = '1.1.0';

/** Extensions that items use, from https://stac-extensions.github.io. */
const EXTENSIONS = {
  file: 'https://stac-extensions.github.io/file/v2.1.0/schema.json',
  projection: 'https://stac-extensions.github.io/projection/v2.0.0/schema.json',
  table: 'https://stac-extensions.github.io/table/v1.2.0/schema.json',
};

/** A file that an item names. */
export interface ItemFile {
  /** Key of the asset. */
  format: string;
  /** Its name within the folder of the item. */
  name: string;
  type: string;
  role: 'data' | 'thumbnail';
  bytes: number;
  /** SHA-256 in hexadecimal digits, where it is known. */
  sha256?: string;
}

/** Where the features of a dataset lie, when they do anywhere. */
export interface ItemPlace {
  box: DegreesBox;
  /** In `crs`. */
  extent: Extent;
  crs: OutputCrs;
}

export interface ItemOptions {
  plan: PlannedDataset<IngestDetail>;
  /** Milliseconds since the epoch. */
  acceptedAt: number;
  place: ItemPlace | undefined;
  features: number;
  schema: Schema;
  files: readonly ItemFile[];
}

/** STAC 1.1.0 item; JSON. */
export interface StacItem {
  type: 'Feature';
  stac_version: typeof STAC_VERSION;
  stac_extensions: string[];
  id: string;
  geometry: BoxGeometry | null;
  bbox?: DegreesBox;
  properties: Record<string, unknown>;
  links: { rel: string; href: string; title: string }[];
  assets: Record<string, Record<string, unknown>>;
}

/**
 * Describes a dataset for catalogues. Nothing in a source says reliably when it was observed, so that `datetime` is when the job
 * was accepted: the source is described as it was then. Files are named relative to the item, wherever they are put together.
 */
export function stacItem({ plan, acceptedAt, place, features, schema, files }: ItemOptions): StacItem {
  const { id, detail } = plan;
  return {
    type: 'Feature',
    stac_version: STAC_VERSION,
    stac_extensions: [EXTENSIONS.file, ...(place === undefined ? [] : [EXTENSIONS.projection]), EXTENSIONS.table],
    id,
    geometry: place === undefined ? null : boxGeometry(place.box),
    ...(place === undefined ? {} : { bbox: place.box }),
    properties: {
      title: detail.layer.name,
      datetime: new Date(acceptedAt).toISOString(),
      ...(place === undefined
        ? {}
        : { 'proj:code': `${place.crs.authority}:${place.crs.code}`, 'proj:bbox': place.extent }),
      'table:row_count': features,
      ...(place === undefined ? {} : { 'table:primary_geometry': GEOMETRY_COLUMN }),
      'table:columns': [
        ...schema.columns.map(({ name, title, type }) => ({
          name,
          ...(title === undefined ? {} : { description: title }),
          type,
        })),
        ...(place === undefined ? [] : [{ name: GEOMETRY_COLUMN, type: 'geometry' }]),
      ],
    },
    links: sourceLinks(detail.source),
    assets: Object.fromEntries(files.map((file) => [file.format, asset(file)])),
  };
}

function asset({ name, type, role, bytes, sha256 }: ItemFile): Record<string, unknown> {
  return {
    href: `./${encodeURIComponent(name)}`,
    type,
    roles: [role],
    'file:size': bytes,
    ...(sha256 === undefined ? {} : { 'file:checksum': SHA256_MULTIHASH + sha256 }),
  };
}

/** Code of SHA-256 and its length in bytes (multihash table), in hexadecimal digits. */
const SHA256_MULTIHASH = '1220';

/**
 * The source, where its address is one for others: a query may be a signature, a name before the host a secret, and a file of
 * this machine is nobody else's.
 */
function sourceLinks(source: string): StacItem['links'] {
  const { protocol, username, password, search, hash } = new URL(source);
  const isOpen = (protocol === 'https:' || protocol === 's3:') && username + password + search + hash === '';
  return isOpen ? [{ rel: 'via', href: source, title: 'Source' }] : [];
}
