import { describe, expect, it } from 'vitest';
import { printFigures } from '../helpers/print-figures.ts';
import { explore } from './explore.ts';
import { FAULTS } from './moves.ts';

/** Things that go wrong on one path: each one more makes thirty times as many states. */
const FAULTS_OF_A_PATH = 2;

/** Every step of the table that this job can take; its plan is not empty, and its end is neither whole nor a loss. */
const STEPS = [
  'accepted → cancelled',
  'accepted → failed',
  'accepted → planning',
  'finishing → cancelled',
  'finishing → failed',
  'finishing → partial',
  'planning → cancelled',
  'planning → failed',
  'planning → running',
  'running → cancelled',
  'running → failed',
  'running → finishing',
];

describe('explorer', () => {
  it('finds no state of a small job that breaks a promise, and an end from each', async () => {
    const { violations, steps, ...figures } = await explore({ faults: FAULTS_OF_A_PATH });

    printFigures(`explorer: ${JSON.stringify(figures)}`);
    expect(violations).toEqual([]);
    expect(steps).toEqual(STEPS);
    expect(Object.keys(figures.faults).sort()).toEqual([...FAULTS].sort());
    expect(Object.keys(figures.ends).sort()).toEqual(['cancelled', 'failed', 'partial']);
  });
});
