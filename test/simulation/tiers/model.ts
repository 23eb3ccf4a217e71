import fc from 'fast-check';
import { Totals } from '../core/totals.ts';
import type { World } from '../core/world.ts';
import { RUNS } from '../core/soak.ts';
import { modelCommands, type ModelCommand, type Tally } from './model-commands.ts';
import { Model } from './model-prediction.ts';
import { System } from './model-system.ts';

const MAX_COMMANDS = 60;
const SEED = 20_261_122;

export interface ModelOptions {
  runs?: number;
  seed?: number;
  /** Of a run that failed, as its violation names them: only this one is run. */
  path?: string;
  replayPath?: string;
  /** Given the world of each run before it begins; its calls are traced. */
  watch?: (world: World) => void;
}

/**
 * Runs drawn lists of commands, each over a new world, and holds it against the model after each of them; then lets the
 * world rest and checks every invariant. The first run that fails is made smaller, and reported as
 * `model/<seed>/<path>/<replayPath>`.
 * @returns how often each command was run and each answer given
 */
export async function runModel(totals: Totals, options: ModelOptions = {}): Promise<Tally> {
  const { runs = RUNS, seed = SEED, path, replayPath, watch } = options;
  const tally: Tally = new Map();
  const lists = fc.commands(modelCommands(tally), {
    maxCommands: MAX_COMMANDS,
    size: 'max',
    ...(replayPath !== undefined && { replayPath }),
  });
  const property = fc.asyncProperty(lists, async (commands) => {
    const system = new System(watch !== undefined);
    watch?.(system.world);
    await runOnce(totals, system, commands);
  });
  const result = await fc.check(property, {
    numRuns: path === undefined ? runs : 1,
    seed,
    ...(path !== undefined && { path, endOnFailure: true }),
  });
  if (result.failed) {
    const [commands] = result.counterexample ?? [];
    const replay = /replayPath="([^"]*)"/.exec(fc.stringify(commands))?.[1] ?? '';
    const error = result.errorInstance instanceof Error ? result.errorInstance.message : 'it was interrupted';
    const where = `model/${result.seed}/${result.counterexamplePath ?? ''}/${replay}`;
    totals.violations.push({ path: where, breach: `${error}\nafter ${fc.stringify(commands)}` });
  }
  return tally;
}

/** Runs one case again. @param path what stands behind `model/` in the name of its violation */
export async function replayModel(path: string): Promise<{ world: World; breaches: string[] }> {
  const [seed, run = '', ...replay] = path.split('/');
  const totals = new Totals();
  let world: World | undefined;
  const watch = (each: World): void => void (world = each);
  await runModel(totals, { seed: Number(seed), path: run, replayPath: replay.join('/'), watch });
  if (world === undefined) throw new RangeError(`There is no run ${path}.`);
  return { world, breaches: totals.violations.map(({ breach }) => breach) };
}

async function runOnce(totals: Totals, system: System, commands: Iterable<ModelCommand>): Promise<void> {
  const model = new Model();
  await fc.asyncModelRun(() => ({ model, real: system }), commands);
  await system.rest();
  const wrong = await wrongEnds(model, system);
  const known = totals.violations.length;
  await totals.add('model', system.world, wrong);
  // They are reported once, of the smallest run that has them.
  const found = totals.violations.splice(known).map(({ breach }) => breach);
  if (found.length > 0) throw new Error(found.join('\n'));
}

/** Jobs that did not end as the model says. */
async function wrongEnds(model: Model, { world }: System): Promise<string[]> {
  const dead = [...world.observation.deadLetters.values()].map(({ body }) => body);
  const wrong: string[] = [];
  for (const each of model.jobs) {
    const job = await world.job(each);
    const why =
      job &&
      model.wrongEnd(
        each,
        job,
        dead.some((body) => body.includes(each.jobId)),
      );
    if (why !== undefined) wrong.push(`${each.jobId} is ${job?.state}: ${why}`);
  }
  return wrong;
}
