import { createEnginePlatform } from '../engine-platform.ts';
import { createHandler } from './create-handler.ts';
import { processOfQueue } from './process-of-queue.ts';

const { platform } = createEnginePlatform('dead-letters', process.env);

export const handler = createHandler(platform, processOfQueue(process.env));
