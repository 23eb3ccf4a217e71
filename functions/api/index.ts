import { createApi } from './create-api.ts';
import { createHandler } from './create-handler.ts';

const api = createApi(process.env);

export const handler = createHandler(api);

// Time from the start of the process to here: what a cold start costs before the first request.
api.platform.logger.info('api.initialised', { milliseconds: Math.round(performance.now()) });
