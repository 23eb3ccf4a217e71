import { pathToFileURL } from 'node:url';
import { createDeferredOutbound } from '../../shared/http/outbound/create-deferred-outbound.ts';
import type { Logger } from '../../shared/jobs/ports/logger.ts';
import type { ProcessDefinition } from '../../shared/jobs/process.ts';
import { FileObjectStore } from '../../shared/local/file-object-store.ts';
import { LocalEngine } from '../../shared/local/local-engine.ts';
import { createSources } from '../../shared/sources/sources.ts';
import type { CliContext } from '../context.ts';
import { countReads, type ReadCounts } from './counting-sources.ts';
import { NO_DATASETS } from './no-datasets.ts';

/** The one tenant of a machine. */
export const TENANT = 'local';

/** Units of one job: more would take one machine months. */
const MAX_UNITS = 1_000_000_000;

export interface EngineProps {
  process: ProcessDefinition;
  /** Absolute path of a folder for everything that the job writes. */
  workFolder: string;
  /** Chunks at once. */
  concurrency: number;
  logger: Logger;
}

export interface RunningEngine extends AsyncDisposable {
  engine: LocalEngine;
  reads: Readonly<ReadCounts>;
}

/** The engine over memory and one folder; it reads files of this machine and public https servers. */
export function createEngine(
  { clock, identifiers, random }: CliContext,
  { process, workFolder, concurrency, logger }: EngineProps,
): RunningEngine {
  const https = createDeferredOutbound({ clock });
  const { sources, counts } = countReads(createSources({ file: true, https }));
  const root = pathToFileURL(`${workFolder}/`);
  const engine = new LocalEngine({
    processes: new Map([[process.id, process]]),
    objects: new FileObjectStore(root),
    sourcesOf: () => sources,
    datasetsOf: () => NO_DATASETS,
    locations: {
      work: new URL('work/', root),
      outputs: new URL('outputs/', root),
      deadLetters: new URL('dead-letters/', root),
    },
    clock,
    identifiers,
    random,
    logger,
    limits: () => ({ maxUnits: MAX_UNITS, maxOutputBytes: Number.MAX_SAFE_INTEGER }),
    concurrency,
  });
  return { engine, reads: counts, [Symbol.asyncDispose]: () => https.close() };
}
