import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';

/** What an archive holds, once all invariants of the format were found to be true. */
export interface VerifiedPmtiles {
  tileType: number;
  tileCompression: number;
  minzoom: number;
  maxzoom: number;
  /** Degrees. */
  bounds: [number, number, number, number];
  center: { longitude: number; latitude: number; zoom: number };
  metadata: Record<string, unknown>;
  addressedTiles: number;
  tileEntries: number;
  tileContents: number;
  leafDirectories: number;
  /** Each tile by its id; equal contents are the same view. */
  tiles: Map<number, Uint8Array>;
}

interface Entry {
  tileId: number;
  offset: number;
  length: number;
  runLength: number;
}

interface Section {
  name: string;
  offset: number;
  length: number;
}

/**
 * Checks an archive against the specification of PMTiles version 3, with code of its own: sections, order of entries,
 * leaf directories, clustering, counts, zooms; and what our writer promises beyond it: no gaps between sections, complete
 * runs, each content stored once.
 * @throws Error that names the invariant
 */
export function verifyPmtiles(archive: Uint8Array): VerifiedPmtiles {
  check(archive.length >= 127, 'the archive has a header');
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  const u64 = (position: number) => Number(view.getBigUint64(position, true));
  const degrees = (position: number) => view.getInt32(position, true) / 1e7;
  const section = (name: string, position: number): Section => ({
    name,
    offset: u64(position),
    length: u64(position + 8),
  });

  check(new TextDecoder().decode(archive.subarray(0, 7)) === 'PMTiles', 'the magic number is PMTiles');
  check(archive[7] === 3, 'the version is 3');
  const root = section('root directory', 8);
  const metadataSection = section('metadata', 24);
  const leaves = section('leaf directories', 40);
  const data = section('tile data', 56);
  check(root.offset === 127 && root.offset + root.length <= 16_384, 'the root directory lies in the first 16 KiB');
  checkSections(archive.length, [root, metadataSection, leaves, data]);
  check(archive[96] === 1, 'the archive is clustered');
  check(archive[97] === 2, 'directories are compressed with gzip');
  check([1, 2].includes(archive[98]!), 'the compression of the tiles is known');
  check(archive[99]! >= 1 && archive[99]! <= 5, 'the type of the tiles is known');

  const bytesOf = ({ offset, length }: Section) => archive.subarray(offset, offset + length);
  const metadata: unknown = JSON.parse(
    new TextDecoder('utf-8', { fatal: true }).decode(gunzipSync(bytesOf(metadataSection))),
  );
  check(typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata), 'the metadata is an object');
  check(archive[99] !== 1 || 'vector_layers' in metadata, 'vector tiles have vector_layers');

  const rootEntries = parseDirectory(bytesOf(root), 'root directory');
  const pointers = rootEntries.filter(({ runLength }) => runLength === 0);
  const entries = pointers.length === 0 ? rootEntries : readLeaves(rootEntries, bytesOf(leaves));
  check(pointers.length > 0 || leaves.length === 0, 'there are leaf directories only when the root points to them');
  checkOrder(entries);
  const tileContents = checkContents(entries, bytesOf(data));

  const addressedTiles = entries.reduce((sum, { runLength }) => sum + runLength, 0);
  check(u64(72) === addressedTiles, `the header counts ${u64(72)} tiles and there are ${addressedTiles}`);
  check(u64(80) === entries.length, `the header counts ${u64(80)} entries and there are ${entries.length}`);
  check(u64(88) === tileContents, `the header counts ${u64(88)} contents and there are ${tileContents}`);

  const [minzoom, maxzoom, centerZoom] = [archive[100]!, archive[101]!, archive[118]!];
  const first = entries[0];
  const last = entries.at(-1);
  if (first !== undefined && last !== undefined) {
    check(minzoom === zoomOf(first.tileId), 'the lowest zoom is that of the first tile');
    check(maxzoom === zoomOf(last.tileId + last.runLength - 1), 'the highest zoom is that of the last tile');
  }
  check(minzoom <= centerZoom && centerZoom <= maxzoom, 'the zoom of the centre is one of the archive');
  const bounds: [number, number, number, number] = [degrees(102), degrees(106), degrees(110), degrees(114)];
  const center = { longitude: degrees(119), latitude: degrees(123), zoom: centerZoom };
  checkPlaces(bounds, center);

  const tiles = new Map<number, Uint8Array>();
  for (const { tileId, offset, length, runLength } of entries) {
    const content = bytesOf(data).subarray(offset, offset + length);
    for (let id = tileId; id < tileId + runLength; id++) tiles.set(id, content);
  }
  return {
    tileType: archive[99]!,
    tileCompression: archive[98]!,
    minzoom,
    maxzoom,
    bounds,
    center,
    metadata: metadata as Record<string, unknown>,
    addressedTiles,
    tileEntries: entries.length,
    tileContents,
    leafDirectories: pointers.length,
    tiles,
  };
}

