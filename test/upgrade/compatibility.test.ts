import { describe, expect, it } from 'vitest';
import { numberOf } from '../../shared/jobs/items/attributes.ts';
import { readJobItem } from '../../shared/jobs/items/job-item.ts';
import type { Item } from '../../shared/jobs/ports/job-store.ts';
import { contentsOf, type Content } from './contents.ts';
import { goldenVersions } from './golden.ts';
import { jsonSchemas, SCHEMAS } from './schemas.ts';
import { STORIES } from './stories.ts';
import { validatorOf } from './validate.ts';

const VERSIONS = goldenVersions();

describe.each(Object.entries(STORIES))('what today’s code stores: %s', (_name, { title, tell }) => {
  it('is read by every version that was released', async () => {
    const contents = contentsOf((await tell()).capture(title));
    expect(contents.length).toBeGreaterThan(1);
    for (const version of VERSIONS) expect(contents.flatMap(validatorOf(version)), version.version).toEqual([]);
  });
});

describe('the schemas', () => {
  const demanded = Object.entries(SCHEMAS.jobRow.shape).filter(([, schema]) => !schema.isOptional());

  /** A row that says all that today's code can say. */
  const row = async (): Promise<Item> => {
    const { engine } = await STORIES['raster-partial']!.tell();
    return engine.store.items().find(({ key }) => key.sk.startsWith('JOB#'))!.item;
  };

  // What has a value of its own when it is absent is demanded all the same: every version has written it.
  const WITH_A_DEFAULT = ['version', 'createdAt', 'updatedAt', 'deadlineAt', 'nextShard', 'history'];

  it.each(demanded.map(([name]) => name))('demand of a job row what its reader demands: %s', async (name) => {
    const { [name]: removed, ...rest } = await row();
    expect(removed).toBeDefined();
    const read = () => readJobItem('acme', 'job', rest);
    if (WITH_A_DEFAULT.includes(name)) expect(read).not.toThrow();
    else expect(read).toThrow();
  });

  it('allow a job row an attribute that this version does not know, as its reader does', async () => {
    const known = await row();
    const more = { ...known, madeLater: 'by a version to come' };
    expect(readJobItem('acme', 'job', more)).toEqual(readJobItem('acme', 'job', known));
    const sets = (value: unknown): unknown => (value instanceof Set ? [...(value as Set<number>)] : value);
    const plain = Object.fromEntries(Object.entries(more).map(([name, value]) => [name, sets(value)]));
    expect(SCHEMAS.jobRow.safeParse(plain).error).toBeUndefined();
    expect(numberOf(more, 'version')).toBeGreaterThan(1);
  });

  it.each([
    ['a message with a member more', { kind: 'message', where: 'queue', value: { ...MESSAGE, priority: 1 } }],
    ['a message of another schema version', { kind: 'message', where: 'queue', value: { ...MESSAGE, schema: 2 } }],
    ['a row in a state that it does not know', { kind: 'jobRow', where: 'row', value: { state: 'paused' } }],
    ['a plan without its datasets', { kind: 'plan', where: 'plan', value: { toleratedFailurePercentage: 5 } }],
  ] as [string, Content][])('refuse %s', (_what, content) => {
    for (const version of [...VERSIONS, { schemas: jsonSchemas() as (typeof VERSIONS)[0]['schemas'] }]) {
      expect(validatorOf(version)(content)).not.toEqual([]);
    }
  });
});

const MESSAGE = { schema: 1, tenant: 'acme', jobId: '01J00000000000000000000001', attempt: 1, kind: 'plan' };
