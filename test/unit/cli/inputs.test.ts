import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Command } from 'commander';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { processCommand } from '../../../cli/commands/process-command.ts';
import type { Inputs } from '../../../cli/inputs/input-options.ts';
import { withFileUrls } from '../../../cli/inputs/local-files.ts';
import { parseInputValue, ValueError } from '../../../cli/inputs/parse-input-value.ts';
import { readArea } from '../../../cli/inputs/read-area.ts';
import { temporaryFolder } from './test-cli.ts';

const folder = new URL('file:///work/');

const input = (schema: Record<string, unknown>, minOccurs = 0, maxOccurs = 1) => ({
  title: 'An input',
  minOccurs,
  maxOccurs,
  schema,
});

const objects = (properties: Record<string, unknown>) =>
  input({ type: 'array', items: { type: 'object', properties } });

/** The inputs that a command line gives. */
async function collect(inputs: Inputs, args: string[], place = folder): Promise<Record<string, unknown>> {
  let collected: Record<string, unknown> = {};
  const command = processCommand({
    name: 'test',
    description: '',
    inputs,
    folder: place,
    addOptions: (own: Command) => own.option('--inputs <file>').option('--out <file>'),
    execute: async (given) => {
      collected = given;
    },
  });
  command.exitOverride().configureOutput({ writeErr: () => undefined });
  await command.parseAsync(args, { from: 'user' });
  return collected;
}

describe('the value of an option', () => {
  it.each([
    ['12', { type: 'integer' }, 12],
    ['-1.5e3', { type: 'number' }, -1500],
    ['12', { type: 'string' }, '12'],
    ['[1]', { type: 'string' }, '[1]'],
    ['true', { type: 'boolean' }, true],
    ['1,2, 3', { type: 'array', items: { type: 'number' } }, [1, 2, 3]],
    [
      '[[0,1],[2,3]]',
      { type: 'array', items: { type: 'array' } },
      [
        [0, 1],
        [2, 3],
      ],
    ],
    ['{"a":1}', { type: 'object' }, { a: 1 }],
    [
      '512',
      {
        anyOf: [
          { type: 'number', enum: [256] },
          { type: 'number', enum: [512] },
        ],
      },
      512,
    ],
    ['7', { anyOf: [{ type: 'number' }, { type: 'string' }] }, 7],
    ['x', { anyOf: [{ type: 'number' }, { type: 'string' }] }, 'x'],
    ['x', {}, 'x'],
    ['{"a":1}', {}, { a: 1 }],
  ])('%s is by %j %j', (text, schema, value) => {
    expect(parseInputValue(text, schema)).toEqual(value);
  });

  it.each([
    ['many', { type: 'integer' }],
    ['0x10', { type: 'number' }],
    ['yes', { type: 'boolean' }],
    ['{"a":', { type: 'object' }],
    ['a,b', { type: 'array', items: { type: 'object' } }],
    ['1,x', { type: 'array', items: { type: 'number' } }],
    ['{"__proto__":1}', { type: 'object' }],
    ['['.repeat(100), { type: 'array' }],
  ])('%s is refused by %j', (text, schema) => {
    expect(() => parseInputValue(text, schema)).toThrow(ValueError);
  });

  it('is the number that was written, whatever it is', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(parseInputValue(String(value), { type: 'number' })).toBe(Object.is(value, -0) ? 0 : value);
      }),
    );
  });
});