/** @param invariant a function where it is checked for every entry, so that no text is made for what holds */
function check(holds: boolean, invariant: string | (() => string)): asserts holds {
  if (holds) return;
  throw new Error(`PMTiles: it is not true that ${typeof invariant === 'string' ? invariant : invariant()}`);
}

function checkSections(size: number, sections: Section[]): void {
  let end = 127;
  for (const { name, offset, length } of sections.filter((s) => s.length > 0).sort((a, b) => a.offset - b.offset)) {
    check(offset === end, `the section of ${name} begins where the one before it ends`);
    end = offset + length;
  }
  check(end === size, `the sections end at ${end}, the end of the archive at ${size}`);
}

function parseDirectory(compressed: Uint8Array, name: string): Entry[] {
  const bytes = gunzipSync(compressed);
  let position = 0;
  const varint = () => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      check(position < bytes.length, () => `the ${name} is complete`);
      const byte = bytes[position++]!;
      value += (byte % 128) * scale;
      check(value <= Number.MAX_SAFE_INTEGER, () => `the numbers of the ${name} are safe integers`);
      if (byte < 128) return value;
    }
  };
  const count = varint();
  const column = () => Array.from({ length: count }, varint);
  const [deltas, runLengths, lengths, offsets] = [column(), column(), column(), column()];
  check(position === bytes.length, () => `nothing follows the entries of the ${name}`);
  const entries: Entry[] = [];
  let tileId = 0;
  for (let index = 0; index < count; index++) {
    tileId += deltas[index]!;
    const before = entries.at(-1);
    check(offsets[index]! > 0 || before !== undefined, () => `the first offset of the ${name} is written out`);
    const offset = offsets[index]! > 0 ? offsets[index]! - 1 : before!.offset + before!.length;
    check(lengths[index]! > 0, () => `the entries of the ${name} have a length`);
    entries.push({ tileId, offset, length: lengths[index]!, runLength: runLengths[index]! });
  }
  return entries;
}

function readLeaves(pointers: Entry[], section: Uint8Array): Entry[] {
  const entries: Entry[] = [];
  let end = 0;
  for (const [index, { tileId, offset, length, runLength }] of pointers.entries()) {
    check(runLength === 0, 'the root directory holds leaf directories only, or none');
    check(offset === end, 'leaf directories follow each other in the order of their tiles');
    end = offset + length;
    check(end <= section.length, 'leaf directories lie within their section');
    const leaf = parseDirectory(section.subarray(offset, end), `leaf directory ${index}`);
    check(leaf.length > 0, 'leaf directories hold an entry');
    check(leaf[0]!.tileId === tileId, 'a leaf directory begins with the tile that its pointer names');
    check(
      leaf.every((entry) => entry.runLength > 0),
      'leaf directories point to no others',
    );
    for (const entry of leaf) entries.push(entry);
  }
  check(end === section.length, 'leaf directories fill their section');
  return entries;
}

function checkOrder(entries: Entry[]): void {
  let before: Entry | undefined;
  for (const entry of entries) {
    if (before !== undefined) {
      const next = before.tileId + before.runLength;
      check(entry.tileId >= next, () => `tile ${entry.tileId} comes behind tile ${next - 1}`);
      check(
        entry.tileId > next || entry.offset !== before.offset,
        () => `the run before tile ${entry.tileId} is complete`,
      );
    }
    before = entry;
  }
}

/** Contents are clustered, fill the tile data, and differ. */
function checkContents(entries: Entry[], data: Uint8Array): number {
  const lengths = new Map<number, number>();
  const digests = new Set<string>();
  let end = 0;
  for (const { tileId, offset, length } of entries) {
    const known = lengths.get(offset);
    if (known !== undefined) {
      check(known === length, () => `tile ${tileId} has the length of the content that it shares`);
      continue;
    }
    check(offset === end, () => `the content of tile ${tileId} follows the one before it`);
    lengths.set(offset, length);
    end = offset + length;
    check(end <= data.length, () => `the content of tile ${tileId} lies within the tile data`);
    const digest = createHash('sha1').update(data.subarray(offset, end)).digest('base64');
    check(!digests.has(digest), () => `the content of tile ${tileId} is stored once`);
    digests.add(digest);
  }
  check(end === data.length, 'contents fill the tile data');
  return lengths.size;
}

function checkPlaces([west, south, east, north]: readonly number[], center: VerifiedPmtiles['center']): void {
  check(west! >= -180 && west! <= east! && east! <= 180, 'the longitudes of the bounds are in order');
  check(south! >= -90 && south! <= north! && north! <= 90, 'the latitudes of the bounds are in order');
  check(center.longitude >= west! && center.longitude <= east!, 'the longitude of the centre is within the bounds');
  check(center.latitude >= south! && center.latitude <= north!, 'the latitude of the centre is within the bounds');
}

function zoomOf(tileId: number): number {
  let zoom = 0;
  for (let behind = 1; behind <= tileId; behind += 4 ** zoom) zoom++;
  return zoom;
}
