import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createCatalogue } from '../../../scripts/error-catalogue/catalogue.ts';
import { readErrors, type ReadError } from '../../../scripts/error-catalogue/read-errors.ts';
import { renderCatalogue } from '../../../scripts/error-catalogue/render-catalogue.ts';
import { sourceProgram } from '../../../scripts/error-catalogue/source-program.ts';
import { CATALOGUE_PAGE, errorCatalogue } from '../../../scripts/generate-error-catalogue.ts';

const BASE = 'shared/errors/longhaul-error.ts';
const IMPORT = `import { LonghaulError } from './longhaul-error.ts';\n`;

/** Errors of a file of this content, which stands beside the base class. */
function read(content: string, more: Record<string, string> = {}): ReadError[] {
  const texts = { 'shared/errors/sample.ts': IMPORT + content, ...more };
  return readErrors(sourceProgram([BASE], texts));
}

const error = (fields: Partial<ReadError>): ReadError => ({
  code: 'too-hot',
  kind: 'raised',
  retryable: false,
  details: ['It is too hot.'],
  remedies: [],
  file: 'shared/errors/sample.ts',
  ...fields,
});

describe('readErrors', () => {
  it('reads what an error is made of', () => {
    expect(
      read(`throw new LonghaulError({ code: 'too-hot', retryable: true, detail: 'It is too hot.', remedy: 'Wait.' });`),
    ).toEqual([error({ retryable: true, remedies: ['Wait.'] })]);
  });

  it('puts constants into sentences, and a placeholder for what is known when it runs', () => {
    const content = `
      const MINUTE = 60; const LIMIT = 2 * MINUTE;
      export const tooHot = (degrees: number) => new LonghaulError({
        code: 'too-hot', retryable: false, detail: \`It has \${degrees} degrees after \${LIMIT} s.\` });`;
    expect(read(content)).toEqual([error({ details: ['It has … degrees after 120 s.'] })]);
  });

  it('follows a code through functions to the calls that name it, across files', () => {
    const content = `
      function broken(code: string, detail: string) { return new LonghaulError({ code, retryable: false, detail }); }
      export const part = (what: 'arm' | 'leg') => broken(\`\${what}-broken\`, \`The \${what} is broken.\`);`;
    const caller = `import { part } from './sample.ts';\nthrow part('arm');\nthrow part('leg');\n`;
    expect(read(content, { 'shared/errors/caller.ts': caller })).toEqual([
      error({ code: 'arm-broken', details: ['The arm is broken.'] }),
      error({ code: 'leg-broken', details: ['The leg is broken.'] }),
    ]);
  });

  it('follows calls through the name of a module', () => {
    const content = `
      export const refused = (code: string, detail: string) => new LonghaulError({ code, retryable: false, detail });`;
    const caller = `import * as errors from './sample.ts';\nthrow errors.refused('too-hot', 'It is too hot.');\n`;
    expect(read(content, { 'shared/errors/caller.ts': caller })).toEqual([error({ file: 'shared/errors/caller.ts' })]);
  });

  it('takes the parts that a call hands on in an object', () => {
    const content = `
      const invalid = (details: { code: string; detail: string }, field?: string) =>
        new LonghaulError({ ...details, retryable: false, ...(field === undefined ? {} : { field }) });
      throw invalid({ code: 'too-hot', detail: 'It is too hot.' });`;
    expect(read(content)).toContainEqual(error({}));
  });

  it('tells the two errors of a code that is chosen by a condition apart', () => {
    const content = `
      declare const status: number;
      const retryable = status >= 500;
      throw new LonghaulError({ code: retryable ? 'away' : 'gone', retryable, detail: 'It is not there.' });`;
    expect(read(content).map(({ code, retryable }) => ({ code, retryable }))).toEqual([
      { code: 'away', retryable: true },
      { code: 'gone', retryable: false },
    ]);
  });

  it('reads subclasses, with a constructor of their own or without', () => {
    const content = `
      class Plain extends LonghaulError {}
      class Own extends LonghaulError {
        constructor(code: string, errors: { detail: string }[]) {
          super({ code, retryable: false, detail: errors[0].detail });
        }
      }
      throw new Plain({ code: 'too-hot', retryable: false, detail: 'It is too hot.' });
      throw new Own('too-cold', [{ detail: 'It is too cold.' }]);`;
    expect(read(content)).toEqual(
      expect.arrayContaining([error({}), error({ code: 'too-cold', details: ['It is too cold.'] })]),
    );
  });

  it('reads the reasons that are recorded, and passes over copies of other errors', () => {
    const content = `
      export const failure = { code: 'too-hot', detail: 'It is too hot.' };
      export function again(caught: LonghaulError) {
        const { code, retryable, detail } = caught;
        return new LonghaulError({ code, retryable, detail, field: '/a' });
      }
      export const record = (caught: LonghaulError) => ({ code: caught.code, detail: caught.detail });`;
    expect(read(content)).toEqual([error({ kind: 'recorded', retryable: undefined })]);
  });

  it.each([
    [
      'a note',
      `declare const sink: { note(problem: object): void };
       sink.note({ code: 'too-hot', reason: 'It is too hot.', count: 2 });`,
    ],
    ['a constant', `const NOTES = { heat: { code: 'too-hot', reason: 'It is too hot.' } } as const;`],
    [
      'an error that a reader catches',
      `class FeatureError extends LonghaulError {}
       throw new FeatureError({ code: 'too-hot', retryable: false, detail: 'It is too hot.' });`,
    ],
    [
      'what a constructor makes of its arguments',
      `class Defect extends Error {
         readonly problem: { code: string; reason: string };
         constructor(code: string, reason: string) { super(reason); this.problem = { code, reason }; }
       }
       throw new Defect('too-hot', 'It is too hot.');`,
    ],
  ])('reads what is wrong with one feature: %s', (_, content) => {
    expect(read(content)).toEqual([error({ kind: 'feature', retryable: undefined })]);
  });

  it.each([
    ['a code', `new LonghaulError({ code: codes[0], retryable: false, detail: 'It is.' });`],
    [
      'whether it is retryable',
      `new LonghaulError({ code: 'too-hot', retryable: codes.length > 1, detail: 'It is.' });`,
    ],
  ])('refuses %s that cannot be told, and names the place', (_, content) => {
    expect(() => read(`declare const codes: string[];\nthrow ${content}`)).toThrow('shared/errors/sample.ts:3');
  });
});

