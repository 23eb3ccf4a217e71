import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { format } from 'prettier';
import { LonghaulError } from '../../shared/errors/longhaul-error.ts';
import { recordAccess } from './access.ts';
import { endsOf, GOLDEN_FOLDER, isRecorded, type GoldenWorld } from './golden.ts';
import { jsonSchemas } from './schemas.ts';
import { STORIES } from './stories.ts';
import { recordUploads } from './uploads.ts';

/**
 * `npm run golden:record -- <version>`: writes down what this version stores, for all later versions to read.
 * @throws LonghaulError `golden-recorded` when the version was recorded before: what was released does not change
 */
async function recordGolden(version: string | undefined): Promise<void> {
  if (version === undefined || !/^\d+\.\d+\.\d+$/.test(version)) {
    throw refusal('golden-version-invalid', `"${version ?? ''}" is no version.`, 'Give the version, such as 1.2.0.');
  }
  if (isRecorded(version)) {
    const remedy = 'Record the next version. Of one that was never released, delete the folder first.';
    throw refusal('golden-recorded', `Version ${version} was recorded before.`, remedy);
  }
  const folder = path.join(GOLDEN_FOLDER, version);
  await mkdir(path.join(folder, 'worlds'), { recursive: true });
  for (const [name, { title, tell }] of Object.entries(STORIES)) {
    const world = await tell();
    const states = world.jobs().map(({ state }) => state);
    const stored = world.capture(title);
    const golden: GoldenWorld = { ...stored, states, ends: (await endsOf(stored)).ends };
    await write(path.join(folder, 'worlds', `${name}.json`), golden);
  }
  await write(path.join(folder, 'access.json'), recordAccess());
  await write(path.join(folder, 'schemas.json'), jsonSchemas());
  await write(path.join(folder, 'uploads.json'), await recordUploads());
  console.log(`Recorded ${Object.keys(STORIES).length} worlds of version ${version}.`);
}

async function write(file: string, value: unknown): Promise<void> {
  await writeFile(file, await format(JSON.stringify(value), { parser: 'json', printWidth: 120 }));
}

function refusal(code: string, detail: string, remedy: string): LonghaulError {
  return new LonghaulError({ code, retryable: false, detail, remedy });
}

try {
  await recordGolden(process.argv[2]);
} catch (error) {
  if (!(error instanceof LonghaulError)) throw error;
  console.error(`${error.detail} ${error.remedy ?? ''}`);
  process.exitCode = 1;
}
