import { chunkBugs } from './bank/chunks.ts';
import { endingBugs } from './bank/endings.ts';
import { healingBugs } from './bank/healing.ts';
import { messageBugs } from './bank/messages.ts';
import { planningBugs } from './bank/planning.ts';
import { shardBugs } from './bank/shards.ts';
import { submissionBugs } from './bank/submission.ts';
import { uploadBugs } from './bank/uploads.ts';
import type { Bug } from './bug.ts';

/** Every bug that a tier is known to catch. */
export const BANK: readonly Bug[] = [
  ...submissionBugs,
  ...planningBugs,
  ...chunkBugs,
  ...shardBugs,
  ...endingBugs,
  ...messageBugs,
  ...healingBugs,
  ...uploadBugs,
];
