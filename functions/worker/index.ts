import { createEnginePlatform } from '../engine-platform.ts';
import { createHandler } from './create-handler.ts';

const { platform } = createEnginePlatform('worker', process.env);

export const handler = createHandler(platform);
