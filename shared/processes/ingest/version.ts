/** Folder and id of the process. */
export const PROCESS_ID = 'ingest';

/** Semantic version of the process's interface, and of what its reports hold. */
export const PROCESS_VERSION = '1.0.0';
