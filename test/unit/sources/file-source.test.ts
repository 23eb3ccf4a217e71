import { mkdir, mkdtemp, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFileSource } from '../../../shared/sources/file-source.ts';

describe('openFileSource', () => {
  let folder: string;
  const file = (name: string): URL => pathToFileURL(join(folder, name));
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'file-source-'));
    await writeFile(
      file('a.bin'),
      Uint8Array.from({ length: 100 }, (_, index) => index),
    );
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('knows the size and reads ranges', async () => {
    const reader = await openFileSource(file('a.bin'));
    expect(reader.size).toBe(100);
    expect([...(await reader.read(10, 3))]).toEqual([10, 11, 12]);
  });

  it('reads fewer bytes at the end of the file, and none outside of it', async () => {
    const reader = await openFileSource(file('a.bin'));
    expect([...(await reader.read(98, 10))]).toEqual([98, 99]);
    await expect(reader.read(100, 1)).rejects.toThrow(RangeError);
  });

  it('opens the version that was opened before, and no other', async () => {
    await writeFile(file('b.bin'), 'one');
    const { etag } = await openFileSource(file('b.bin'));
    await expect(openFileSource(file('b.bin'), { etag })).resolves.toMatchObject({ etag });
    await utimes(file('b.bin'), 1, 1);
    await expect(openFileSource(file('b.bin'), { etag })).rejects.toMatchObject({ code: 'source-replaced' });
  });

  it('does not read a file that was replaced after it was opened', async () => {
    await writeFile(file('c.bin'), 'before');
    const reader = await openFileSource(file('c.bin'));
    await writeFile(file('new.bin'), 'after!');
    await utimes(file('new.bin'), 1, 1);
    await rename(file('new.bin'), file('c.bin'));
    await expect(reader.read(0, 3)).rejects.toMatchObject({ code: 'source-replaced', retryable: false });
  });

  it('calls a file that is not there source-not-found', async () => {
    await expect(openFileSource(file('none.bin'))).rejects.toMatchObject({ code: 'source-not-found' });
    await expect(openFileSource(file('a.bin/below'))).rejects.toMatchObject({ code: 'source-not-found' });
  });

  it.each(['folder', '/dev/null', 'file://elsewhere/a.bin'])('does not read %s', async (place) => {
    await mkdir(file('folder'), { recursive: true });
    const url = place === 'folder' ? file(place) : new URL(place, 'file:///');
    await expect(openFileSource(url)).rejects.toMatchObject({ code: 'source-not-allowed' });
  });

  it('stops with the reason of the signal', async () => {
    const reader = await openFileSource(file('a.bin'));
    await expect(reader.read(0, 1, AbortSignal.abort(new Error('cancelled')))).rejects.toThrow('cancelled');
  });
});
