import { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Attack } from './attack.ts';
import { createAttackBench, runNeighbour } from './attack-bench.ts';
import { CSV_ATTACKS } from './attacks/csv-attacks.ts';
import { FLATGEOBUF_ATTACKS } from './attacks/flatgeobuf-attacks.ts';
import { GEOJSON_ATTACKS } from './attacks/geojson-attacks.ts';
import { GEOPACKAGE_ATTACKS } from './attacks/geopackage-attacks.ts';
import { GZIP_ATTACKS } from './attacks/gzip-attacks.ts';
import { OTHER_ATTACKS } from './attacks/other-attacks.ts';
import { PARQUET_ATTACKS } from './attacks/parquet-attacks.ts';
import { SHAPEFILE_ATTACKS } from './attacks/shapefile-attacks.ts';
import { XML_ATTACKS } from './attacks/xml-attacks.ts';
import { ZIP_ATTACKS } from './attacks/zip-attacks.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

const TABLE: Record<string, Attack[]> = {
  'a zip archive': ZIP_ATTACKS,
  'a gzip file': GZIP_ATTACKS,
  GeoJSON: GEOJSON_ATTACKS,
  XML: XML_ATTACKS,
  'a GeoPackage': GEOPACKAGE_ATTACKS,
  'a shapefile': SHAPEFILE_ATTACKS,
  'a FlatGeobuf': FLATGEOBUF_ATTACKS,
  'a Parquet file': PARQUET_ATTACKS,
  CSV: CSV_ATTACKS,
  'a file': OTHER_ATTACKS,
};

/** What would reach out of the process. */
const spies = () => [vi.spyOn(Socket.prototype, 'connect'), vi.spyOn(globalThis, 'fetch')];

describe.each(Object.entries(TABLE))('ingest, given %s with', (_, attacks) => {
  let outside: ReturnType<typeof spies>;
  beforeEach(() => void (outside = spies()));
  afterEach(() => vi.restoreAllMocks());

  it.each(attacks)('$what', async ({ file, inputs, blockBytes, end, maxRead, maxWritten = 4 * MIB }) => {
    const content = file();
    const size =
      typeof content === 'string' ? Buffer.byteLength(content) : 'read' in content ? content.size : content.length;
    const bench = createAttackBench({ attack: content }, blockBytes);
    const fought = await bench.fight('attack', inputs);
    expect(fought.end).toEqual(end);
    expect(fought.read).toBeLessThanOrEqual(maxRead ?? 4 * size + 64 * KIB);
    expect(fought.written).toBeLessThanOrEqual(maxWritten);
    expect(await runNeighbour(bench.engine)).toBe('succeeded');
    for (const spy of outside) expect(spy).not.toHaveBeenCalled();
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
