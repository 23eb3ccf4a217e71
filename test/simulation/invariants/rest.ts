import { sweep } from '../../../shared/jobs/handlers/sweep.ts';
import type { World } from '../core/world.ts';

export async function checkSweepChangesNothing(world: World): Promise<string[]> {
  const { platform, observation, queue } = world;
  const before = { changes: observation.changes.length, sent: observation.queue.sent, size: queue.size };
  await Promise.all([sweep(platform), sweep(platform)]);
  const moved = observation.changes.length - before.changes;
  const sent = observation.queue.sent - before.sent;
  return moved === 0 && sent === 0 ? [] : [`sweeps at rest changed ${moved} rows and sent ${sent} messages`];
}