describe('the options of a process', () => {
  const inputs: Inputs = {
    tileSize: input({ type: 'integer' }),
    out: input({ type: 'string' }),
    points: input({ type: 'number' }, 0, 3),
    verbose: input({ type: 'boolean' }),
    layers: objects({ source: { type: 'string' }, bands: { type: 'array', items: { type: 'integer' } } }),
  };

  it('are taken in both spellings', async () => {
    expect(await collect(inputs, ['--tileSize', '256'])).toEqual({ tileSize: 256 });
    expect(await collect(inputs, ['--tile-size=512'])).toEqual({ tileSize: 512 });
  });

  it('have a prefix where the command has an option of that name', async () => {
    expect(await collect(inputs, ['--input-out', 'a', '--out', 'b'])).toEqual({ out: 'a' });
  });

  it('may be repeated when the input may occur several times', async () => {
    expect(await collect(inputs, ['--points', '1', '-2', '--points', '3'])).toEqual({ points: [1, -2, 3] });
  });

  it('add to a list each time, and are refused when one value is given twice', async () => {
    const inputs = { outputs: input({ type: 'array', items: { type: 'string' } }), zoom: input({ type: 'integer' }) };
    expect(await collect(inputs, ['--outputs', 'a,b', '--outputs', 'c'])).toEqual({ outputs: ['a', 'b', 'c'] });
    await expect(collect(inputs, ['--zoom', '1', '--zoom', '2'])).rejects.toThrow(/--zoom.*given 2 times/);
  });

  it('need no value when they are true or false', async () => {
    expect(await collect(inputs, ['--verbose'])).toEqual({ verbose: true });
    expect(await collect(inputs, ['--verbose', 'false'])).toEqual({ verbose: false });
  });

  it('make objects out of their properties: one value holds for all', async () => {
    expect(await collect(inputs, ['--source', 'a', 'b', '--bands', '1,2,3'])).toEqual({
      layers: [
        { source: 'a', bands: [1, 2, 3] },
        { source: 'b', bands: [1, 2, 3] },
      ],
    });
    expect(await collect(inputs, ['--source', 'a', '--source', 'b', '--bands', '1', '2'])).toEqual({
      layers: [
        { source: 'a', bands: [1] },
        { source: 'b', bands: [2] },
      ],
    });
  });

  it('refuse properties that do not fit together, or the array besides them', async () => {
    await expect(collect(inputs, ['--source', 'a', 'b', 'c', '--bands', '1', '2'])).rejects.toThrow('2 values for 3');
    await expect(collect(inputs, ['--source', 'a', '--layers', '[]'])).rejects.toThrow('short for a part of --layers');
  });

  it('have no short form for a property that two arrays share', async () => {
    const two: Inputs = { a: objects({ x: { type: 'string' } }), b: objects({ x: { type: 'string' } }) };
    await expect(collect(two, ['--x', '1'])).rejects.toThrow("unknown option '--x'");
  });

  it('win over the file of --inputs, and take arrays and objects from files', async () => {
    const place = temporaryFolder();
    writeFileSync(join(place, 'in.json'), '{"tileSize": 1, "out": "file"}');
    writeFileSync(join(place, 'layers.json'), '[{"source": "x"}]');
    const args = ['--inputs', 'in.json', '--tile-size', '2', '--layers', '@layers.json'];
    expect(await collect(inputs, args, pathToFileURL(`${place}/`))).toEqual({
      tileSize: 2,
      out: 'file',
      layers: [{ source: 'x' }],
    });
  });
});

describe('paths of this machine', () => {
  it('become file URLs under source and url, at any depth, and nowhere else', () => {
    const given = { datasets: [{ source: 'a b.tif', id: 'a b' }], url: '../x', name: 'y', n: 1 };
    expect(withFileUrls(given, folder)).toEqual({
      datasets: [{ source: 'file:///work/a%20b.tif', id: 'a b' }],
      url: 'file:///x',
      name: 'y',
      n: 1,
    });
  });

  it('are left alone when they are URLs', () => {
    const given = { source: ['https://a.example/x.tif', 's3://bucket/key', 'file:///y'] };
    expect(withFileUrls(given, folder)).toEqual(given);
  });
});

describe('the area of a GeoJSON file', () => {
  const ring = [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 0],
  ];
  const polygon = { type: 'Polygon', coordinates: [ring] };
  const multiPolygon = { type: 'MultiPolygon', coordinates: [[ring], [ring]] };
  const feature = (geometry: unknown) => ({ type: 'Feature', properties: null, geometry });
  const collection = { type: 'FeatureCollection', features: [feature(polygon), feature(multiPolygon)] };

  it.each([
    [polygon, polygon],
    [feature(multiPolygon), multiPolygon],
    [collection, { type: 'MultiPolygon', coordinates: [[ring], [ring], [ring]] }],
  ])('%j', async (content, area) => {
    const place = temporaryFolder();
    writeFileSync(join(place, 'a.json'), JSON.stringify(content));
    expect(await readArea('a.json', pathToFileURL(`${place}/`))).toEqual(area);
  });

  it('is refused when it is no polygon', async () => {
    const place = temporaryFolder();
    writeFileSync(join(place, 'a.json'), '{"type":"Point","coordinates":[0,0]}');
    await expect(readArea('a.json', pathToFileURL(`${place}/`))).rejects.toThrow('no GeoJSON with polygons only');
  });
});
