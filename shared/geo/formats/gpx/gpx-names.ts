import type { DeclaredField } from '../../features/feature-format.ts';

/** Local names of GPX 1.0 and 1.1 that the reader knows; files write them in any case. */
export const GPX_NAMES = [
  ...['gpx', 'metadata', 'extensions', 'wpt', 'rte', 'rtept', 'trk', 'trkseg', 'trkpt'],
  ...['ele', 'time', 'magvar', 'geoidheight', 'name', 'cmt', 'desc', 'src', 'link', 'text', 'sym', 'type', 'number'],
  ...['fix', 'sat', 'hdop', 'vdop', 'pdop', 'ageofdgpsdata', 'dgpsid', 'url', 'urlname', 'course', 'speed'],
];

/** Fields of GPX's own elements by their paths. What stands in `extensions` has no type. */
const TYPES = {
  ele: 'double',
  time: 'date-time',
  magvar: 'double',
  geoidheight: 'double',
  name: 'text',
  cmt: 'text',
  desc: 'text',
  src: 'text',
  'link.text': 'text',
  'link.type': 'text',
  url: 'text',
  urlname: 'text',
  sym: 'text',
  type: 'text',
  number: 'integer',
  fix: 'text',
  sat: 'integer',
  hdop: 'double',
  vdop: 'double',
  pdop: 'double',
  ageofdgpsdata: 'double',
  dgpsid: 'integer',
  course: 'double',
  speed: 'double',
} as const satisfies Record<string, DeclaredField['type']>;

export type GpxType = (typeof TYPES)[keyof typeof TYPES];

/** Type of a field by its path; `undefined` where it has none. */
export function gpxType(path: string): GpxType | undefined {
  return Object.hasOwn(TYPES, path) ? TYPES[path as keyof typeof TYPES] : undefined;
}

/** Layers in the order of GDAL's, with the record that each is of and the points of it that are features, if they are. */
export const GPX_LAYERS = [
  { name: 'waypoints', record: 'wpt', point: undefined },
  { name: 'routes', record: 'rte', point: undefined },
  { name: 'tracks', record: 'trk', point: undefined },
  { name: 'route_points', record: 'rte', point: 'rtept' },
  { name: 'track_points', record: 'trk', point: 'trkpt' },
] as const;
export type GpxLayer = (typeof GPX_LAYERS)[number];

const NUMBERS: DeclaredField[] = [
  { name: 'track_fid', type: 'integer', title: 'Number of the track, from 0' },
  { name: 'track_seg_id', type: 'integer', title: 'Number of the segment in its track, from 0' },
  { name: 'track_seg_point_id', type: 'integer', title: 'Number of the point in its segment, from 0' },
];
const ROUTE_NUMBERS: DeclaredField[] = [
  { name: 'route_fid', type: 'integer', title: 'Number of the route, from 0' },
  { name: 'route_point_id', type: 'integer', title: 'Number of the point in its route, from 0' },
];

/** Fields that a layer has by the standard, beside the height, which is z. */
export function gpxFields({ name }: GpxLayer): DeclaredField[] {
  if (name === 'track_points') return NUMBERS;
  return name === 'route_points' ? ROUTE_NUMBERS : [];
}
