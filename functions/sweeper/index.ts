import { sweep, type SweepReport } from '../../shared/jobs/handlers/sweep.ts';
import { createEnginePlatform } from '../engine-platform.ts';

const { platform } = createEnginePlatform('sweeper', process.env);

/** Called every minute by the scheduler. */
export async function handler(): Promise<SweepReport> {
  return sweep(platform);
}
