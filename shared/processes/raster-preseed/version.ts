export const PROCESS_ID = 'raster-preseed';

/** Version of the process's interface, and of what its archives hold. */
export const PROCESS_VERSION = '1.0.0';
