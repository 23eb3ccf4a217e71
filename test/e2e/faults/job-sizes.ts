import type { TallyInputs } from './load.ts';

/** Units of each dataset. */
export const SMALL_UNITS = 25;
export const LARGE_UNITS = 1300;
/** Ten chunks in two datasets. */
export const small = (name: string): TallyInputs => ({
  units: SMALL_UNITS,
  chunkUnits: 5,
  datasets: [`${name}-east`, `${name}-west`],
});
/** 260 chunks: more than a shard holds. */
export const large = (name: string): TallyInputs => ({
  units: LARGE_UNITS,
  chunkUnits: 5,
  datasets: [name],
  pause: 20,
});
/** 26 chunks that take about five seconds: time to do something to it meanwhile. */
export const slow = (name: string): TallyInputs => ({ ...small(name), chunkUnits: 2, pause: 800 });
