import { parseArgs } from 'node:util';
import { CONTEXTS } from '../test/simulation/core/contexts.ts';
import { LonghaulError } from '../shared/errors/longhaul-error.ts';
import { runScript } from './run-script.ts';
import { runVitest } from './testing/run-vitest.ts';

/** Parts of the simulation by what the names of their test files begin with. */
const PARTS = ['crash-points', 'pairs', 'random', 'model', 'delivery'] as const;

const USUAL = { seeds: '50000', 'first-seed': '1', runs: '100000' };

const HELP = `npm run test:soak -- [options]

Runs the simulation with many times the cases of a push: pairs in every way of delivery, and more seeds and runs. The
whole takes a night; options bound it.

  --only <part>       one of ${PARTS.join(', ')}; may be given more than once
  --seeds <n>         worlds of 10,000 steps                 (${USUAL.seeds})
  --first-seed <n>    where the seeds begin: a push runs 1 to 200  (${USUAL['first-seed']})
  --runs <n>          runs of the model                      (${USUAL.runs})
  --delivery <way>    for pairs: one of ${CONTEXTS.join(', ')}; may be given more than once
  --help              this text

npm run test:soak -- --only random --seeds 1000 --first-seed 201
`;

await runScript(async ({ signal }) => {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true, default: [] },
      seeds: { type: 'string', default: USUAL.seeds },
      'first-seed': { type: 'string', default: USUAL['first-seed'] },
      runs: { type: 'string', default: USUAL.runs },
      delivery: { type: 'string', multiple: true, default: [...CONTEXTS] },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const environment = {
    LONGHAUL_SOAK: '1',
    LONGHAUL_SEEDS: wholeNumber('seeds', values.seeds),
    LONGHAUL_FIRST_SEED: wholeNumber('first-seed', values['first-seed']),
    LONGHAUL_RUNS: wholeNumber('runs', values.runs),
    LONGHAUL_PAIR_DELIVERIES: values.delivery.map((way) => oneOf('--delivery', CONTEXTS, way)).join(),
  };
  const files = values.only.map((part) => `test/simulation/${oneOf('--only', PARTS, part)}`);
  return runVitest('simulation', { signal, environment, parameters: files });
});

/** @throws LonghaulError `soak-option-invalid` */
function wholeNumber(option: string, text: string): string {
  if (/^[1-9]\d{0,8}$/.test(text)) return text;
  throw invalid(`--${option} is "${text}".`, 'Give a whole number of at most nine digits, 1 or more.');
}

/** @throws LonghaulError `soak-option-invalid` */
function oneOf<T extends string>(option: string, known: readonly T[], text: string): T {
  const found = known.find((each) => each === text);
  if (found !== undefined) return found;
  throw invalid(`${option} is "${text}".`, `Give ${option} one of ${known.join(', ')}.`);
}

function invalid(detail: string, remedy: string): LonghaulError {
  return new LonghaulError({ code: 'soak-option-invalid', retryable: false, detail, remedy });
}
