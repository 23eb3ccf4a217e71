import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileObjectStore } from '../../../shared/local/file-object-store.ts';

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
});
