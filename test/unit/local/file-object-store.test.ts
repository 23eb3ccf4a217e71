import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileObjectStore } from '../../../shared/local/file-object-store.ts';

const MIB = 1024 * 1024;
const BYTES = Uint8Array.from([1, 2, 3]);

describe('FileObjectStore', () => {
  let base: string;
  let root: URL;
  let store: FileObjectStore;

  beforeEach(async () => {
    base = await mkdtemp(join(tmpdir(), 'longhaul-files-'));
    root = pathToFileURL(`${base}/inside/`);
    store = new FileObjectStore(root);
  });
  afterEach(() => rm(base, { recursive: true }));

  it.each([
    '../outside',
    '%2e%2e/outside',
    'a/..%2f..%2foutside',
    'a%00b',
    'a%5cb',
    'folder/',
    'https://example.com/inside/a',
    's3://data/a',
  ])('refuses %s', async (location) => {
    const url = new URL(location, root);
    await expect(store.putIfAbsent(url, BYTES)).rejects.toMatchObject({ code: 'object-request-invalid' });
    await expect(store.get(url, 10)).rejects.toMatchObject({ code: 'object-request-invalid' });
    await expect(store.createUpload(url)).rejects.toMatchObject({ code: 'object-request-invalid' });
    expect(await readdir(base)).toEqual([]);
  });

  it.each(['s3://data/', 'file:///tmp/no-folder'])('is no store below %s', (location) => {
    expect(() => new FileObjectStore(new URL(location))).toThrow(
      expect.objectContaining({ code: 'object-request-invalid' }),
    );
  });

  it('names a file system that refuses', async () => {
    await mkdir(new URL('./', root));
    await writeFile(new URL('file', root), 'a file where a folder should be');
    const url = new URL('file/below', root);
    await expect(store.putIfAbsent(url, BYTES)).rejects.toMatchObject({
      code: 'object-store-failed',
      retryable: false,
      cause: { code: expect.stringMatching(/EEXIST|ENOTDIR/) as string },
    });
    expect(await store.get(url, 10)).toBeUndefined();
  });

  it('does not write through a link that has the name', async () => {
    await mkdir(new URL('./', root));
    await symlink(join(base, 'target'), new URL('link', root));
    expect(await store.putIfAbsent(new URL('link', root), BYTES)).toBe('exists');
    expect((await readdir(base)).sort()).toEqual(['inside']);
  });

  // Sizes in MiB by part number, in the order in which the parts come.
  it.each([
    {
      parts: 'of one size, the last one shorter',
      come: [
        [2, 6],
        [1, 6],
        [3, 1],
      ],
      gives: [1, 2, 3],
    },
    {
      parts: 'of which the first comes last and is shorter',
      come: [
        [2, 6],
        [3, 6],
        [1, 5],
      ],
      gives: [1, 2, 3],
    },
    {
      parts: 'of which the last comes first',
      come: [
        [3, 1],
        [1, 6],
        [2, 6],
      ],
      gives: [1, 2, 3],
    },
    {
      parts: 'with numbers left out',
      come: [
        [2, 6],
        [9, 6],
        [4, 6],
      ],
      gives: [2, 4, 9],
    },
    {
      parts: 'of which the last is replaced by a shorter one',
      come: [
        [1, 6],
        [2, 6],
        [2, 2],
      ],
      gives: [1, 2],
    },
    {
      parts: 'of which one is replaced by a longer one',
      come: [
        [1, 6],
        [2, 6],
        [1, 7],
      ],
      gives: [1, 2],
    },
  ])('joins parts $parts', async ({ come, gives }) => {
    const sizes = new Map<number, number>();
    const upload = await store.createUpload(new URL('a', root));
    for (const [number, size] of come as [number, number][]) {
      await upload.putPart(number, new Uint8Array(size * MIB).fill(number));
      sizes.set(number, size);
    }
    await upload.complete();
    const runs = runsOf((await store.get(new URL('a', root), 64 * MIB))!);
    expect(runs).toEqual(gives.map((number) => [number, sizes.get(number)! * MIB]));
    expect(await readdir(new URL('./', root))).toEqual(['a']);
  });
});

/** Each value, and how often it follows itself. */
function runsOf(bytes: Uint8Array): [value: number, length: number][] {
  const runs: [number, number][] = [];
  for (let start = 0; start < bytes.length;) {
    const value = bytes[start]!;
    const next = bytes.subarray(start).findIndex((byte) => byte !== value);
    const length = next < 0 ? bytes.length - start : next;
    runs.push([value, length]);
    start += length;
  }
  return runs;
}
