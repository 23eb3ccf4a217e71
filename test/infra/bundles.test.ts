import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import { buildSync } from 'esbuild';
import { afterAll, describe, expect, it } from 'vitest';
import { projectContext, type Resource } from './helpers/synthesise.ts';
import { printFigures } from '../helpers/print-figures.ts';

const MIB = 1024 * 1024;
const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
const outdir = mkdtempSync(join(tmpdir(), 'longhaul-bundles-'));

afterAll(() => {
  rmSync(outdir, { recursive: true });
});

/** The app as the CDK's command line runs it, with its bundles. */
execFileSync(process.execPath, ['infra/app.ts'], {
  cwd: PROJECT,
  stdio: ['ignore', 'ignore', 'inherit'],
  env: { ...process.env, CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify(projectContext) },
});
const template = JSON.parse(readFileSync(join(outdir, 'Longhaul.template.json'), 'utf8')) as {
  Resources: Record<string, Resource>;
};
const functions = Object.entries(template.Resources)
  .filter(([, { Type }]) => Type === 'AWS::Lambda::Function')
  .map(([id, { Properties }]) => ({
    id,
    folder: join(outdir, `asset.${(Properties['Code'] as { S3Key: string }).S3Key.replace('.zip', '')}`),
    environment: (Properties['Environment'] as { Variables: Record<string, unknown> }).Variables,
  }));
const workers = functions.filter(({ id }) => id.startsWith('Process'));

/** A value of the template with what only a deployment knows put in. */
function deployed(value: unknown): string {
  if (typeof value === 'string') return value;
  const { 'Fn::Join': parts } = value as { 'Fn::Join'?: [string, unknown[]] };
  return parts === undefined ? 'http://127.0.0.1/deployed' : parts[1].map(deployed).join(parts[0]);
}

/** Loads a bundle in a process of its own, as Lambda does. @returns the type of its handler and milliseconds */
function load({ folder, environment }: (typeof functions)[number]): { handler: string; milliseconds: number } {
  const program = `
    const start = performance.now();
    const module = await import(process.argv[1]);
    console.log(JSON.stringify({ handler: typeof module.handler, milliseconds: performance.now() - start }));
    process.exit();`;
  const variables = Object.entries(environment).map(([key, value]): [string, string] => [key, deployed(value)]);
  const output = execFileSync(
    process.execPath,
    ['--input-type=module', '--eval', program, pathToFileURL(join(folder, 'index.mjs')).href],
    {
      encoding: 'utf8',
      env: { AWS_REGION: 'eu-west-1', AWS_LAMBDA_FUNCTION_NAME: 'test', ...Object.fromEntries(variables) },
    },
  );
  return JSON.parse(output.trim().split('\n').at(-1) ?? '') as ReturnType<typeof load>;
}

describe('every bundle', () => {
  it.each(functions.filter(({ id }) => !id.startsWith('Process')))(
    '$id starts in the environment that the stack gives it',
    (each) => {
      expect(load(each).handler).toBe('function');
    },
  );

  it.each(functions)('$id has its processes inside: it looks for none on a disk', ({ folder }) => {
    expect(readFileSync(join(folder, 'index.mjs'), 'utf8')).not.toContain('LONGHAUL_PROCESS_FOLDERS');
  });

  it.each(functions)('$id has a source map without the sources', ({ folder }) => {
    expect(JSON.parse(readFileSync(join(folder, 'index.mjs.map'), 'utf8'))).not.toHaveProperty('sourcesContent');
  });
});

describe('the bundle of the API', () => {
  it('has at most 1 MiB zipped, without its source map', () => {
    const api = functions.find(({ id }) => id.startsWith('ApiFunction'));
    if (api === undefined) throw new Error('There is no API function.');
    const bytes = deflateRawSync(readFileSync(join(api.folder, 'index.mjs'))).length;
    const { milliseconds } = load(api);
    printFigures(`API bundle: ${Math.round(bytes / 1024)} KiB zipped; initialisation ${Math.round(milliseconds)} ms`);
    expect(bytes).toBeLessThan(MIB);
  });
});

describe('what only workers run', () => {
  const hasStandIn = ({ folder }: (typeof functions)[number]) =>
    readFileSync(join(folder, 'index.mjs'), 'utf8').includes('worker-code-left-out');

  it('is in the bundles of workers', () => {
    expect(workers.filter(hasStandIn)).toEqual([]);
  });

  it('is left out of every function that knows the processes and runs none: an error is in its place', () => {
    const withStandIn = functions.filter((each) => !workers.includes(each) && hasStandIn(each)).map(({ id }) => id);
    for (const name of [/^ApiFunction/, /^Stream/, /^Sweep/, /^DeadLetters/, /^UploadEvents/]) {
      expect(withStandIn).toContainEqual(expect.stringMatching(name));
    }
  });

  it('fails loudly where it is called without being there', () => {
    const definition = new URL('../../shared/processes/ingest/process.ts', import.meta.url);
    const { outputFiles } = buildSync({
      stdin: {
        contents: `import ingest from ${JSON.stringify(fileURLToPath(definition))};
          for (const step of [ingest.plan, ingest.runChunk, ingest.finish])
            await step({}, { inputs: {} }).catch(({ code }) => console.log(code));`,
        resolveDir: PROJECT,
      },
      bundle: true,
      write: false,
      platform: 'node',
      format: 'esm',
      conditions: ['module', 'without-worker-code'],
      banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
      logLevel: 'error',
    });
    const program = outputFiles[0]!.text;
    const said = execFileSync(process.execPath, ['--input-type=module'], { input: program, encoding: 'utf8' });
    expect(said.trim().split('\n')).toEqual(Array(3).fill('worker-code-left-out'));
  });
});

describe('native modules', () => {
  const installed = (folder: string) => existsSync(join(folder, 'node_modules/sharp'));

  it('lie beside the worker whose process names them, for the processor of Lambda', () => {
    const [worker] = workers.filter(({ folder }) => installed(folder));
    expect(worker?.id).toMatch(/^Processrasterpreseed/);
    expect(existsSync(join(worker?.folder ?? '', 'node_modules/@img/sharp-linux-arm64'))).toBe(true);
    expect(existsSync(join(worker?.folder ?? '', 'node_modules/@img/sharp-linux-x64'))).toBe(false);
  });

  it('lie nowhere else', () => {
    expect(functions.filter(({ folder }) => installed(folder))).toHaveLength(1);
  });
});
