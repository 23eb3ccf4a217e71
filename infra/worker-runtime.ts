/**
 * Environment of functions that make and drop large buffers: what V8 and glibc keep for later is a quarter less at the
 * same speed (`npm run bench:raster-memory`).
 */
export const WORKER_RUNTIME = {
  NODE_OPTIONS: '--enable-source-maps --max-semi-space-size=4',
  MALLOC_ARENA_MAX: '2',
};
