import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { fromAttributes, fromKeyAttributes } from '../../shared/aws/attribute-value.ts';
import { listUploads } from '../../shared/uploads/list-uploads.ts';
import { UPLOAD_STATES } from '../../shared/uploads/upload.ts';
import { createUploadBench, TENANT } from '../helpers/upload-bench.ts';
import { GOLDEN_FOLDER } from './golden.ts';
import { recordUploads, UPLOAD_SCHEMAS, uploadContents, type RecordedUploads } from './uploads.ts';

const VERSIONS = globSync('*/', { cwd: GOLDEN_FOLDER })
  .sort()
  .map((version) => ({ version, file: path.join(GOLDEN_FOLDER, version, 'uploads.json') }))
  .filter(({ file }) => existsSync(file))
  .map(({ version, file }) => ({ version, recorded: JSON.parse(readFileSync(file, 'utf8')) as RecordedUploads }));

/** What a recording holds that the schemas of another refuse. */
function refused(recorded: RecordedUploads, { schemas }: Pick<RecordedUploads, 'schemas'>): string[] {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  return uploadContents(recorded).flatMap(({ kind, where, value }) => {
    const schema = schemas[kind];
    if (schema === undefined || ajv.validate(schema, value)) return [];
    return [`${kind} ${where}: ${ajv.errorsText()}`];
  });
}

describe('the golden files of uploads', () => {
  it('begin with version 0.1.0', () => {
    expect(VERSIONS.map(({ version }) => version)).toContain('0.1.0');
  });
});

describe.each(VERSIONS)('what version $version stored of uploads', ({ recorded }) => {
  it('has an upload in each state, and every kind of thing that uploads store', () => {
    const contents = uploadContents(recorded);
    const states = contents.flatMap(({ kind, value }) =>
      kind === 'uploadRow' ? [(value as { state: string }).state] : [],
    );
    expect(new Set(states)).toEqual(new Set(UPLOAD_STATES));
    expect(new Set(contents.map(({ kind }) => kind))).toEqual(new Set(Object.keys(recorded.schemas)));
  });

  it('is what its own schemas say, and what today’s code demands', () => {
    expect(refused(recorded, recorded)).toEqual([]);
    for (const { kind, where, value } of uploadContents(recorded)) {
      expect(UPLOAD_SCHEMAS[kind].safeParse(value).error, where).toBeUndefined();
    }
  });

  it('is read by today’s code, and swept to rest', async () => {
    const bench = createUploadBench();
    for (const row of recorded.rows) {
      const condition = { operator: 'absent', attribute: 'version' } as const;
      await bench.engine.store.write({
        kind: 'put',
        key: fromKeyAttributes(row),
        item: fromAttributes(row),
        condition,
      });
    }
    bench.clock.advance(recorded.now + 8 * 24 * 60 * 60_000 - bench.clock.now());
    for (let sweep = 0; sweep < 3; sweep++) {
      await bench.sweep();
      bench.clock.advance(60 * 60_000);
    }
    const { uploads } = await listUploads(bench.platform, TENANT, { limit: 100 });
    expect(uploads).toHaveLength(recorded.rows.filter((row) => row['sk']?.S?.startsWith('UPLOAD#')).length);
    // Nothing arrived in this bucket: what was open is given up, and its bytes are given back.
    expect(uploads.filter(({ state }) => state === 'open' || state === 'completing')).toEqual([]);
    expect(await bench.inUse()).toMatchObject({ inFlightBytes: 0, openUploads: 0 });
  });
});

describe('what today’s code stores of uploads', () => {
  it.each(VERSIONS)('is read by version $version', async ({ recorded }) => {
    expect(refused(await recordUploads(), recorded)).toEqual([]);
  });
});
