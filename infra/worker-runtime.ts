/**
 * Environment of functions that make and drop large buffers: what V8 and glibc keep for later is a quarter less at the
 * same speed (`npm run bench:raster-memory`). glibc by itself raises the size from which a buffer is given back to the
 * system at once to that of the largest one that was freed; then parts of uploads and windows of blocks lie scattered
 * over a heap that only grows (`npm run bench:ingest-memory`).
 */
export const WORKER_RUNTIME = {
  NODE_OPTIONS: '--enable-source-maps --max-semi-space-size=4',
  MALLOC_ARENA_MAX: '2',
  /** 2 MiB: more than a tile of 512 × 512 pixels takes. */
  MALLOC_MMAP_THRESHOLD_: '2097152',
};
