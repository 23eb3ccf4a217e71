import { CONTEXTS, type Context } from './contexts.ts';

/** Worlds of the simulation, and the first seed; runs of the model. `npm run test:soak` is given others than a push. */
export const SEEDS = wholeNumber('LONGHAUL_SEEDS', 200);
export const FIRST_SEED = wholeNumber('LONGHAUL_FIRST_SEED', 1);
export const RUNS = wholeNumber('LONGHAUL_RUNS', 2_000);

/** Ways of delivery in which pairs of faults, and the faults of uploads, are tried. */
export const PAIR_CONTEXTS = contexts('LONGHAUL_PAIR_DELIVERIES', ['once']);

function wholeNumber(variable: string, usual: number): number {
  const text = process.env[variable];
  if (text === undefined) return usual;
  if (!/^\d{1,9}$/.test(text)) throw new RangeError(`${variable} is "${text}", and must be a whole number.`);
  return Number(text);
}

function contexts(variable: string, usual: readonly Context[]): readonly Context[] {
  const named = process.env[variable]?.split(',');
  if (named === undefined) return usual;
  const known = CONTEXTS.filter((context) => named.includes(context));
  if (known.length < named.length) throw new RangeError(`${variable} names other ways than ${CONTEXTS.join(', ')}.`);
  return known;
}
