import { describe, expect, it } from 'vitest';
import { csvFormat } from '../../../shared/geo/formats/csv/csv-format.ts';
import { CountingSink } from '../../helpers/counting-sink.ts';
import { readFormat } from '../../helpers/read-format.ts';
import { reading } from '../corpus/fuzz.ts';
import { vastText } from './vast-text.ts';

const MIB = 2 ** 20;
const GIB = 2 ** 30;
const { signal } = new AbortController();
const inspect = (file: ReturnType<typeof vastText>) =>
  csvFormat.inspect({ file }, { blockBytes: 64 * MIB, name: 'vast', signal });

describe('CSV of hostile size', () => {
  it.each([
    ['a first row', 'x,y,', 'a', 'record-too-long', 3],
    ['a row', 'x,y,a\n1,2,', 'a', 'record-too-long', 72],
    ['a row of nothing but delimiters', 'x,y,a\n1,2,', ',', 'record-too-long', 72],
    ['an open quote', 'x,y,a\n1,2,"', 'a', 'csv-quote-open', 72],
    ['an open quote before many rows', 'x,y,a\n1,2,"b\n', '1,2,c\n', 'csv-quote-open', 72],
    ['quotes without an end', 'x,y,a\n1,2,"', '""', 'csv-quote-open', 72],
    ['zero bytes', 'x,y\n1,2\n', '\0', 'not-csv', 3],
  ])('is refused for %s of a gigabyte, before it is read to its end', async (_what, head, filler, code, mebibytes) => {
    const file = vastText(head, filler, GIB);
    await expect(inspect(file)).rejects.toMatchObject({ code, retryable: false });
    expect(file.bytes).toBeLessThan(mebibytes * MIB);
    expect(file.misuses).toEqual([]);
  });

  it('is refused for a hundred thousand columns', async () => {
    const names = Array.from({ length: 100_000 }, (_, index) => `c${index}`).join();
    await expect(readFormat(csvFormat, `${names}\n`)).rejects.toMatchObject({
      code: 'csv-too-many-columns',
      limit: 4096,
    });
  });

  it('counts the cells of a row that has far too many', async () => {
    const { sink } = await readFormat(csvFormat, `x,y\n1,2\n${'1,'.repeat(MIB)}\n3,4\n`);
    expect(sink.features).toHaveLength(2);
    expect(sink.rejects).toMatchObject([{ problem: { code: 'csv-row-ragged' } }]);
  });

  it('tells four thousand equal names apart', async () => {
    const { layer } = await readFormat(csvFormat, `x,y,${Array.from({ length: 4000 }, () => 'a').join()}\n`);
    expect(new Set(layer.fields?.map(({ name }) => name)).size).toBe(4000);
    expect(layer.notes?.length).toBeLessThan(30);
  });

  it('reads a cell of sixty megabytes', async () => {
    const head = 'x,y,a\n1,2,"';
    const file = vastText(head, '""', head.length + 60 * MIB, '"\n');
    const [layer] = await inspect(file);
    const sink = new CountingSink();
    for (let block = 0; block < layer!.blocks; block++)
      await csvFormat.readBlock({ file }, layer!, block, sink, signal);
    expect(sink).toMatchObject({ features: 1, values: 1, rejects: 0 });
  });

  it('goes once over a hundred megabytes of quotes', async () => {
    const file = vastText('x,y,a,b\n', '1,2,"a","b"\n', 8 + 12 * 8 * MIB);
    await inspect(file);
    expect(file.bytes).toBeLessThan(file.size + 3 * MIB);
  });
});

describe('CSV that is cut off', () => {
  it('is read to the cut, or refused, at every kilobyte', async () => {
    const rows = Array.from({ length: 1500 }, (_, index) => `${index},"a ""b"" é\nc",1.5,"POINT (${index} 2)"`);
    const bytes = Buffer.from(`id,name,n,wkt\n${rows.join('\r\n')}`);
    expect(bytes.length).toBeGreaterThan(50_000);
    for (let end = 0; end < bytes.length; end += 1024) {
      const outcome = await reading(() => readFormat(csvFormat, bytes.subarray(0, end), { blockBytes: 10_000 }));
      if ('refused' in outcome) expect(outcome.refused.code).toBe(end === 0 ? 'not-csv' : 'csv-quote-open');
      else expect(outcome.read.sink.rejects.length).toBeLessThanOrEqual(1);
    }
  });
});