describe('createCatalogue', () => {
  it('refuses a code that is retryable in one place and final in another', () => {
    const errors = [error({}), error({ retryable: true, file: 'cli/errors.ts' })];
    expect(() => createCatalogue(errors)).toThrow('too-hot is retryable in one place and final in another');
  });

  it('joins what several places say of one code, in the area that comes first', () => {
    const errors = [
      error({ file: 'shared/jobs/run.ts', details: ['It is far too hot.'] }),
      error({ file: 'functions/api/errors.ts' }),
    ];
    expect(createCatalogue(errors)).toMatchObject([
      { title: 'API', entries: [{ code: 'too-hot', details: ['It is far too hot.', 'It is too hot.'], status: 400 }] },
    ]);
  });

  it('gives no HTTP status to what no API answers with', () => {
    const [area] = createCatalogue([error({ file: 'cli/errors.ts' })]);
    expect(area?.entries[0]?.status).toBeUndefined();
  });

  it('gives a process an area of its own', () => {
    const [area] = createCatalogue([error({ file: 'shared/processes/new-one/errors.ts' })]);
    expect(area?.title).toBe('Process new-one');
  });

  it('says that what is wrong with one feature ends nothing, and is no answer of the API', () => {
    const [area] = createCatalogue([error({ kind: 'feature', retryable: undefined })]);
    expect(area?.entries).toMatchObject([{ families: ['feature'], status: undefined }]);
  });

  it('says both of a code that ends a job in one place and is that of a feature in another', () => {
    const ofFeature = error({ kind: 'feature', retryable: undefined, file: 'shared/geo/formats/read.ts' });
    const [area] = createCatalogue([ofFeature, error({})]);
    expect(area?.entries).toMatchObject([{ families: ['final', 'feature'], status: 400 }]);
  });

  it('tells errors of the platform, which spend no attempt, from others', () => {
    const errors = [error({ code: 'store-unavailable', retryable: true, file: 'shared/adapters/errors.ts' })];
    expect(createCatalogue(errors)[0]?.entries).toMatchObject([{ families: ['platform'], status: 503 }]);
  });
});

describe('renderCatalogue', () => {
  it('writes marks of Markdown as what they are, but for code', () => {
    const page = renderCatalogue(createCatalogue([error({ remedies: ['Send <token> by `a <b>` for a_b.'] })]));
    expect(page).toContain('- **What you do:** Send \\<token\\> by `a <b>` for a\\_b.');
  });

  it('says what becomes of a feature, and of all others', () => {
    const page = renderCatalogue(createCatalogue([error({ kind: 'feature', retryable: undefined })]));
    expect(page).toContain(
      '- **Family:** of a feature\n- **What happens next:** in the list of errors: the feature is left',
    );
  });
});

describe('docs/errors.md', () => {
  it('tells the errors of the code', () => {
    expect(readFileSync(CATALOGUE_PAGE, 'utf8'), 'run `node scripts/generate-error-catalogue.ts`').toBe(
      errorCatalogue(),
    );
  });
});
