import { parseArgs } from 'node:util';
import { CONTEXTS } from './core/contexts.ts';
import { FAULTS } from './core/faults.ts';
import { INGEST_SCENARIOS } from './core/ingest-scenarios.ts';
import { INTERRUPTED_SCENARIOS, SCENARIOS } from './core/scenarios.ts';
import type { World } from './core/world.ts';
import { checkAll } from './invariants/invariants.ts';
import { runCase } from './tiers/crash-points.ts';
import { INTERRUPTIONS, runInterrupted, SIDES } from './tiers/interruptions.ts';
import { replayModel } from './tiers/model.ts';
import { runSeed } from './tiers/random.ts';

const ALL_SCENARIOS = [...SCENARIOS, ...INGEST_SCENARIOS];

const HELP = `npm run replay -- <path> [--steps 10000]

Runs one case of the simulation again and prints every call that it makes, and every promise that it breaks.
<path> is what stands before the breach in the output of a test:

  crash-points/<scenario>/<context>/<call>:<fault>[,<call>:<fault>]
  interruptions/<scenario>/<context>/<call>:<before|after>:<cancel|time-out>
  random/<seed>
  model/<seed>/<path>/<replay path>

Contexts: ${CONTEXTS.join(', ')}
Faults: ${FAULTS.join(', ')}
Scenarios: ${ALL_SCENARIOS.map(({ name }) => `"${name}"`).join(', ')}
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { help: { type: 'boolean', default: false }, steps: { type: 'string', default: '10000' } },
});

const [path] = positionals;
if (values.help || path === undefined) {
  console.log(HELP);
  process.exitCode = values.help ? 0 : 2;
} else {
  const { world, breaches } = await replay(path);
  for (const line of world.trace) console.log(line);
  for (const breach of breaches) console.log(`✗ ${breach}`);
  console.log(`${world.ports.calls} calls, ${world.fired.length} faults, ${breaches.length} violations`);
  process.exitCode = breaches.length === 0 ? 0 : 1;
}

async function replay(text: string): Promise<{ world: World; breaches: string[] }> {
  const [tier, ...rest] = text.split('/');
  if (tier === 'model') return replayModel(rest.join('/'));
  if (tier === 'random') return runSeed(wholeNumber(rest[0]), { steps: wholeNumber(values.steps), traced: true });
  const [name, contextName, last = ''] = rest;
  const context = oneOf('context', CONTEXTS, contextName);
  if (tier === 'crash-points') {
    const scenario = named(ALL_SCENARIOS, name);
    const plan = last
      .split(',')
      .filter(Boolean)
      .map((each) => {
        const [call, fault] = each.split(':');
        return { call: wholeNumber(call), fault: oneOf('fault', FAULTS, fault) };
      });
    const { world, differs } = await runCase(scenario, context, plan, { traced: true });
    return { world, breaches: [...differs, ...(await checkAll(world))] };
  }
  if (tier === 'interruptions') {
    const [call, side, interruption] = last.split(':');
    const world = await runInterrupted(
      {
        scenario: named(INTERRUPTED_SCENARIOS, name),
        context,
        call: wholeNumber(call),
        side: oneOf('side', SIDES, side),
        interruption: oneOf('interruption', INTERRUPTIONS, interruption),
      },
      { traced: true },
    );
    return { world, breaches: await checkAll(world) };
  }
  throw new RangeError(`There is no tier "${tier}".\n\n${HELP}`);
}

function wholeNumber(text: string | undefined): number {
  if (text === undefined || !/^\d+$/.test(text)) throw new RangeError(`"${text}" is no whole number.\n\n${HELP}`);
  return Number(text);
}

function oneOf<T extends string>(what: string, known: readonly T[], text: string | undefined): T {
  const found = known.find((each) => each === text);
  if (found === undefined) throw new RangeError(`There is no ${what} "${text}".\n\n${HELP}`);
  return found;
}

function named<T extends { name: string }>(all: readonly T[], name: string | undefined): T {
  const found = all.find((each) => each.name === name);
  if (found === undefined) throw new RangeError(`There is no scenario "${name}".\n\n${HELP}`);
  return found;
}
