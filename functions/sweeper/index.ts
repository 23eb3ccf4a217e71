import { sweep, type SweepReport } from '../../shared/jobs/handlers/sweep.ts';
import { dueUploads } from '../../shared/uploads/handlers/sweep-uploads.ts';
import { createUploadPlatform } from '../upload-platform.ts';

const { platform } = createUploadPlatform('sweeper', process.env);
const others = [dueUploads(platform)];

/** Called every minute by the scheduler. */
export async function handler(): Promise<SweepReport> {
  return sweep(platform, others);
}
